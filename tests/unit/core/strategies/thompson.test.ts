import assert from "node:assert/strict";
import { test } from "node:test";
import { bench, countBy, fill, seededRandom } from "../support.ts";

test("thompson finds the proxy that works among many that do not", () => {
  const { rotator, clock } = bench({ strategy: "thompson", circuitBreaker: { failureThreshold: 1e6 } });
  const ids = fill(rotator, 20);
  const random = seededRandom(5);
  const late: boolean[] = [];
  for (let i = 0; i < 3000; i++) {
    clock.advance(1000);
    const lease = rotator.acquire();
    const isGood = lease.proxy.id === ids[7];
    lease.report({ verdict: random() < (isGood ? 0.95 : 0.3) ? "ok" : "dead", latencyMs: 100 });
    if (i > 1500) late.push(isGood);
  }
  const share = late.filter(Boolean).length / late.length;
  assert.ok(share > 0.3, `${share} of the requests, an even share is 0.05`);
});

test("thompson changes its mind when the world does", () => {
  const { rotator, clock } = bench({ strategy: "thompson", circuitBreaker: { failureThreshold: 1e6 } });
  const ids = fill(rotator, 4);
  const random = seededRandom(6);
  const run = (best: string) => {
    const picks: string[] = [];
    for (let i = 0; i < 1500; i++) {
      clock.advance(1000);
      const lease = rotator.acquire();
      lease.report({
        verdict: random() < (lease.proxy.id === best ? 0.95 : 0.3) ? "ok" : "dead",
        latencyMs: 100,
      });
      if (i > 750) picks.push(lease.proxy.id);
    }
    return countBy(picks).get(best) ?? 0;
  };
  assert.ok(run(ids[0]!) > 400);
  assert.ok(run(ids[3]!) > 400);
});

test("thompson gives everybody a chance", () => {
  const { rotator } = bench({ strategy: "thompson" });
  fill(rotator, 50);
  for (let i = 0; i < 2000; i++) rotator.acquire().report({ verdict: "ok", latencyMs: 1000 });
  for (const proxy of rotator.proxies()) assert.ok(proxy.requestsStarted > 0);
});
