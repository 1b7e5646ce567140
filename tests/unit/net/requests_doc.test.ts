import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readVerdictRules } from "../../../src/net/mod.ts";
import { VERDICT_RULES } from "../../../src/net/verdict_rules.ts";

const text = readFileSync(new URL("../../../docs/requests.md", import.meta.url), "utf8");

test("docs/requests.md lists the rules of the program, in their order", () => {
  const part = text.slice(text.indexOf("## Rules of the program"), text.indexOf("## Limits"));
  const rows = [...part.matchAll(/^\| `([\w-]+)` +\| (\w+) +\| (.+?) +\|$/gm)].map((match) =>
    match.slice(1, 4)
  );
  assert.deepEqual(rows, VERDICT_RULES.map(({ name, reason = name, verdict }) => [name, verdict, reason]));
});

test("docs/requests.md shows rules that can be used", async () => {
  const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? "");
  const rules = example.verdict_rules.filter((rule: unknown) => typeof rule !== "string");
  assert.equal((await readVerdictRules(rules)).length, 3);
});
