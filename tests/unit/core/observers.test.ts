import assert from "node:assert/strict";
import { test } from "node:test";
import type { PoolObserver } from "../../../src/core/observers.ts";
import { bench, fill, urlOf } from "./support.ts";

function recorder(): { readonly seen: string[]; readonly observer: PoolObserver } {
  const seen: string[] = [];
  return {
    seen,
    observer: {
      added: (proxy) => seen.push(`added ${proxy.endpoint.host}`),
      removed: (proxy) => seen.push(`removed ${proxy.endpoint.host}`),
      changed: (proxy) => seen.push(`changed ${proxy.endpoint.host}`),
      healthChanged: () => seen.push("health"),
    },
  };
}

test("PoolObserver is told of every kind of change, with the proxy as it is then", () => {
  const { rotator } = bench();
  const { seen, observer } = recorder();
  rotator.observe(observer);
  const take = () => seen.splice(0);
  const { id } = rotator.addProxy(urlOf(1));
  assert.deepEqual(take(), ["added 10.0.0.1", "health"]);
  rotator.addProxy(urlOf(1), { region: "DE" });
  assert.deepEqual(take(), ["changed 10.0.0.1"]);
  const lease = rotator.acquire();
  assert.deepEqual(take(), ["changed 10.0.0.1"]);
  lease.report({ verdict: "ok", latencyMs: 5 });
  assert.deepEqual(take(), ["changed 10.0.0.1", "health"], "unknown became healthy");
  rotator.report(id, { verdict: "ok" });
  assert.deepEqual(take(), ["changed 10.0.0.1"], "healthy it was already");
  rotator.report(id, { verdict: "dead" });
  assert.deepEqual(take(), ["changed 10.0.0.1", "health"]);
  rotator.removeProxy(id);
  assert.deepEqual(take(), ["removed 10.0.0.1", "health"]);
});

test("PoolObserver is told when a circuit opens, turns half-open and is closed by hand", () => {
  const { rotator, clock } = bench();
  const [id] = fill(rotator, 1);
  for (let i = 0; i < 4; i++) rotator.report(id!, { verdict: "dead" });
  const states: string[] = [];
  rotator.observe({ healthChanged: () => states.push(rotator.getProxy(id!)!.circuit) });
  rotator.report(id!, { verdict: "dead" });
  clock.advance(3_600_000);
  rotator.poolStatus();
  rotator.resetCircuit(id!);
  assert.deepEqual(states, ["open", "half_open", "closed"]);
});

test("PoolObserver hears no more of a proxy that was removed, though its circuit was open and its lease is ended", () => {
  const { rotator, clock } = bench();
  const [id] = fill(rotator, 1);
  const lease = rotator.acquire();
  for (let i = 0; i < 5; i++) rotator.report(id!, { verdict: "dead" });
  rotator.removeProxy(id!);
  const { seen, observer } = recorder();
  rotator.observe(observer);
  clock.advance(3_600_000);
  rotator.poolStatus();
  lease.report({ verdict: "ok" });
  assert.deepEqual(seen, []);
});

test("ProxyRotator.observe() tells several observers, until each is taken off", () => {
  const { rotator } = bench();
  const first = recorder();
  const second = recorder();
  const stop = rotator.observe(first.observer);
  rotator.observe(second.observer);
  rotator.observe({});
  rotator.addProxy(urlOf(1));
  stop();
  stop();
  rotator.addProxy(urlOf(2));
  assert.equal(first.seen.length, 2);
  assert.equal(second.seen.length, 4);
});

test("PoolObserver may take itself off while it is told", () => {
  const { rotator } = bench();
  let calls = 0;
  const stop = rotator.observe({
    added: () => {
      calls++;
      stop();
    },
  });
  const other = recorder();
  rotator.observe(other.observer);
  fill(rotator, 2);
  assert.equal(calls, 1);
  assert.equal(other.seen.length, 4);
});
