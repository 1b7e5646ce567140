import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProxyRotator } from "../../../../src/core/rotator.ts";
import { bench, chiSquare, chiSquareLimit, countBy, fill } from "../support.ts";

const DRAWS = 30_000;

function assertShares(rotator: ProxyRotator, weights: ReadonlyMap<string, number>): void {
  const counts = countBy(Array.from({ length: DRAWS }, () => {
    const lease = rotator.acquire();
    lease.release();
    return lease.proxy.id;
  }));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const statistic = chiSquare(
    [...weights.keys()].map((id) => counts.get(id) ?? 0),
    [...weights.values()].map((weight) => DRAWS * weight / total),
  );
  assert.ok(statistic < chiSquareLimit(weights.size - 1), `chi-square ${statistic}`);
}

test("weighted chooses in proportion to the given weights", () => {
  const { rotator } = bench({ strategy: "weighted" });
  const weights = [1, 2, 3, 0.5, 10];
  const ids = fill(rotator, 5, (index) => ({ weight: weights[index]! }));
  assertShares(rotator, new Map(ids.map((id, index) => [id, weights[index]!])));
});

test("weighted follows a weight that is changed later", () => {
  const { rotator } = bench({ strategy: "weighted" });
  const ids = fill(rotator, 3, () => ({ weight: 1 }));
  rotator.acquire();
  rotator.describeProxy(ids[0]!, { weight: 8 });
  assertShares(rotator, new Map([[ids[0]!, 8], [ids[1]!, 1], [ids[2]!, 1]]));
});

test("weighted chooses by success rate where no weight is given, and never forgets anybody", () => {
  const { rotator, clock } = bench({ strategy: "weighted", circuitBreaker: { failureThreshold: 100 } });
  const ids = fill(rotator, 4);
  for (let i = 0; i < 10; i++) {
    rotator.report(ids[0]!, { verdict: "ok" });
    rotator.report(ids[1]!, { verdict: i % 2 === 0 ? "ok" : "dead" });
    rotator.report(ids[2]!, { verdict: "dead" });
  }
  clock.advance(3_600_000);
  assertShares(rotator, new Map([[ids[0]!, 1], [ids[1]!, 0.5], [ids[2]!, 0.1], [ids[3]!, 0.1]]));
});
