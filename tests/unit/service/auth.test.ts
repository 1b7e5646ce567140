import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MCPAuth } from "../../../src/service/auth.ts";

test("MCPAuth lets everybody in without a key", () => {
  for (const auth of [new MCPAuth(), new MCPAuth({ apiKey: null }), new MCPAuth({ apiKey: "" })]) {
    assert.equal(auth.isRequired, false);
    assert.equal(auth.isAllowed(undefined), true);
    assert.equal(auth.isAllowed("anything"), true);
  }
});

test("MCPAuth accepts its key and nothing else", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "binary" }), fc.string({ unit: "binary" }), (key, other) => {
      const auth = new MCPAuth({ apiKey: key });
      assert.equal(auth.isRequired, true);
      assert.equal(auth.isAllowed(key), true);
      assert.equal(auth.isAllowed(other), key === other);
      assert.equal(auth.isAllowed(undefined), false);
      assert.equal(auth.isAllowed(null), false);
    }),
  );
});
