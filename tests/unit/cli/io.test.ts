import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { processIo } from "../../../src/cli/io.ts";
import { MAX_LIST_BYTES, textOfBytes, UnreadableListError } from "../../../src/cli/lists/list_text.ts";
import { TempDir } from "../../support/temp_dir.ts";

const io = processIo(() => Promise.reject(new Error("this test serves nothing")));

test("readBytes() reads a file of any size piece by piece", async () => {
  using dir = new TempDir();
  const content = Buffer.alloc(300_000, "203.0.113.1:80\n");
  assert.ok(content.equals(await io.readBytes(dir.write("list", content))));
  assert.equal((await io.readBytes(dir.write("empty", ""))).length, 0);
});

test("readBytes() fails with the code of the system for what is no file", async () => {
  using dir = new TempDir();
  await assert.rejects(io.readBytes(dir.join("absent")), { code: "ENOENT" });
  await assert.rejects(io.readBytes(dir.path), { code: "EISDIR" });
});

test("A list that is too large is refused", () => {
  assert.throws(() => textOfBytes(new Uint8Array(MAX_LIST_BYTES + 1)), UnreadableListError);
});
