import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bench, countBy, fill } from "../support.ts";

test("round-robin gives each its turn, in the order of adding", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 4);
  const picks = Array.from({ length: 12 }, () => rotator.acquire().proxy.id);
  assert.deepEqual(picks, [...ids, ...ids, ...ids]);
});

test("round-robin gives everybody k turns in n·k requests", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 37);
  const counts = countBy(Array.from({ length: 37 * 5 }, () => rotator.acquire().proxy.id));
  assert.deepEqual([...counts.entries()], ids.map((id) => [id, 5]));
});

test("round-robin lets a newcomer wait for those who wait already", () => {
  const { rotator } = bench();
  const [a, b] = fill(rotator, 2);
  rotator.acquire();
  const c = rotator.addProxy("203.0.113.7:80").id;
  const picks = Array.from({ length: 4 }, () => rotator.acquire().proxy.id);
  assert.deepEqual(picks, [b, a, c, b]);
});

test("round-robin is not moved by describing a proxy again, as the same or differently", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 3, () => ({ region: "DE" }));
  const picks: string[] = [];
  for (let i = 0; i < 9; i++) {
    fill(rotator, 3, () => ({ region: "DE", tags: [`t${i}`] }));
    picks.push(rotator.acquire({ region: "DE" }).proxy.id);
  }
  assert.deepEqual(picks, [...ids, ...ids, ...ids]);
});

test("round-robin for some criteria has turns of its own", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 4, (index) => ({ region: index % 2 === 0 ? "DE" : "US" }));
  assert.equal(rotator.acquire().proxy.id, ids[0]);
  assert.equal(rotator.acquire({ region: "US" }).proxy.id, ids[1]);
  assert.equal(rotator.acquire({ region: "US" }).proxy.id, ids[3]);
  assert.equal(rotator.acquire().proxy.id, ids[1]);
});

test("round-robin lets explain() look without taking the turn", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 3);
  for (let i = 0; i < 5; i++) assert.equal(rotator.explain().choice?.proxy.id, ids[0]);
  assert.equal(rotator.acquire().proxy.id, ids[0]);
});

test("round-robin is fair to ±1 among those who were there, while others come, go, fail and recover", () => {
  const proxy = fc.nat(9);
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant({ do: "pick" as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("add" as const), proxy }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), proxy }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("open" as const), proxy }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const), proxy }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("describe" as const), proxy }) },
  );
  const url = (proxy: number) => `http://10.0.0.${proxy}:1`;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: "max" }), (steps) => {
      const { rotator } = bench();
      for (let proxy = 0; proxy < 4; proxy++) rotator.addProxy(url(proxy));
      /** Since when each proxy has been eligible, and the requests that each got. */
      const since = new Map<number, number>([0, 1, 2, 3].map((proxy) => [proxy, 0]));
      const picks: number[] = [];
      steps.forEach((step, index) => {
        if (step.do === "pick") {
          if (since.size === 0) return;
          picks[index] = Number(rotator.acquire().proxy.endpoint.host.split(".")[3]);
          assertFair(picks, since, index);
          return;
        }
        const known = rotator.findByUrl(url(step.proxy));
        if (step.do === "add" && known === undefined) {
          rotator.addProxy(url(step.proxy));
          since.set(step.proxy, index);
        }
        if (known === undefined) return;
        if (step.do === "describe") rotator.addProxy(url(step.proxy), { city: `c${index}` });
        if (step.do === "remove") rotator.removeProxy(known.id);
        if (step.do === "open") { for (let i = 0; i < 5; i++) rotator.report(known.id, { verdict: "dead" }); }
        if (step.do === "remove" || step.do === "open") since.delete(step.proxy);
        if (step.do === "close" && rotator.resetCircuit(known.id) === "open") since.set(step.proxy, index);
      });
    }),
    { numRuns: 500 },
  );
});

/** The one just picked and each other one took turns ever since both were there. */
function assertFair(picks: readonly number[], since: ReadonlyMap<number, number>, index: number): void {
  const picked = picks[index]!;
  for (const [other, from] of since) {
    if (other === picked) continue;
    const start = Math.max(from, since.get(picked)!);
    const turns = picks.slice(start, index).filter((pick) => pick === other || pick === picked);
    assert.notEqual(turns[turns.length - 1], picked, `${picked} twice while ${other} waited`);
  }
}
