import assert from "node:assert/strict";
import { test } from "node:test";
import { unifiedOutputSchema } from "../../../src/contract/output_schema.ts";

test("unifiedOutputSchema is flat, and leaves out what has no one type", () => {
  const schema = unifiedOutputSchema([
    {
      type: "object",
      properties: {
        n: { type: "integer", minimum: 0 },
        rejected: { type: "array", items: { type: "object", properties: {} } },
        region: {},
      },
    },
    { type: "object", properties: { n: { type: "number" }, rejected: { type: "integer" } } },
  ]);
  assert.deepEqual(schema, {
    type: "object",
    properties: {
      n: { type: "number" },
      error: { type: "string" },
      code: { type: "integer" },
      retry_after_s: { type: "number" },
      next_step: { type: "string" },
    },
  });
});
