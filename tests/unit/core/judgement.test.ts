import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCounts, judge } from "../../../src/core/judgement.ts";
import { makeEntries } from "./support.ts";

test("judge() names the reason that lasts longest", () => {
  const [entry] = makeEntries(1);
  entry!.describe({ region: "DE", tags: ["x"] });
  entry!.exclusiveTo = "somebody";
  const base = {
    now: 0,
    target: undefined,
    exclude: new Set(["id-0"]),
    session: undefined,
    criteria: { region: "US", protocol: "socks5" as const, tag: "y" },
  };
  const reasons: (string | null)[] = [];
  const criteria: Record<string, string | undefined> = { ...base.criteria };
  for (const key of ["region", "protocol", "tag"]) {
    reasons.push(judge(entry!, { ...base, criteria: criteria as unknown as typeof base.criteria }).reason);
    criteria[key] = undefined;
  }
  const met = { region: undefined, protocol: undefined, tag: undefined };
  reasons.push(judge(entry!, { ...base, criteria: met }).reason);
  reasons.push(judge(entry!, { ...base, criteria: met, session: "somebody" }).reason);
  reasons.push(judge(entry!, { ...base, criteria: met, session: "somebody", exclude: undefined }).reason);
  assert.deepEqual(reasons, ["region", "protocol", "tag", "in_exclusive_use", "already_tried", null]);
});

test("describeCounts() puts the most frequent reason first, in words", () => {
  assert.equal(
    describeCounts({ region: 1, already_tried: 3, paced: 2 }),
    "3 already tried, 2 waiting for their pace on the target, 1 in another region",
  );
  assert.equal(describeCounts({}), "");
});
