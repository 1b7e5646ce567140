import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { decryptFernet } from "../../../src/store/fernet.ts";

// From the specification's test vectors.
const KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
const TOKEN =
  "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

test("decryptFernet reads the specification's token", () => {
  assert.equal(decryptFernet(TOKEN, KEY), "hello");
});

test("decryptFernet gives nothing for a wrong key or a changed token", () => {
  assert.equal(decryptFernet(TOKEN, Buffer.alloc(32).toString("base64url")), undefined);
  assert.equal(decryptFernet(TOKEN, "short"), undefined);
  assert.equal(decryptFernet("", KEY), undefined);
  const bytes = Buffer.from(TOKEN, "base64url");
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.equal(decryptFernet(changed.toString("base64url"), KEY), undefined, `byte ${index}`);
  }
});
