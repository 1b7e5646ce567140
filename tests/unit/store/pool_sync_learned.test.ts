import fc from "fast-check";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { NoProxyAvailableError, ProxyRotator } from "../../../src/core/mod.ts";
import { MemoryStore, PoolSync, type Store, StoreError } from "../../../src/store/mod.ts";
import { Machine } from "./machine.ts";

const URLS = Array.from({ length: 5 }, (_, i) => `http://203.0.113.${i + 1}:8080`);
const SHOP = "https://www.shop.example/";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The longest that anything keeps a proxy from its work. */
const LONGEST_REST = 30 * MINUTE;

/** How long the only proxy cannot be had for the shop, ms; 0 when it can. */
function waitOf(rotator: ProxyRotator): number {
  try {
    rotator.acquire({ target: SHOP }).release();
    return 0;
  } catch (error) {
    assert.ok(error instanceof NoProxyAvailableError);
    return error.retryAfterMs ?? Infinity;
  }
}

test("PoolSync keeps a session through a restart, until it ends", async () => {
  using machine = new Machine();
  const first = await machine.start();
  await first.sync.add(URLS.map((url) => ({ url })));
  const { id } = first.rotator.acquire({ session: "cart" }).proxy;
  const other = first.rotator.acquire({ session: "other" }).proxy.id;
  assert.notEqual(other, id);
  await first.sync.close();

  machine.advance(29 * MINUTE);
  const second = await machine.start();
  for (let i = 0; i < 3; i++) assert.equal(second.rotator.acquire({ session: "cart" }).proxy.id, id);
  await second.sync.close();

  // "other" was not used again, and has run out; using "cart" has given it another half hour.
  machine.advance(29 * MINUTE);
  const third = await machine.start();
  assert.equal(third.rotator.acquire({ session: "cart" }).proxy.id, id);
  assert.equal(
    third.rotator.acquire({ session: "other" }).proxy.id,
    third.rotator.proxies().next().value?.id,
  );
  await third.sync.close();
});

test("PoolSync keeps what a session was given last, and forgets one whose proxy is gone", async () => {
  using machine = new Machine();
  const first = await machine.start();
  await first.sync.add(URLS.map((url) => ({ url })));
  first.rotator.acquire({ session: "cart" }).release();
  await first.sync.flush();
  const { id } = first.rotator.acquire({ session: "cart", renew: true }).proxy;
  const lost = first.rotator.acquire({ session: "lost" }).proxy.id;
  await first.sync.flush();
  await first.sync.remove(lost);
  await first.sync.close();
  const second = await machine.start();
  assert.equal(second.rotator.acquire({ session: "cart" }).proxy.id, id);
  assert.notEqual(second.rotator.acquire({ session: "lost" }).proxy.id, lost);
  await second.sync.close();
});

test("PoolSync keeps a proxy that a session has for itself from others after a restart", async () => {
  using machine = new Machine();
  const first = await machine.start();
  await first.sync.add([{ url: URLS[0]! }]);
  first.rotator.acquire({ session: "mine", exclusive: true }).release();
  await first.sync.close();
  const second = await machine.start();
  assert.throws(() => second.rotator.acquire(), NoProxyAvailableError);
  second.rotator.acquire({ session: "mine" }).release();
  machine.advance(31 * MINUTE);
  second.rotator.acquire().release();
  await second.sync.close();
});

test("PoolSync keeps 100 000 sessions through a restart", async () => {
  using machine = new Machine();
  const count = 100_000;
  const first = await machine.start();
  await first.sync.add(URLS.map((url) => ({ url })));
  const held = Array.from({ length: count }, (_, i) => {
    const lease = first.rotator.acquire({ session: `session ${i}` });
    lease.release();
    return lease.proxy.id;
  });
  await first.sync.close();
  machine.advance(MINUTE);
  const second = await machine.start({ strategy: "random", random: () => 0 });
  for (let i = 0; i < count; i++) {
    const lease = second.rotator.acquire({ session: `session ${i}` });
    if (lease.proxy.id !== held[i]) assert.fail(`session ${i} has another proxy`);
    lease.release();
  }
  await second.sync.close();
});

test("PoolSync keeps the rest of a refused proxy, and how long the next one will be", async () => {
  using machine = new Machine();
  const first = await machine.start();
  await first.sync.add([{ url: URLS[0]! }]);
  const waits: number[] = [];
  let running = first;
  for (let times = 1; times <= 5; times++) {
    running.rotator.acquire({ target: SHOP }).report({ verdict: "blocked", latencyMs: 30 });
    const wait = waitOf(running.rotator);
    waits.push(wait);
    await running.sync.close();
    machine.advance(wait - 1000);
    running = await machine.start();
    assert.ok(Math.abs(waitOf(running.rotator) - 1000) <= 1, `${waitOf(running.rotator)}`);
    assert.equal(running.rotator.acquire({ target: "other.example" }).proxy.url, URLS[0]);
    machine.advance(1001);
  }
  waits.reduce((before, wait) => {
    assert.ok(Math.abs(wait - 2 * before) <= 2, `${waits}`);
    return wait;
  });
  const [pair] = running.rotator.targetsOf([...running.rotator.proxies()][0]!.id);
  assert.deepEqual([pair?.target, pair?.blocks, pair?.lastVerdict], ["shop.example", 5, "blocked"]);
  await running.sync.close();
});

test("PoolSync keeps the open circuit of a proxy, and how long the next one will be", async () => {
  using machine = new Machine();
  let running = await machine.start({ circuitBreaker: { failureThreshold: 1 } });
  await running.sync.add([{ url: URLS[0]! }]);
  const waits: number[] = [];
  for (let times = 1; times <= 4; times++) {
    running.rotator.acquire().report({ verdict: "dead" });
    const wait = waitOf(running.rotator);
    waits.push(wait);
    await running.sync.close();
    machine.advance(wait / 2);
    running = await machine.start({ circuitBreaker: { failureThreshold: 1 } });
    assert.ok(Math.abs(waitOf(running.rotator) - wait / 2) <= 1);
    machine.advance(wait / 2 + 1);
  }
  waits.reduce((before, wait) => {
    assert.ok(Math.abs(wait - 2 * before) <= 2, `${waits}`);
    return wait;
  });
  await running.sync.close();
});

test("PoolSync keeps the pace through a restart, even of a request that was never reported", async () => {
  using machine = new Machine();
  const first = await machine.start({ pacing: "1/h" });
  await first.sync.add([{ url: URLS[0]! }]);
  first.rotator.acquire({ target: SHOP }).release();
  await first.sync.close();
  machine.advance(20 * MINUTE);
  const second = await machine.start({ pacing: "1/h" });
  assert.ok(Math.abs(waitOf(second.rotator) - 40 * MINUTE) <= 1);
  await second.sync.close();
  const without = await machine.start();
  assert.equal(waitOf(without.rotator), 0);
  await without.sync.close();
});

test("PoolSync keeps what a proxy has shown on a target, and chooses by it after a restart", async () => {
  using machine = new Machine();
  const first = await machine.start({ strategy: "adaptive" });
  const added = await first.sync.add(URLS.map((url) => ({ url })));
  added.forEach(({ id }, index) => {
    for (let i = 0; i < 20; i++) {
      first.rotator.report(id, { verdict: "ok", latencyMs: 100 * (index + 1), target: SHOP });
    }
  });
  const best = first.rotator.recommend({ target: SHOP });
  await first.sync.close();
  const second = await machine.start({ strategy: "adaptive" });
  assert.deepEqual(second.rotator.recommend({ target: SHOP })?.reason, best?.reason);
  assert.equal(second.rotator.recommend({ target: SHOP })?.proxy.id, best?.proxy.id);
  for (const { id } of added) {
    assert.deepEqual(second.rotator.targetsOf(id), first.rotator.targetsOf(id));
  }
  await second.sync.close();
});

test("PoolSync remembers that a site asked everybody to wait", async () => {
  using machine = new Machine();
  const first = await machine.start();
  await first.sync.add(URLS.map((url) => ({ url })));
  first.rotator.acquire({ target: SHOP }).report({ verdict: "blocked", retryAfterMs: 20 * MINUTE });
  await first.sync.close();
  machine.advance(5 * MINUTE);
  const second = await machine.start();
  assert.ok(Math.abs(waitOf(second.rotator) - 15 * MINUTE) <= 1);
  second.rotator.acquire({ target: "other.example" }).release();
  await second.sync.close();
  // A clock that was set back a year makes an hour of it at most, and that once.
  machine.jump(-365 * DAY);
  const third = await machine.start();
  assert.equal(waitOf(third.rotator), 60 * MINUTE);
  await third.sync.close();
  machine.advance(60 * MINUTE + 1);
  const fourth = await machine.start();
  assert.equal(waitOf(fourth.rotator), 0);
  await fourth.sync.close();
});

test("PoolSync survives any jump of the wall clock between two runs", async () => {
  const jump = fc.oneof(
    fc.integer({ min: -40 * 365 * DAY, max: 40 * 365 * DAY }),
    fc.integer({ min: -2 * DAY, max: 2 * DAY }),
  );
  await fc.assert(
    fc.asyncProperty(jump, fc.nat({ max: DAY }), async (ms, pause) => {
      using machine = new Machine();
      const first = await machine.start({ pacing: "1/min" });
      const [proxy] = await first.sync.add([{ url: URLS[0]! }]);
      first.rotator.acquire({ target: SHOP, session: "s", exclusive: true }).report({ verdict: "blocked" });
      for (let i = 0; i < 5; i++) first.rotator.report(proxy!.id, { verdict: "dead" });
      await first.sync.close();
      machine.advance(pause);
      machine.jump(ms);
      const second = await machine.start({ pacing: "1/min" });
      assert.equal(second.warnings.length, 0);
      assert.ok(waitOf(second.rotator) <= LONGEST_REST || waitOf(second.rotator) === Infinity);
      for (const { lastAt } of second.rotator.targetsOf(proxy!.id)) assert.ok(lastAt <= machine.wallTime);
      await second.sync.close();
      // Whatever the clock says, nothing is held up for longer than by right.
      machine.advance(LONGEST_REST + 1);
      const third = await machine.start({ pacing: "1/min" });
      assert.equal(waitOf(third.rotator), 0);
      await third.sync.close();
    }),
    { numRuns: 30 },
  );
});

test("PoolSync writes how long a rest still is, whatever the wall clock does meanwhile", async () => {
  for (const ms of [-300 * DAY, 300 * DAY]) {
    using machine = new Machine();
    const first = await machine.start();
    await first.sync.add([{ url: URLS[0]! }]);
    first.rotator.acquire({ target: SHOP, session: "s" }).report({ verdict: "blocked" });
    const wait = waitOf(first.rotator);
    machine.jump(ms);
    assert.equal(waitOf(first.rotator), wait);
    await first.sync.close();
    const second = await machine.start();
    assert.ok(Math.abs(waitOf(second.rotator) - wait) <= 1);
    await second.sync.close();
  }
});

test("PoolSync keeps what was learned while the file was locked: the latest of each", async () => {
  using machine = new Machine();
  const first = await machine.start();
  const [a] = await first.sync.add([{ url: URLS[0]! }]);
  assert.ok(a);
  const locker = new DatabaseSync(machine.path);
  locker.exec("BEGIN IMMEDIATE");
  for (let i = 0; i < 4; i++) {
    first.rotator.acquire({ session: `s${i % 2}`, target: SHOP }).report({ verdict: "ok", latencyMs: 10 });
    await first.sync.flush();
  }
  assert.equal(first.warnings.length, 1);
  locker.exec("COMMIT");
  locker.close();
  await first.sync.close();
  const second = await machine.start();
  const [pair] = second.rotator.targetsOf(a.id);
  assert.equal(pair?.successes, 4);
  assert.equal(second.rotator.explain({ session: "s0" }).choice?.decidedBy, "session");
  await second.sync.close();
});

test("PoolSync does not let an old record take the place of what was learned while it could not load", async () => {
  using machine = new Machine();
  const first = await machine.start();
  const [a] = await first.sync.add([{ url: URLS[0]! }]);
  assert.ok(a);
  first.rotator.report(a.id, { verdict: "ok", latencyMs: 10, target: SHOP });
  first.rotator.report(a.id, { verdict: "ok", latencyMs: 10, target: "other.example" });
  await first.sync.close();
  let isFailing = true;
  const wrap = (store: Store): Store => ({
    location: store.location,
    isPersistent: true,
    loadAll: () => store.loadAll(),
    loadParts: (receive) => store.loadParts(receive),
    upsert: (proxies) => store.upsert(proxies),
    remove: (ids) => store.remove(ids),
    apply: (deltas, learned) => store.apply(deltas, learned),
    loadNotes: (prefix) => store.loadNotes(prefix),
    saveNotes: (notes) => store.saveNotes(notes),
    loadLearned: () =>
      isFailing ? Promise.reject(new StoreError("STORE_BUSY", "locked")) : store.loadLearned(),
    changes: () => store.changes(),
    close: () => store.close(),
  });
  const second = await machine.start({ wrap });
  assert.equal(second.rotator.size, 1);
  assert.deepEqual(second.warnings.length, 1);
  second.rotator.report(a.id, { verdict: "blocked", latencyMs: 10, target: SHOP });
  isFailing = false;
  await second.sync.pull();
  const known = second.rotator.targetsOf(a.id).map((
    { target, successes, blocks },
  ) => [target, successes, blocks]);
  assert.deepEqual(known, [["shop.example", 0, 1], ["other.example", 1, 0]]);
  await second.sync.close();
});

test("PoolSync keeps what was learned of a proxy until the store has the proxy", async () => {
  using machine = new Machine();
  let isFull = true;
  const wrap = (store: Store): Store => ({
    location: store.location,
    isPersistent: true,
    loadAll: () => store.loadAll(),
    loadParts: (receive) => store.loadParts(receive),
    upsert: (proxies) =>
      isFull ? Promise.reject(new StoreError("STORE_FULL", "full")) : store.upsert(proxies),
    remove: (ids) => store.remove(ids),
    apply: (deltas, learned) => store.apply(deltas, learned),
    loadLearned: () => store.loadLearned(),
    loadNotes: (prefix) => store.loadNotes(prefix),
    saveNotes: (notes) => store.saveNotes(notes),
    changes: () => store.changes(),
    close: () => store.close(),
  });
  const first = await machine.start({ wrap });
  const { id } = first.rotator.addProxy(URLS[0]!);
  first.rotator.acquire({ session: "s", target: SHOP }).report({ verdict: "ok", latencyMs: 5 });
  await first.sync.flush();
  isFull = false;
  await first.sync.close();
  const second = await machine.start();
  assert.deepEqual(second.rotator.targetsOf(id).map(({ target }) => target), ["shop.example"]);
  assert.equal(second.rotator.explain({ session: "s" }).choice?.decidedBy, "session");
  await second.sync.close();
});

test("PoolSync writes nothing that was not learned, and asks no store that forgets to remember", async () => {
  using machine = new Machine();
  const applied: unknown[] = [];
  const wrap = (store: Store): Store => ({
    location: store.location,
    isPersistent: true,
    loadAll: () => store.loadAll(),
    loadParts: (receive) => store.loadParts(receive),
    upsert: (proxies) => store.upsert(proxies),
    remove: (ids) => store.remove(ids),
    apply: (deltas, learned) => {
      applied.push(learned);
      return store.apply(deltas, learned);
    },
    loadLearned: () => store.loadLearned(),
    loadNotes: (prefix) => store.loadNotes(prefix),
    saveNotes: (notes) => store.saveNotes(notes),
    changes: () => store.changes(),
    close: () => store.close(),
  });
  const { rotator, sync } = await machine.start({ wrap });
  await sync.add([{ url: URLS[0]! }]);
  await sync.flush();
  assert.deepEqual(applied, []);
  rotator.acquire().report({ verdict: "ok", latencyMs: 5 });
  await sync.flush();
  await sync.flush();
  assert.deepEqual(applied, [{ pairs: [], sessions: [], endedSessions: [], cooling: [] }]);
  await sync.close();

  const forgetful = new ProxyRotator();
  const memory = new MemoryStore();
  const inMemory = new PoolSync({ rotator: forgetful, store: memory });
  await inMemory.add([{ url: URLS[0]! }]);
  forgetful.acquire({ session: "s", target: SHOP }).report({ verdict: "ok", latencyMs: 5 });
  await inMemory.flush();
  assert.deepEqual(await memory.loadLearned(), { pairs: [], sessions: [], endedSessions: [] });
  await inMemory.close();
});

test("PoolSync writes more than fits into one transaction, all of it", async () => {
  using machine = new Machine();
  const first = await machine.start();
  const [a] = await first.sync.add([{ url: URLS[0]! }]);
  assert.ok(a);
  const count = 9_999;
  for (let i = 0; i < count; i++) {
    machine.advance(1);
    first.rotator.acquire({ target: `site-${i}.example`, session: `s${i}` }).report({ verdict: "ok" });
  }
  await first.sync.flush();
  await first.sync.close();
  const second = await machine.start();
  assert.equal(second.rotator.targetsOf(a.id, Infinity).length, count);
  assert.equal(second.rotator.targetsOf(a.id)[0]?.target, `site-${count - 1}.example`);
  await second.sync.close();
});

test("PoolSync lets the rotator note nothing more when it is closed", async () => {
  using machine = new Machine();
  const { rotator, sync } = await machine.start();
  await sync.add([{ url: URLS[0]! }]);
  await sync.close();
  rotator.acquire({ session: "s", target: SHOP }).report({ verdict: "blocked", retryAfterMs: 1000 });
  assert.deepEqual(rotator.takeLearned(), { pairs: [], sessions: [], endedSessions: [] });
});
