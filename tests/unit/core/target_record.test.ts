import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../../src/core/engine.ts";
import { parseProxyUrl } from "../../../src/core/proxy_url.ts";
import { targetRecords } from "../../../src/core/target_record.ts";
import { EPOCH, FakeClock, urlOf } from "./support.ts";

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
