import assert from "node:assert/strict";
import { test } from "node:test";
import { NoProxyAvailableError } from "../../../../src/core/errors.ts";
import { bench, countBy, fill, thrown } from "../support.ts";

const regions = ["FR", "DE", "US", "DE", null];

function geo(options: Readonly<Record<string, unknown>>) {
  const made = bench({ strategy: { name: "geo-targeted", options } });
  const ids = fill(made.rotator, regions.length, (index) => ({ region: regions[index]! }));
  return { ...made, ids };
}

test("geo-targeted chooses in the first preferred country that has somebody, then any other", () => {
  const { rotator, ids } = geo({ regions: ["us", "DE"] });
  const open = (index: number) => {
    for (let i = 0; i < 5; i++) rotator.report(ids[index]!, { verdict: "dead" });
  };
  assert.equal(rotator.acquire().proxy.region, "US");
  open(2);
  assert.deepEqual([rotator.acquire(), rotator.acquire()].map((lease) => lease.proxy.id), [ids[1], ids[3]]);
  open(1);
  open(3);
  const rest = countBy(Array.from({ length: 4 }, () => rotator.acquire().proxy.id));
  assert.deepEqual([...rest.keys()].sort(), [ids[0], ids[4]]);
  rotator.resetCircuit(ids[3]!);
  assert.equal(rotator.acquire().proxy.id, ids[3]);
});

test("geo-targeted without fallback chooses nobody elsewhere, also on a retry, for a session or a target", () => {
  const { rotator, ids } = geo({ regions: ["US"], fallback: false });
  const target = "shop.example";
  for (const id of ids) rotator.report(id, { verdict: "ok", latencyMs: 1, target });
  const exclude = [ids[2]!];
  assert.equal(rotator.acquire({ target, session: "s" }).proxy.id, ids[2]);
  assert.throws(() => rotator.acquire({ target, exclude }), NoProxyAvailableError);
  assert.throws(() => rotator.acquire({ target, exclude, session: "s" }), NoProxyAvailableError);
  rotator.report(ids[2]!, { verdict: "blocked", target });
  assert.throws(() => rotator.acquire({ target, session: "s" }), NoProxyAvailableError);
  const error = thrown(NoProxyAvailableError, () => rotator.acquire({ target }));
  assert.ok(
    Object.values(error.counts).reduce((sum, count) => sum + count, 0) === 5,
    JSON.stringify(error.counts),
  );
});

test("geo-targeted follows a country that is changed later", () => {
  const { rotator, ids } = geo({ regions: ["JP"], fallback: false });
  assert.throws(() => rotator.acquire(), NoProxyAvailableError);
  rotator.describeProxy(ids[4]!, { region: "jp" });
  assert.equal(rotator.acquire().proxy.id, ids[4]);
  rotator.describeProxy(ids[4]!, { region: null });
  assert.throws(() => rotator.acquire(), NoProxyAvailableError);
});

test("geo-targeted lets the strategy that is named choose within a country", () => {
  const { rotator, ids } = geo({ regions: ["DE"], strategy: "least-used" });
  rotator.acquire({ exclude: ids.filter((id) => id !== ids[1]) });
  rotator.acquire({ exclude: ids.filter((id) => id !== ids[1]) });
  assert.deepEqual([rotator.acquire(), rotator.acquire()].map((lease) => lease.proxy.id), [ids[3], ids[3]]);
});

test("geo-targeted refuses options that it cannot use", () => {
  assert.throws(() => geo({ regions: "US" }), /regions "US": it must be a list/);
  assert.throws(() => geo({ regions: ["USA"] }), RangeError);
  assert.throws(() => geo({ fallback: "no" }), /fallback "no": it must be true or false/);
  assert.throws(() => geo({ region: ["US"] }), /Unknown option "region".*regions, fallback, strategy/);
  assert.throws(() => geo({ strategy: 5 }), RangeError);
});
