import assert from "node:assert/strict";
import { readEnvironment } from "../../../src/runtime/mod.ts";

Deno.test({
  name: "readEnvironment() counts a variable that permissions withhold as not set, without a prompt",
  permissions: { env: ["PROXYWHIRL_TEST_ALLOWED"] },
  fn() {
    assert.throws(() => Deno.env.get("HOME"), Deno.errors.NotCapable);
    Deno.env.set("PROXYWHIRL_TEST_ALLOWED", "1");
    assert.deepEqual(readEnvironment(["HOME", "PROXYWHIRL_TEST_ALLOWED"]), { PROXYWHIRL_TEST_ALLOWED: "1" });
    Deno.env.delete("PROXYWHIRL_TEST_ALLOWED");
  },
});
