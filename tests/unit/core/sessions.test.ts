import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type SessionBinding, SessionTable } from "../../../src/core/sessions.ts";
import { NoProxyAvailableError } from "../../../src/core/errors.ts";
import { STRATEGY_NAMES } from "../../../src/core/strategies/registry.ts";
import { bench, countBy, fill, makeEntries, thrown } from "./support.ts";

const TTL = 30 * 60_000;

test("SessionTable keeps a hold for the TTL after its last use, and tells of each end once", () => {
  const ended: SessionBinding[] = [];
  const table = new SessionTable({ ttlMs: 100 }, (binding) => ended.push(binding));
  const [a, b] = makeEntries(2);
  table.bind("x", a!, 0);
  table.bind("y", b!, 50);
  table.bind("x", a!, 80);
  assert.deepEqual([...table.values()].map((binding) => binding.key), ["y", "x"]);
  table.advance(149);
  assert.equal(table.size, 2);
  table.advance(150);
  assert.deepEqual(ended.map((binding) => binding.key), ["y"]);
  assert.equal(table.get("x", 179)?.entry, a);
  assert.equal(table.get("x", 180), undefined);
  assert.equal(table.end("x"), false);
  assert.deepEqual(ended.map((binding) => binding.key), ["y", "x"]);
});

test("SessionTable drops the least recently used hold when it is full", () => {
  const ended: string[] = [];
  const table = new SessionTable({ maxSessions: 2 }, (binding) => ended.push(binding.key));
  const [entry] = makeEntries(1);
  table.bind("a", entry!, 0);
  table.bind("b", entry!, 0);
  table.bind("a", entry!, 0);
  table.bind("c", entry!, 0);
  assert.deepEqual(ended, ["b"]);
});

test("SessionTable tells of the end of a hold when the session moves or its proxy leaves the pool", () => {
  const ended: number[] = [];
  const table = new SessionTable({}, (binding) => ended.push(binding.entry.slot));
  const [a, b] = makeEntries(2);
  table.bind("x", a!, 0);
  table.bind("x", b!, 0);
  assert.deepEqual(ended, [0]);
  b!.isPooled = false;
  assert.equal(table.get("x", 0), undefined);
  assert.deepEqual(ended, [0, 1]);
});

test("SessionTable ends holds from the disk when they are due, in whatever order they came", () => {
  const ended: string[] = [];
  const table = new SessionTable({ ttlMs: 1000 }, (binding) => ended.push(binding.key));
  const [entry] = makeEntries(1);
  table.restore({ key: "late", entry: entry!, expiresAt: 900, isExclusive: false });
  table.restore({ key: "soon", entry: entry!, expiresAt: 100, isExclusive: false });
  assert.equal(table.get("soon", 100), undefined);
  assert.deepEqual(ended, ["soon"]);
  assert.equal(table.get("late", 100)?.key, "late");
});

for (const strategy of STRATEGY_NAMES) {
  test(`a session keeps its proxy under ${strategy}`, () => {
    const { rotator, clock } = bench({ strategy });
    fill(rotator, 20);
    const first = rotator.acquire({ session: "cart-42" });
    for (let i = 0; i < 50; i++) {
      clock.advance(60_000);
      rotator.acquire({ session: "other" }).report({ verdict: "ok", latencyMs: 10 });
      const lease = rotator.acquire({ session: "cart-42" });
      assert.equal(lease.proxy.id, first.proxy.id);
      assert.equal(lease.session, "cart-42");
      lease.report({ verdict: "ok", latencyMs: 500 });
    }
  });
}

test("a session's hold slides: it ends the TTL after the last use, not the first", () => {
  const { rotator, clock } = bench();
  fill(rotator, 3);
  const { id } = rotator.acquire({ session: "s" }).proxy;
  for (let i = 0; i < 3; i++) {
    clock.advance(TTL - 1);
    assert.equal(rotator.acquire({ session: "s" }).proxy.id, id);
  }
  clock.advance(TTL);
  assert.notEqual(rotator.acquire({ session: "s" }).proxy.id, id, "round-robin went on to the next");
});

test("a session survives a single failure: the retry goes elsewhere, the next request comes back", () => {
  const { rotator } = bench();
  fill(rotator, 5);
  const lease = rotator.acquire({ session: "s" });
  const { id } = lease.proxy;
  lease.report({ verdict: "dead" });
  const retry = rotator.acquire({ session: "s", exclude: [id] });
  assert.notEqual(retry.proxy.id, id);
  retry.report({ verdict: "ok" });
  assert.equal(rotator.acquire({ session: "s" }).proxy.id, id);
});

test("a session moves for good when its proxy's circuit opens", () => {
  const { rotator, clock } = bench();
  fill(rotator, 5);
  const { id } = rotator.acquire({ session: "s" }).proxy;
  for (let i = 0; i < 5; i++) rotator.report(id, { verdict: "dead" });
  const next = rotator.acquire({ session: "s" }).proxy.id;
  assert.notEqual(next, id);
  clock.advance(20 * 60_000);
  rotator.resetCircuit(id);
  assert.equal(rotator.acquire({ session: "s" }).proxy.id, next);
});

test("a session moves when the target refuses its proxy, to the exit most like it", () => {
  const { rotator } = bench();
  const exits = [
    { region: "DE", city: "Berlin", asn: 1 },
    { region: "US", city: "Boston", asn: 2 },
    { region: "DE", city: "Bonn", asn: 3 },
    { region: "DE", city: "Berlin", asn: 4 },
    { region: "DE", city: "Köln", asn: 1 },
    { region: "FR", city: null, asn: 5 },
  ];
  const ids = fill(rotator, exits.length, (index) => exits[index]!);
  const target = "shop.example";
  const order: number[] = [];
  for (let i = 0; i < 4; i++) {
    const lease = rotator.acquire({ session: "s", target });
    order.push(ids.indexOf(lease.proxy.id));
    lease.report({ verdict: "blocked" });
  }
  // The same network, then the same city of what was held last, then the same country.
  assert.deepEqual(order, [0, 4, 2, 3]);
});

test("a session without a like exit moves to whatever the strategy says", () => {
  const { rotator } = bench();
  fill(rotator, 3);
  const lease = rotator.acquire({ session: "s", target: "shop.example" });
  lease.report({ verdict: "blocked" });
  assert.notEqual(rotator.acquire({ session: "s", target: "shop.example" }).proxy.id, lease.proxy.id);
});

test("renew gives a session another proxy, which it then keeps", () => {
  const { rotator } = bench({ strategy: "random" });
  fill(rotator, 4);
  let { id } = rotator.acquire({ session: "s" }).proxy;
  for (let i = 0; i < 20; i++) {
    const renewed = rotator.acquire({ session: "s", renew: true }).proxy.id;
    assert.notEqual(renewed, id);
    assert.equal(rotator.acquire({ session: "s" }).proxy.id, renewed);
    id = renewed;
  }
});

test("renew says why there is no other proxy", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  rotator.acquire({ session: "s" });
  const error = thrown(NoProxyAvailableError, () => rotator.acquire({ session: "s", renew: true }));
  assert.deepEqual(error.counts, { already_tried: 1 });
  assert.equal(rotator.acquire({ session: "s" }).proxy.id, id, "the session keeps what it has");
});

test("a session moves when its proxy does not meet the criteria", () => {
  const { rotator } = bench();
  fill(rotator, 6, (index) => ({ region: index % 2 === 0 ? "DE" : "US" }));
  assert.equal(rotator.acquire({ session: "s", region: "US" }).proxy.region, "US");
  assert.equal(rotator.acquire({ session: "s", region: "DE" }).proxy.region, "DE");
});

test("a session moves when the strategy no longer allows its proxy", () => {
  const { rotator } = bench();
  fill(rotator, 2, (index) => ({ region: index === 0 ? "DE" : "US" }));
  assert.equal(rotator.acquire({ session: "s" }).proxy.region, "DE");
  rotator.setStrategy({ name: "geo-targeted", options: { regions: ["US"], fallback: false } });
  assert.equal(rotator.acquire({ session: "s" }).proxy.region, "US");
});

test("session-persistence insists on a session", () => {
  const { rotator } = bench({ strategy: "session-persistence" });
  fill(rotator, 1);
  const error = thrown(Error, () => rotator.acquire()) as Error & { code?: string };
  assert.equal(error.code, "SESSION_REQUIRED");
  rotator.acquire({ session: "s" }).release();
});

test("sessions are spread as the strategy says", () => {
  const { rotator } = bench();
  fill(rotator, 10);
  const counts = countBy(
    Array.from({ length: 100 }, (_, index) => rotator.acquire({ session: `s${index}` }).proxy.id),
  );
  assert.deepEqual([...new Set(counts.values())], [10]);
});

test("an exclusive session has its proxy to itself until it ends", () => {
  const { rotator, clock } = bench();
  const ids = fill(rotator, 2);
  const held = rotator.acquire({ session: "a", exclusive: true }).proxy.id;
  const other = ids.find((id) => id !== held)!;
  for (let i = 0; i < 4; i++) {
    assert.equal(rotator.acquire().proxy.id, other);
    assert.equal(rotator.acquire({ session: "b" }).proxy.id, other);
    assert.equal(rotator.acquire({ session: "a" }).proxy.id, held);
  }
  assert.notEqual(rotator.recommend()?.proxy.id, held);
  assert.throws(() => rotator.acquire({ exclude: [other] }), NoProxyAvailableError);
  clock.advance(TTL);
  assert.equal(rotator.acquire({ exclude: [other] }).proxy.id, held);
});

test("an exclusive lease without a session has its proxy to itself until it ends", () => {
  const { rotator } = bench();
  fill(rotator, 1);
  const lease = rotator.acquire({ exclusive: true });
  const error = thrown(NoProxyAvailableError, () => rotator.acquire());
  assert.deepEqual(error.counts, { in_exclusive_use: 1 });
  lease.report({ verdict: "ok" });
  rotator.acquire().release();
});

test("an exclusive session that moves gives the old proxy back and keeps the new one for itself", () => {
  const { rotator } = bench();
  const ids = fill(rotator, 3);
  const first = rotator.acquire({ session: "a", exclusive: true }).proxy.id;
  const second = rotator.acquire({ session: "a", renew: true }).proxy.id;
  assert.notEqual(first, second);
  const others = ids.filter((id) => id !== first);
  assert.equal(rotator.acquire({ exclude: others }).proxy.id, first, "the old one is free again");
  assert.throws(() => rotator.acquire({ exclude: ids.filter((id) => id !== second) }), NoProxyAvailableError);
  assert.equal(rotator.acquire({ session: "a" }).proxy.id, second);
});

test("an exclusive session can be made an ordinary one", () => {
  const { rotator, clock } = bench();
  fill(rotator, 1);
  rotator.acquire({ session: "a", exclusive: true }).release();
  rotator.acquire({ session: "a", exclusive: false }).release();
  rotator.acquire({ session: "b" }).release();
  clock.advance(2 * TTL);
  rotator.acquire().release();
});

test("an exclusive session's retry elsewhere keeps nobody from that proxy afterwards", () => {
  const { rotator, clock } = bench();
  const ids = fill(rotator, 2);
  const held = rotator.acquire({ session: "a", exclusive: true });
  const retry = rotator.acquire({ session: "a", exclusive: true, exclude: [held.proxy.id] });
  retry.report({ verdict: "ok" });
  held.release();
  clock.advance(2 * TTL);
  assert.deepEqual(new Set([rotator.acquire().proxy.id, rotator.acquire().proxy.id]), new Set(ids));
});

test("no order of exclusive sessions, moves, failures and time locks a proxy away for ever", () => {
  const key = fc.constantFrom("a", "b", "c", undefined);
  const step = fc.oneof(
    fc.record({
      session: key,
      exclusive: fc.constantFrom(true, false, undefined),
      renew: fc.boolean(),
      exclude: fc.subarray([0, 1, 2, 3]),
      target: fc.constantFrom("x.example", undefined),
    }),
    fc.record({ end: fc.nat(5), verdict: fc.constantFrom("ok" as const, "dead", "blocked", "aborted") }),
    fc.record({ wait: fc.integer({ min: 0, max: 2_400_000 }) }),
    fc.record({ remove: fc.nat(3) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const { rotator, clock } = bench();
      const ids = fill(rotator, 4);
      const leases: ReturnType<typeof rotator.acquire>[] = [];
      const holders = new Map<string, string>();
      for (const step of steps) {
        if ("wait" in step) clock.advance(step.wait);
        else if ("remove" in step) {
          rotator.removeProxy(ids[step.remove]!);
          ids[step.remove] = rotator.addProxy(`http://10.9.9.${step.remove}:1`).id;
        } else if ("end" in step) leases.splice(step.end, 1)[0]?.report({ verdict: step.verdict });
        else {
          const { session, exclusive, renew, target } = step;
          try {
            leases.push(rotator.acquire({
              renew,
              exclude: step.exclude.map((index) => ids[index]!),
              ...(session !== undefined && { session }),
              ...(exclusive !== undefined && { exclusive }),
              ...(target !== undefined && { target }),
            }));
          } catch (error) {
            assert.ok(error instanceof NoProxyAvailableError);
          }
        }
        holders.clear();
      }
      for (const lease of leases) lease.release();
      clock.advance(24 * 3_600_000);
      const counts = countBy(Array.from({ length: 4 }, () => {
        const lease = rotator.acquire();
        lease.report({ verdict: "ok" });
        return lease.proxy.id;
      }));
      assert.equal(counts.size, 4, "everybody has a turn again");
    }),
    { numRuns: 500 },
  );
});
