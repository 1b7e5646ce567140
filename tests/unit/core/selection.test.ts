import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NoProxyAvailableError } from "../../../src/core/errors.ts";
import type { StrategySpec } from "../../../src/core/strategies/registry.ts";
import { STRATEGY_NAMES } from "../../../src/core/strategies/registry.ts";
import { type Ask, Program, settings, uses } from "./random_use.ts";
import { bench, fill, thrown } from "./support.ts";

/** Ids that may be chosen, found by asking about each proxy alone. */
function eligibleIds(
  program: Program,
  { exclude = [], renew, exclusive: _, ttlMs: __, ...query }: Ask,
): Set<string> {
  const { rotator } = program;
  const ids = new Set<string>();
  for (const { id } of rotator.proxies()) {
    if (rotator.explain({ ...query, proxyId: id }).proxy?.reason === null) ids.add(id);
  }
  for (const proxy of exclude) ids.delete(program.idOf(proxy) ?? "");
  if (renew && query.session !== undefined) {
    const held = rotator.explain({ ...query }).choice;
    if (held?.decidedBy === "session") ids.delete(held.proxy.id);
  }
  return ids;
}

/** Whether the session holds a proxy that nothing but its pace keeps back, and that was not tried. */
function waitsForPace(
  program: Program,
  { exclude = [], renew, exclusive: _, ttlMs: __, ...query }: Ask,
): boolean {
  const held = program.rotator.explain(query).session;
  const tried = exclude.map((proxy) => program.idOf(proxy));
  return !renew && held?.reason === "paced" && !tried.includes(held.proxy.id);
}

const specs: readonly StrategySpec[] = [
  ...STRATEGY_NAMES.filter((name) => name !== "session-persistence"),
  { name: "geo-targeted", options: { regions: ["US", "DE"], strategy: "least-used" } },
  {
    name: "composite",
    options: { strategies: [{ name: "geo-targeted", options: { regions: ["FR"] } }, "random"] },
  },
  { name: "performance-based", options: { explorationCount: 1 } },
];

for (const spec of specs) {
  const name = typeof spec === "string" ? spec : JSON.stringify(spec);
  test(`acquire() chooses nobody who is not eligible, and somebody when there is one, under ${name}`, () => {
    fc.assert(
      fc.property(uses, settings, (uses, settings) => {
        const program = new Program({ ...settings, strategy: spec });
        for (const use of uses) {
          if (use.do !== "acquire") {
            program.apply(use);
            continue;
          }
          const eligible = eligibleIds(program, use.ask);
          const isWaiting = waitsForPace(program, use.ask);
          const answer = program.apply(use);
          if (answer instanceof NoProxyAvailableError) {
            assert.ok(eligible.size === 0 || isWaiting, `nobody chosen: ${answer.message}`);
          } else assert.ok(eligible.has(answer!.proxy.id), "not eligible");
        }
      }),
      { numRuns: 150 },
    );
  });
}

test("acquire() never has more than one probe of a circuit out", () => {
  fc.assert(
    fc.property(uses, (uses) => {
      const program = new Program({});
      for (const use of uses) {
        const before = use.do === "acquire" ? new Map(states(program)) : undefined;
        const answer = program.apply(use);
        if (before === undefined || answer === undefined || answer instanceof NoProxyAvailableError) continue;
        if (before.get(answer.proxy.id) !== "half_open") continue;
        // The probe is out: nobody gets the same proxy until its circuit changes or the probe ends.
        const others = [...program.rotator.proxies()].filter(({ id }) => id !== answer.proxy.id);
        const error = thrown(
          NoProxyAvailableError,
          () => program.rotator.acquire({ exclude: others.map(({ id }) => id) }),
        );
        assert.equal(error.counts["probe_in_flight"], 1);
      }
    }),
    { numRuns: 300 },
  );
});

function* states({ rotator }: Program): Generator<[string, string]> {
  for (const proxy of rotator.proxies()) yield [proxy.id, proxy.circuit];
}

test("NoProxyAvailableError counts every proxy of the pool once, or that of the session that waits, and its time to wait is enough", () => {
  fc.assert(
    fc.property(uses, settings, (uses, settings) => {
      const program = new Program(settings);
      for (const use of uses) {
        const isWaiting = use.do === "acquire" && waitsForPace(program, use.ask);
        const answer = program.apply(use);
        if (!(answer instanceof NoProxyAvailableError)) continue;
        const counted = Object.values(answer.counts).reduce((sum, count) => sum + count, 0);
        assert.equal(counted, isWaiting ? 1 : program.rotator.size);
        if (answer.retryAfterMs === undefined) continue;
        assert.ok(answer.retryAfterMs >= 0 && Number.isFinite(answer.retryAfterMs));
      }
    }),
    { numRuns: 200 },
  );
});

test("NoProxyAvailableError says when the first circuit lets a probe through", () => {
  const { rotator, clock } = bench({ random: () => 0 });
  const ids = fill(rotator, 2);
  for (const id of ids) {
    for (let i = 0; i < 5; i++) rotator.report(id, { verdict: "dead" });
    clock.advance(10_000);
  }
  const error = thrown(NoProxyAvailableError, () => rotator.acquire());
  assert.deepEqual(error.counts, { circuit_open: 2 });
  assert.equal(error.retryAfterMs, 40_000);
  assert.equal(error.message, "No proxy available: 2 resting after failures (circuit open)");
  clock.advance(40_000);
  assert.equal(rotator.acquire().proxy.id, ids[0]);
});

test("NoProxyAvailableError tells an empty pool from unmet criteria", () => {
  const { rotator } = bench();
  assert.match(thrown(NoProxyAvailableError, () => rotator.acquire()).message, /the pool is empty/);
  fill(rotator, 3, (index) => ({ region: index === 0 ? "DE" : "US" }));
  const error = thrown(NoProxyAvailableError, () => rotator.acquire({ region: "DE", tag: "gold" }));
  assert.deepEqual(error.counts, { region: 2, tag: 1 });
  assert.equal(error.retryAfterMs, undefined);
  assert.equal(error.message, "No proxy available: 2 in another region, 1 without the tag");
});

test("a retry goes to a proxy that works on the target, whatever the strategy", () => {
  for (const strategy of STRATEGY_NAMES) {
    const { rotator } = bench({ strategy });
    const ids = fill(rotator, 50);
    const target = "shop.example";
    rotator.report(ids[33]!, { verdict: "ok", latencyMs: 900, target });
    rotator.report(ids[44]!, { verdict: "ok", latencyMs: 100, target });
    for (let i = 0; i < 5; i++) {
      const retry = rotator.acquire({ target, exclude: [ids[0]!], session: `s${i}` });
      assert.equal(retry.proxy.id, ids[44], strategy);
      retry.report({ verdict: "ok", latencyMs: 100 });
    }
    assert.equal(rotator.acquire({ target, exclude: [ids[44]!], session: "x" }).proxy.id, ids[33], strategy);
  }
});

test("acquire() finds the one free proxy among hundreds that the target refuses", () => {
  for (const strategy of STRATEGY_NAMES) {
    const { rotator } = bench({ strategy });
    const ids = fill(rotator, 500);
    const target = "shop.example";
    ids.forEach((id, index) => index === 321 || rotator.report(id, { verdict: "blocked", target }));
    for (let i = 0; i < 5; i++) {
      assert.equal(rotator.acquire({ target, session: "s" }).proxy.id, ids[321], strategy);
    }
    assert.notEqual(rotator.acquire({ target: "other.example", session: "t" }).proxy.id, ids[321], strategy);
  }
});

test("acquire() takes exclude as any iterable of ids", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 3);
  function* first() {
    yield ids[0]!;
    yield ids[1]!;
  }
  assert.equal(rotator.acquire({ exclude: first() }).proxy.id, ids[2]);
  assert.equal(rotator.acquire({ exclude: new Set(ids.slice(1)) }).proxy.id, ids[0]);
  const error = thrown(NoProxyAvailableError, () => rotator.acquire({ exclude: ids.values() }));
  assert.deepEqual(error.counts, { already_tried: 3 });
});
