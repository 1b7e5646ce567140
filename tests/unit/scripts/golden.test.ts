import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { staleGolden } from "../../../scripts/golden.ts";
import { GOLDEN } from "../../../scripts/golden/files.ts";
import { TempDir } from "../../support/temp_dir.ts";

const root = new URL("../../../", import.meta.url);

for (const golden of GOLDEN) {
  test(`${golden.file} is what is made now`, { timeout: 60_000 }, async () => {
    const stale = (await staleGolden(root, [golden])).filter(({ text }) => text !== undefined);
    assert.deepEqual(stale.map(({ what }) => what), []);
  });
}

test("tests/golden holds nothing that nothing makes", async () => {
  const known = GOLDEN.map(({ file }) => ({ file, make: () => "" }));
  const left = (await staleGolden(root, known)).filter(({ text }) => text === undefined);
  assert.deepEqual(left.map(({ what }) => what), []);
});

test("staleGolden() names the line from which a file differs and the command that renews it", async () => {
  using folder = new TempDir();
  const base = pathToFileURL(`${folder.path}/`);
  const golden = [{ file: "tests/golden/a.txt", make: () => "one\ntwo\n" }];
  const says = async () => (await staleGolden(base, golden)).map(({ what }) => what);
  assert.deepEqual(await says(), ["tests/golden/a.txt is missing. Renew it with: deno task golden"]);
  await mkdir(new URL("tests/golden/", base), { recursive: true });
  await writeFile(new URL("tests/golden/a.txt", base), "one\n2\n");
  assert.deepEqual(await says(), [
    "tests/golden/a.txt is stale, from line 2 on. Renew it with: deno task golden",
  ]);
  await writeFile(new URL("tests/golden/a.txt", base), "one\ntwo\n");
  assert.deepEqual(await says(), []);
  await writeFile(new URL("tests/golden/b.txt", base), "");
  assert.deepEqual(await says(), ["tests/golden/b.txt is made by nothing. Delete it"]);
  await rm(new URL("tests/golden/b.txt", base));
});
