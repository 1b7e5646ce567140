import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EligibleSet } from "../../../../src/core/eligible_set.ts";
import type { PoolProxy } from "../../../../src/core/proxy_entry.ts";
import { drawUniform, type SelectionRequest } from "../../../../src/core/strategies/strategy.ts";
import { TieredSelector } from "../../../../src/core/strategies/tiered_selector.ts";
import { makeEntries, seededRandom } from "../support.ts";

test("TieredSelector chooses an acceptable member of the lowest tier that has one, while tiers change", () => {
  const step = fc.record({
    do: fc.constantFrom("add" as const, "remove", "move"),
    index: fc.nat(14),
    rank: fc.constantFrom(0, 1, 2, 7, Infinity),
  });
  const accepted = fc.subarray(Array.from({ length: 15 }, (_, index) => index));
  fc.assert(fc.property(fc.array(step, { maxLength: 80, size: "max" }), accepted, (steps, accepted) => {
    const entries = makeEntries(15);
    const ranks = entries.map(() => 0);
    const members = new Set<PoolProxy>();
    const selector = new TieredSelector(
      (proxy) => ranks[entries.indexOf(proxy as (typeof entries)[number])]!,
      () => ({ select: drawUniform }),
    );
    const random = seededRandom(1);
    const request: SelectionRequest = {
      accepts: (proxy) => accepted.some((index) => entries[index] === proxy),
      latencyMs: () => undefined,
      record: () => ({ recentSuccesses: 0, recentFailures: 0 }),
      proven: new EligibleSet(),
      session: undefined,
      random,
      now: 0,
    };
    for (const { do: what, index, rank } of steps) {
      const entry = entries[index]!;
      if (what === "add" && !members.has(entry)) {
        ranks[index] = rank;
        members.add(entry);
        selector.added(entry);
      } else if (what === "remove" && members.delete(entry)) selector.removed(entry);
      else if (what === "move" && members.has(entry)) {
        ranks[index] = rank;
        selector.changed(entry);
      }
      const acceptable = entries.filter((entry) => members.has(entry) && request.accepts(entry));
      const lowest = Math.min(...acceptable.map((entry) => ranks[entries.indexOf(entry)]!));
      for (
        const chosen of [
          selector.select(new EligibleSet(), request),
          selector.peek(new EligibleSet(), request),
        ]
      ) {
        if (lowest === Infinity) assert.equal(chosen, undefined);
        else assert.equal(ranks[entries.indexOf(chosen as (typeof entries)[number])], lowest);
      }
      assert.equal(selector.allows(entry), ranks[index] !== Infinity);
    }
  }));
});
