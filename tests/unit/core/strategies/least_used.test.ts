import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bench, fill } from "../support.ts";

test("least-used gives n proxies exactly k requests each in n·k", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 10 }),
      fc.boolean(),
      (n, k, reports) => {
        const { rotator } = bench({ strategy: "least-used" });
        fill(rotator, n);
        for (let i = 0; i < n * k; i++) {
          const lease = rotator.acquire();
          if (reports) lease.report({ verdict: "ok" });
        }
        for (const proxy of rotator.proxies()) assert.equal(proxy.requestsStarted, k);
      },
    ),
    { numRuns: 50 },
  );
});

test("least-used always chooses one with the fewest requests, while proxies come, go and fail", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ do: "pick" as const }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom("add" as const, "remove", "open", "close"),
        proxy: fc.nat(9),
      }),
    },
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
    const { rotator } = bench({ strategy: "least-used" });
    fill(rotator, 3);
    for (const step of steps) {
      if (step.do === "pick") {
        const fewest = Math.min(
          ...[...rotator.proxies()].filter((proxy) => proxy.circuit === "closed").map((proxy) =>
            proxy.requestsStarted
          ),
        );
        if (fewest === Infinity) continue;
        assert.equal(rotator.acquire().proxy.requestsStarted, fewest + 1);
        continue;
      }
      const url = `http://10.1.0.${step.proxy}:1`;
      const known = rotator.findByUrl(url);
      if (step.do === "add") rotator.addProxy(url);
      else if (known === undefined) continue;
      else if (step.do === "remove") rotator.removeProxy(known.id);
      else if (step.do === "close") rotator.resetCircuit(known.id);
      else for (let i = 0; i < 5; i++) rotator.report(known.id, { verdict: "dead" });
    }
  }));
});

test("least-used passes over those that are refused, and puts them back in their place", () => {
  const { rotator } = bench({ strategy: "least-used" });
  const ids = fill(rotator, 5);
  for (let i = 0; i < 10; i++) {
    assert.equal(rotator.acquire({ exclude: ids.slice(0, 4) }).proxy.id, ids[4]);
  }
  assert.deepEqual(Array.from({ length: 4 }, () => rotator.acquire().proxy.id).sort(), ids.slice(0, 4));
});
