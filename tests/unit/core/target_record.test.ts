import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Engine } from "../../../src/core/engine.ts";
import { parseProxyUrl } from "../../../src/core/proxy_url.ts";
import { type TargetRecord, targetRecords } from "../../../src/core/target_record.ts";
import { bench, EPOCH, FakeClock, fill, urlOf } from "./support.ts";

test("targetRecords() says of each target what was learned and whether the proxy may go there, latest first", () => {
  const clock = new FakeClock(1000);
  const engine = new Engine({
    clock,
    wallClock: { now: () => EPOCH + clock.time },
    random: () => 0,
    pacing: { targets: { "paced.example": "1/min" } },
  });
  const entry = engine.join("id", parseProxyUrl(urlOf(1)), {});
  const use = (target: string, verdict: "ok" | "blocked") => {
    clock.advance(10);
    engine.startOn(target, entry, engine.advance());
    engine.learn(entry, target, { verdict, latencyMs: 120 }, engine.advance());
  };
  use("good.example", "ok");
  use("bad.example", "blocked");
  use("paced.example", "ok");
  const now = engine.advance();
  const records = targetRecords(entry, now, engine.wallOffset(now));
  assert.deepEqual(
    records.map((
      { pair, expectedLatencyMs, reason, freeInMs },
    ) => [pair.target, expectedLatencyMs, reason, freeInMs]),
    [
      ["paced.example", 120, "paced", 60_000],
      ["bad.example", 5000, "ejected_on_target", 9990],
      ["good.example", 120, null, undefined],
    ],
  );
  assert.equal(records[0]!.pair.lastAt, EPOCH + 1030);
  assert.equal(records[0]!.pair.proxyId, "id");
});

test("targetRecords() knows no target of a proxy that was never used on one", () => {
  const engine = new Engine({});
  const entry = engine.join("id", parseProxyUrl(urlOf(1)), {});
  engine.learn(entry, undefined, { verdict: "ok" }, engine.advance());
  assert.deepEqual(targetRecords(entry, engine.advance(), 0), []);
});

test("targetOverview() and targetNames() tell who was seen where, and forget who leaves", () => {
  const { rotator, clock } = bench();
  const [first, second, third] = fill(rotator, 3) as [string, string, string];
  assert.deepEqual(rotator.targetOverview("shop.example"), {
    seen: 0,
    successes: 0,
    blocks: 0,
    deads: 0,
    records: [],
  });
  rotator.report(first, { verdict: "blocked", target: "https://www.shop.example/" });
  clock.advance(10);
  rotator.report(second, { verdict: "ok", latencyMs: 80, target: "shop.example" });
  rotator.report(third, { verdict: "ok", target: "news.example" });
  assert.deepEqual(rotator.targetNames(), ["shop.example", "news.example"]);
  const { records, ...totals } = rotator.targetOverview("https://shop.example/cart");
  assert.deepEqual(totals, { seen: 2, successes: 1, blocks: 1, deads: 0 });
  assert.deepEqual(records.map(({ pair, reason }) => [pair.proxyId, reason]), [
    [first, "ejected_on_target"],
    [second, null],
  ]);
  rotator.removeProxy(second);
  assert.equal(rotator.targetOverview("shop.example").seen, 1);
  assert.throws(() => rotator.targetOverview("http://"), RangeError);
});

test("targetOverview() shows the first of those held back, then of the latest, as a full sort would", () => {
  const outcome = fc.record({ proxy: fc.nat(29), isBlocked: fc.boolean(), pauseMs: fc.nat(2000) });
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 80, size: "max" }), fc.nat(12), (outcomes, limit) => {
      const { rotator, clock } = bench();
      const ids = fill(rotator, 30);
      for (const { proxy, isBlocked, pauseMs } of outcomes) {
        clock.advance(pauseMs);
        rotator.report(ids[proxy]!, { verdict: isBlocked ? "blocked" : "ok", target: "shop.example" });
      }
      const rank = ({ pair, reason }: TargetRecord) => [reason === null ? 1 : 0, -pair.lastAt] as const;
      const all = ids.flatMap((id) => rotator.targetRecords(id)).map(rank)
        .sort(([a, b], [c, d]) => a - c || b - d);
      const { records, seen } = rotator.targetOverview("shop.example", limit);
      assert.equal(seen, all.length);
      assert.deepEqual(records.map(rank), all.slice(0, limit));
    }),
    { numRuns: 60 },
  );
});
