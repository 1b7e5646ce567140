import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { RegionDatabase } from "../../../src/sources/region.ts";
import { fetchRegionData } from "../../../src/sources/region_data.ts";
import { filesIn } from "../../../src/sources/tar.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { ListServer } from "./list_server.ts";
import { integrityOf, NAME, registry, tgz } from "./region_registry.ts";
import { tinyMmdb } from "./tiny_mmdb.ts";

const FILE = tinyMmdb({ "203.0.113.0/24": { country_code: "DE" } });

test("fetchRegionData() fetches a package and leaves files that open", async () => {
  using dir = new TempDir();
  await using server = await registry(tgz({
    "package/package.json": "{}",
    "package/country-ipv4.mmdb": FILE,
    "package/../../outside.mmdb": FILE,
  }));
  const folder = dir.join("regions");
  const options = { folder, packages: [NAME], registry: `${server.origin}/`, allowPrivate: true };
  const [fetched] = await fetchRegionData(options);
  assert.deepEqual([fetched?.name, fetched?.version, fetched?.licence], [NAME, "2.3.4", "CC0-1.0"]);
  assert.deepEqual(readdirSync(folder).sort(), ["country-ipv4.mmdb", "outside.mmdb"]);
  assert.ok(!existsSync(dir.join("outside.mmdb")), "nothing is written outside of the folder");
  const database = await RegionDatabase.open(fetched?.files ?? []);
  assert.equal(database.locate("203.0.113.7").region, "DE");
  await fetchRegionData(options);
  assert.deepEqual(
    readdirSync(folder).sort(),
    ["country-ipv4.mmdb", "outside.mmdb"],
    "no temporary file stays",
  );
});

test("fetchRegionData() uses nothing that is not what the registry describes", async () => {
  using dir = new TempDir();
  const archive = tgz({ "package/a.mmdb": FILE });
  const dist = (changes: object) => ({ dist: { tarball: "http://127.0.0.1:9/", integrity: "", ...changes } });
  const cases: [Uint8Array, Record<string, unknown>, RegExp][] = [
    [archive, {}, /^$/],
    [tgz({ "package/readme.md": "x" }), {}, /there is no \.mmdb file in it/],
    [tgz({ "package/a.mmdb": "x" }), {}, /"a\.mmdb": it is no MaxMind DB file/],
    [new TextEncoder().encode("no archive"), {}, /Cannot unpack/],
    [archive, { dist: {} }, /does not describe it as expected/],
    [archive, { dist: null }, /does not describe it as expected/],
    [archive, dist({ tarball: "file:///etc/passwd" }), /Cannot fetch scheme "file:"/],
  ];
  for (const [bytes, description, message] of cases) {
    await using server = await registry(bytes, description);
    const fetching = fetchRegionData({
      folder: dir.path,
      packages: [NAME],
      registry: server.origin,
      allowPrivate: true,
    });
    if (message.source === "^$") await fetching;
    else await assert.rejects(fetching, message);
  }
  await using server = await registry(archive);
  const terms = { folder: dir.join("none"), registry: server.origin, allowPrivate: true };
  const wrong = tgz({ "package/a.mmdb": FILE, "package/more": "x" });
  await using liar = await ListServer.start({
    [`/${NAME.replace("/", "%2f")}/latest`]: JSON.stringify({
      version: "1",
      dist: { tarball: `${server.origin}/moved.tgz`, integrity: integrityOf(wrong) },
    }),
  });
  const lied = fetchRegionData({ ...terms, registry: liar.origin, packages: [NAME] });
  await assert.rejects(lied, /the archive is not the one that the registry describes/);
  await assert.rejects(fetchRegionData({ ...terms, packages: ["absent"] }), /the registry answered 404/);
  await assert.rejects(fetchRegionData({ ...terms, packages: ["../x"] }), /it is no package name/);
  await assert.rejects(fetchRegionData({ ...terms, packages: [NAME], maxBytes: 20 }), /larger than 20 bytes/);
  assert.ok(!existsSync(dir.join("none")));
});

test("filesIn() ends at whatever is no header", () => {
  assert.deepEqual([...filesIn(new Uint8Array(0))], []);
  assert.deepEqual([...filesIn(new Uint8Array(5000).fill(65))], []);
});
