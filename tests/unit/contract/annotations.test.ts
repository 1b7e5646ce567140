import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIONS, TOOL } from "../../../gen/actions.ts";
import { toolAnnotations } from "../../../src/contract/annotations.ts";

test("toolAnnotations of the whole tool are those of its most far-reaching action", () => {
  assert.deepEqual(toolAnnotations(TOOL.title, ACTIONS), {
    title: "ProxyWhirl",
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  });
});

test("toolAnnotations of reading actions let a host run them without asking", () => {
  assert.deepEqual(toolAnnotations("Look", ACTIONS.filter((action) => action.effect === "read")), {
    title: "Look",
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  });
});
