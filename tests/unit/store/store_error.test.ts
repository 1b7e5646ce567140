import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreError } from "../../../src/store/mod.ts";
import { toStoreError } from "../../../src/store/store_error.ts";

const PLACE = "/data/pool.db";

function failure(message: string, extra: Record<string, unknown> = {}): Error {
  return Object.assign(new Error(message), extra);
}

test("toStoreError tells failures apart by result code, extended ones included, and by SQLite's words", () => {
  const cases: readonly (readonly [Error, string])[] = [
    [failure("x", { errcode: 5 }), "STORE_BUSY"],
    [failure("x", { errcode: 517 }), "STORE_BUSY"],
    [failure("database is locked"), "STORE_BUSY"],
    [failure("database table is locked: t"), "STORE_BUSY"],
    [failure("database or disk is full"), "STORE_FULL"],
    [failure("ENOSPC: no space left on device, write"), "STORE_FULL"],
    [failure("disk I/O error", { errcode: 778 }), "STORE_FULL"],
    [failure("file is not a database"), "STORE_CORRUPT"],
    [failure("database disk image is malformed", { errcode: 267 }), "STORE_CORRUPT"],
    [failure("attempt to write a readonly database"), "STORE_READ_ONLY"],
    [failure("unable to open database file"), "STORE_UNREADABLE"],
    [failure("EACCES: permission denied, open"), "STORE_UNREADABLE"],
    [failure('Requires write access to "a"', { name: "NotCapable" }), "STORE_READ_ONLY"],
    [failure('Requires read access to "a"', { name: "NotCapable" }), "STORE_UNREADABLE"],
    [failure("UNIQUE constraint failed: pw_proxies.id"), "STORE_FAILED"],
  ];
  for (const [cause, code] of cases) {
    const error = toStoreError(cause, PLACE);
    assert.ok(error instanceof StoreError);
    assert.equal(error.code, code, cause.message);
    assert.equal(error.cause, cause);
    assert.ok(error.message.includes(`"${PLACE}"`));
    assert.equal(toStoreError(error, "elsewhere"), error);
  }
  assert.equal(toStoreError("thrown text", PLACE).code, "STORE_FAILED");
});

test("StoreError says which failures pass by themselves", () => {
  const transient = ["STORE_BUSY", "STORE_FULL", "STORE_FAILED"] as const;
  const lasting = [
    "STORE_CORRUPT",
    "STORE_NEWER",
    "STORE_FOREIGN",
    "STORE_READ_ONLY",
    "STORE_UNREADABLE",
  ] as const;
  for (const code of transient) assert.ok(new StoreError(code, "x").isTransient);
  for (const code of lasting) assert.ok(!new StoreError(code, "x").isTransient);
});
