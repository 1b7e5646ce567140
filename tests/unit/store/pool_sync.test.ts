import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { ProxyRotator } from "../../../src/core/mod.ts";
import type { ProxySnapshot } from "../../../src/core/types.ts";
import { MemoryStore, openStore, PoolSync, SqliteStore, type Store } from "../../../src/store/mod.ts";
import { TempDir } from "../../support/temp_dir.ts";

const A = "http://203.0.113.1:8080";
const B = "http://203.0.113.2:8080";
const C = "http://user:secret@203.0.113.3:8080";

/** Time stands still: a circuit's end is kept on the disk in wall clock, and comes back a millisecond off. */
function makeRotator(): ProxyRotator {
  return new ProxyRotator({ clock: { now: () => 1_000 }, wallClock: { now: () => 1_795_000_000_000 } });
}

/** One process: a rotator tied to a store, with what it warned of. */
function makeProcess(store: Store, rotator: ProxyRotator = makeRotator()) {
  const warnings: string[] = [];
  const sync = new PoolSync({ rotator, store, onWarning: (message) => warnings.push(message) });
  return { rotator, sync, warnings };
}

function contents(rotator: ProxyRotator): ProxySnapshot[] {
  return Array.from(rotator.proxies(), ({ id }) => rotator.snapshot(id)).sort((a, b) =>
    a.url < b.url ? -1 : 1
  );
}

test("PoolSync adds to the store first, and gives the rotator the store's ids", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const { rotator, sync } = makeProcess(store.share());
  const [known] = await store.upsert([{ url: A, region: "US" }]);
  const [a, b] = await sync.add([{ url: "203.0.113.1:8080", city: "Reno" }, { url: B }]);
  assert.ok(a && b);
  assert.deepEqual([a.id, a.isNew, a.isStored], [known?.id, false, true]);
  assert.deepEqual([a.proxy.region, a.proxy.city], ["US", "Reno"]);
  assert.ok(b.isNew);
  assert.equal(rotator.getProxy(b.id), b.proxy);
  assert.deepEqual((await store.loadAll()).map(({ id }) => id), [a.id, b.id]);
});

test("PoolSync writes outcomes as deltas, and only once", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const { rotator, sync } = makeProcess(store.share());
  const [a] = await sync.add([{ url: A }]);
  assert.ok(a);
  rotator.acquire().report({ verdict: "ok", latencyMs: 100 });
  await sync.flush();
  await sync.flush();
  rotator.acquire().report({ verdict: "dead" });
  await sync.flush();
  const [stored] = await store.loadAll();
  assert.deepEqual(stored, rotator.snapshot(a.id));
  assert.deepEqual([stored?.requestsStarted, stored?.totalSuccesses, stored?.totalFailures], [2, 1, 1]);
});

test("PoolSync restores what was stored", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const first = makeProcess(store.share());
  await first.sync.add([{ url: C, region: "DE", tags: ["x"], weight: 2 }, { url: A }]);
  for (let i = 0; i < 12; i++) {
    first.rotator.acquire().report({ verdict: i % 2 ? "dead" : "ok", latencyMs: i });
  }
  await first.sync.close();
  const second = makeProcess(store.share());
  assert.equal(await second.sync.load(), 2);
  assert.deepEqual(contents(second.rotator), contents(first.rotator));
  await second.sync.flush();
  assert.deepEqual(await store.changes().then(() => store.changes()), { proxies: [], removed: [] });
});

test("PoolSync adds up what two processes count at the same time", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const [here, there] = [makeProcess(store.share()), makeProcess(store.share())];
  const [a] = await here.sync.add([{ url: A }]);
  assert.ok(a);
  await there.sync.load();
  for (let i = 0; i < 3; i++) here.rotator.report(a.id, { verdict: "ok", latencyMs: 10 });
  for (let i = 0; i < 4; i++) there.rotator.report(a.id, { verdict: "dead" });
  await here.sync.flush();
  // Not written yet, and must not be lost when the other's news come.
  here.rotator.report(a.id, { verdict: "ok", latencyMs: 10 });
  await there.sync.flush();
  await here.sync.pull();
  const { totalSuccesses, totalFailures } = here.rotator.snapshot(a.id);
  assert.deepEqual([totalSuccesses, totalFailures], [4, 4]);
  await here.sync.flush();
  await there.sync.pull();
  assert.deepEqual(contents(there.rotator), contents(here.rotator));
});

test("PoolSync picks up what another process added, described and removed", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const [here, there] = [makeProcess(store.share()), makeProcess(store.share())];
  const [a, b] = await here.sync.add([{ url: A }, { url: B }]);
  assert.ok(a && b);
  await there.sync.load();
  await there.sync.add([{ url: C }, { url: A, region: "FR" }]);
  assert.equal(await there.sync.remove(b.id.toUpperCase()), true);
  assert.equal(await there.sync.remove(b.id), false);
  await here.sync.pull();
  assert.deepEqual(contents(here.rotator), contents(there.rotator));
  assert.equal(here.rotator.getProxy(b.id), undefined);
});

test("PoolSync ignores outcomes of a proxy that another process removed", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const [here, there] = [makeProcess(store.share()), makeProcess(store.share())];
  const [a] = await here.sync.add([{ url: A }]);
  assert.ok(a);
  await there.sync.load();
  const lease = here.rotator.acquire();
  await there.sync.remove(a.id);
  lease.report({ verdict: "ok" });
  await here.sync.flush();
  await here.sync.pull();
  assert.equal(here.rotator.size, 0);
  await here.sync.flush();
  assert.deepEqual(await store.loadAll(), []);
  assert.deepEqual(here.warnings, []);
});

test("PoolSync stores what is added to and removed from the rotator directly", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const rotator = makeRotator();
  const before = rotator.addProxy(A, { region: "US" });
  rotator.acquire().report({ verdict: "ok", latencyMs: 5 });
  const { sync } = makeProcess(store.share(), rotator);
  await sync.load();
  const { id } = rotator.addProxy(B);
  await sync.flush();
  assert.deepEqual(await store.loadAll(), [rotator.snapshot(before.id), rotator.snapshot(id)]);
  rotator.removeProxy(id);
  const again = rotator.addProxy(B);
  await sync.flush();
  assert.deepEqual((await store.loadAll()).map(({ id }) => id), [before.id, again.id]);
  assert.notEqual(again.id, id);
});

test("PoolSync gives a proxy that two processes added apart one id and the sum of its counters", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const [here, there] = [makeProcess(store.share()), makeProcess(store.share())];
  here.rotator.addProxy(A, { city: "Reno" });
  there.rotator.addProxy(A, { region: "US" });
  for (const { rotator } of [here, there]) rotator.acquire().report({ verdict: "ok", latencyMs: 5 });
  await here.sync.flush();
  await there.sync.flush();
  await here.sync.pull();
  const [proxy] = contents(here.rotator);
  assert.deepEqual([proxy?.totalSuccesses, proxy?.region, proxy?.city], [2, "US", "Reno"]);
  assert.deepEqual(contents(there.rotator), contents(here.rotator));
});

test("PoolSync refuses bad proxies before anything is written", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const { rotator, sync } = makeProcess(store.share());
  await assert.rejects(sync.add([{ url: A }, { url: "http://u:secret@h:0" }]), (error: Error) => {
    assert.ok(!error.message.includes("secret"));
    return "code" in error && error.code === "INVALID_PROXY_URL";
  });
  await assert.rejects(sync.add([{ url: A, weight: 0 }]), RangeError);
  await assert.rejects(sync.add([{ url: A, cost: Number.NaN }]), RangeError);
  assert.equal(rotator.size, 0);
  assert.deepEqual(await store.loadAll(), []);
});

test("PoolSync checks its intervals", () => {
  const parts = { rotator: new ProxyRotator(), store: new MemoryStore() };
  assert.throws(() => new PoolSync({ ...parts, flushIntervalMs: 0 }), RangeError);
  assert.throws(() => new PoolSync({ ...parts, pollIntervalMs: Number.NaN }), RangeError);
});

test("PoolSync works on while the file is locked, loses nothing, and warns once", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const { rotator, sync, warnings } = makeProcess(new SqliteStore(path, { waitMs: 30 }));
  const [a, b] = await sync.add([{ url: A }, { url: B }]);
  assert.ok(a && b);
  const locker = new DatabaseSync(path);
  locker.exec("BEGIN IMMEDIATE");
  const [c] = await sync.add([{ url: C, region: "US" }, { url: A, city: "Reno" }]);
  assert.deepEqual([c?.isNew, c?.isStored], [true, false]);
  assert.equal(await sync.remove(b.id), true);
  for (let i = 0; i < 6; i++) rotator.acquire().report({ verdict: "ok", latencyMs: 10 });
  await sync.flush();
  await sync.pull();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /pool\.db": another program holds it locked.*changes are kept in memory/);
  locker.exec("COMMIT");
  locker.close();
  await sync.flush();
  assert.match(warnings[1] ?? "", /works again; nothing was lost/);
  const expected = contents(rotator);
  assert.equal(expected.length, 2);
  await sync.close();
  const other = new SqliteStore(path);
  const stored = [...await other.loadAll()].sort((a, b) => a.url < b.url ? -1 : 1);
  // The time of adding is the store's.
  assert.deepEqual(stored.map((proxy, i) => ({ ...proxy, addedAt: expected[i]?.addedAt })), expected);
  assert.equal(stored.find(({ url }) => url === A)?.city, "Reno");
  await other.close();
});

test("PoolSync loads a file that was locked at the start as soon as it is free", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const setUp = new SqliteStore(path);
  const [a] = await setUp.upsert([{ url: A }]);
  await setUp.close();
  const locker = new DatabaseSync(path);
  locker.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
  const { store } = await openStore(path, { waitMs: 30 });
  const { rotator, sync, warnings } = makeProcess(store);
  assert.equal(await sync.load(), 0);
  const [twin] = await sync.add([{ url: A }]);
  rotator.acquire().report({ verdict: "ok" });
  assert.equal(twin?.isStored, false);
  locker.exec("COMMIT");
  locker.close();
  await sync.flush();
  assert.equal(rotator.size, 1);
  assert.equal(rotator.findByUrl(A)?.id, a?.id);
  assert.equal(rotator.findByUrl(A)?.totalSuccesses, 1);
  assert.equal(warnings.length, 2);
  await sync.close();
  const again = new SqliteStore(path);
  assert.equal((await again.loadAll())[0]?.totalSuccesses, 1);
  await again.close();
});

test("PoolSync gives proxies of a list that was stored in part the stored ids", async () => {
  using folder = new TempDir();
  const store = new SqliteStore(folder.join("pool.db"));
  let calls = 0;
  const failing: Store = {
    location: store.location,
    isPersistent: true,
    loadAll: () => store.loadAll(),
    loadParts: (receive) => store.loadParts(receive),
    // Stores everything, and fails all the same: as when the second part of a long list does not fit.
    upsert: async (proxies) => {
      const results = await store.upsert(proxies);
      if (++calls === 1) throw new Error("disk I/O error");
      return results;
    },
    remove: (ids) => store.remove(ids),
    apply: (deltas, learned) => store.apply(deltas, learned),
    loadLearned: () => store.loadLearned(),
    loadNotes: (prefix) => store.loadNotes(prefix),
    saveNotes: (notes) => store.saveNotes(notes),
    changes: () => store.changes(),
    close: () => store.close(),
  };
  const { rotator, sync } = makeProcess(failing);
  const [added] = await sync.add([{ url: A }]);
  assert.equal(added?.isStored, false);
  rotator.acquire().report({ verdict: "ok", latencyMs: 5 });
  await sync.flush();
  const [stored] = await store.loadAll();
  assert.ok(stored);
  assert.deepEqual({ ...rotator.snapshot(stored.id), addedAt: 0 }, { ...stored, addedAt: 0 });
  assert.equal(stored.totalSuccesses, 1);
  await sync.close();
});

test("PoolSync keeps out a row that it cannot use, and takes the others", async () => {
  using folder = new TempDir();
  const database = new DatabaseSync(folder.join("pool.db"));
  const store = new SqliteStore(database);
  await store.upsert([{ url: "gopher://nonsense" }, { url: A }]);
  const { rotator, sync, warnings } = makeProcess(store);
  await sync.load();
  assert.equal(rotator.size, 1);
  assert.match(warnings[0] ?? "", /^Cannot take over proxy [0-9a-f-]{36} from/);
  await sync.close();
  database.close();
});

test("PoolSync says on closing what it could not write", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const { rotator, sync, warnings } = makeProcess(store);
  await sync.add([{ url: A }]);
  rotator.acquire().report({ verdict: "ok" });
  await store.close();
  await sync.close();
  await sync.close();
  assert.match(
    warnings.at(-1) ?? "",
    /0 new proxies, 0 removals and the outcomes of 1 proxies could not be written/,
  );
});

test("PoolSync writes by itself once started, and picks up by itself", async () => {
  const store = new MemoryStore({ wallClock: () => 1_795_000_000_000 });
  const here = new ProxyRotator();
  const there = new ProxyRotator();
  const intervals = { flushIntervalMs: 1, pollIntervalMs: 1 };
  const one = new PoolSync({ rotator: here, store: store.share(), ...intervals });
  const other = new PoolSync({ rotator: there, store: store.share(), ...intervals });
  one.start();
  other.start();
  const { promise, resolve } = Promise.withResolvers<number>();
  there.observe({ added: ({ id }) => here.report(id, { verdict: "ok" }) });
  there.observe({ changed: ({ totalSuccesses }) => totalSuccesses > 0 && resolve(totalSuccesses) });
  here.addProxy(A);
  // Timers that are alone keep no process alive.
  const alive = setInterval(() => undefined, 1_000);
  assert.equal(await promise, 1);
  clearInterval(alive);
  await one.close();
  await other.close();
});
