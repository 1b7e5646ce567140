/** What every store must do. Run on each implementation. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProxyDelta, Store, StoreChanges } from "../../../src/store/mod.ts";
import type { ProxySnapshot } from "../../../src/core/types.ts";

/** Several handles on one place, as several processes have them. */
export interface Place {
  /** A new handle. */
  readonly open: () => Store;
  /** Ends the place. */
  readonly dispose: () => void;
}

const A = "http://203.0.113.1:8080";
const B = "socks5://user:p%40ss@203.0.113.2:1080";
const C = "http://[2001:db8::1]:3128";
const ID = "0b6f3c1e-8a44-4a53-9e58-0f2f5a3d9b11";
const NOTHING: StoreChanges = { proxies: [], removed: [] };

/** A delta that touches everything. */
export function delta(id: string, part: Partial<ProxyDelta> = {}): ProxyDelta {
  return {
    id,
    requestsStarted: 3,
    totalSuccesses: 2,
    totalFailures: 1,
    latencySumMs: 250.5,
    latencyCount: 2,
    state: {
      status: "degraded",
      emaLatencyMs: 120.25,
      consecutiveFailures: 1,
      consecutiveSuccesses: 0,
      lastCheckAt: 1_795_000_000_000,
      lastSuccessAt: 1_794_999_999_000,
      lastFailureAt: 1_795_000_000_000,
      circuit: { state: "open", openUntil: 1_795_000_060_000, timesOpened: 2 },
    },
    ...part,
  };
}

/** Registers tests that get a place of their own. */
export function checker(
  name: string,
  makePlace: () => Place,
): (title: string, body: (open: () => Store) => Promise<void>) => void {
  return (title, body) =>
    void test(`${name} ${title}`, async () => {
      const place = makePlace();
      const opened: Store[] = [];
      try {
        await body(() => {
          const store = place.open();
          opened.push(store);
          return store;
        });
      } finally {
        for (const store of opened) await store.close();
        place.dispose();
      }
    });
}

/** Registers the tests. */
export function testStoreContract(name: string, makePlace: () => Place): void {
  const check = checker(name, makePlace);

  check("is empty at first", async (open) => {
    const store = open();
    assert.deepEqual(await store.loadAll(), []);
    assert.deepEqual(await store.changes(), NOTHING);
    assert.equal(await store.remove([ID]), 0);
    await store.apply([delta(ID)]);
    assert.deepEqual(await store.loadAll(), []);
  });

  check("keeps proxies in the order of adding, with all metadata", async (open) => {
    const store = open();
    const metadata = {
      region: "de",
      city: "Köln",
      asn: 3320,
      tags: ["a", "b"],
      weight: 2.5,
      cost: 0,
      source: "list",
    };
    const [first, second] = await store.upsert([{ url: B, ...metadata }, { url: A }]);
    assert.ok(first && second);
    assert.ok(first.isNew && second.isNew);
    assert.match(first.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const [one, two] = await store.loadAll();
    assert.ok(one && two);
    assert.deepEqual(one, {
      id: first.id,
      url: B,
      addedAt: one.addedAt,
      ...metadata,
      region: "DE",
      status: "unknown",
      requestsStarted: 0,
      totalSuccesses: 0,
      totalFailures: 0,
      latencySumMs: 0,
      latencyCount: 0,
      emaLatencyMs: null,
      consecutiveFailures: 0,
      consecutiveSuccesses: 0,
      lastCheckAt: null,
      lastSuccessAt: null,
      lastFailureAt: null,
      circuit: { state: "closed", openUntil: null, timesOpened: 0 },
    });
    assert.ok(Math.abs(one.addedAt - Date.now()) < 60_000);
    assert.deepEqual([two.id, two.region, two.tags, two.weight], [second.id, null, [], null]);
  });

  check("keeps the id of a URL for ever", async (open) => {
    const store = open();
    const [first] = await store.upsert([{ url: A }]);
    assert.deepEqual(await store.upsert([{ url: A }]), [{ id: first?.id, isNew: false }]);
    assert.deepEqual(await open().upsert([{ url: A, id: ID }]), [{ id: first?.id, isNew: false }]);
  });

  check("takes a proposed id for a new URL, in lower case, unless it is taken or no UUID", async (open) => {
    const store = open();
    assert.deepEqual(await store.upsert([{ url: A, id: ID.toUpperCase() }]), [{ id: ID, isNew: true }]);
    const [taken, invalid] = await store.upsert([{ url: B, id: ID }, { url: C, id: "one" }]);
    assert.ok(taken && invalid);
    assert.notEqual(taken.id, ID);
    assert.notEqual(invalid.id, "one");
    assert.equal((await store.loadAll()).length, 3);
  });

  check("gives twins in one list one id", async (open) => {
    const store = open();
    const results = await store.upsert([{ url: A, region: "us" }, { url: B }, { url: A, city: "Reno" }]);
    assert.deepEqual(results.map(({ isNew }) => isNew), [true, true, false]);
    assert.equal(results[2]?.id, results[0]?.id);
    const [proxy] = await store.loadAll();
    assert.deepEqual([proxy?.region, proxy?.city], ["US", "Reno"]);
  });

  check("leaves undefined metadata and clears null", async (open) => {
    const store = open();
    await store.upsert([{
      url: A,
      region: "US",
      city: "Reno",
      asn: 7,
      tags: ["x"],
      weight: 1,
      cost: 2,
      source: "s",
    }]);
    await store.upsert([{ url: A, city: null, tags: [], cost: 3 }]);
    const [proxy] = await store.loadAll();
    assert.ok(proxy);
    const { region, city, asn, tags, weight, cost, source } = proxy;
    assert.deepEqual({ region, city, asn, tags, weight, cost, source }, {
      region: "US",
      city: null,
      asn: 7,
      tags: [],
      weight: 1,
      cost: 3,
      source: "s",
    });
  });

  check("keeps notes beside the proxies, and the last text of a name", async (open) => {
    const [store, other] = [open(), open()];
    assert.deepEqual(await store.loadNotes(""), new Map());
    await store.saveNotes(new Map([["a:one", "1"], ["a:two_%", "é\n2"], ["b", ""]]));
    await other.saveNotes(new Map([["a:one", "3"]]));
    assert.deepEqual(await store.loadNotes("a:"), new Map([["a:one", "3"], ["a:two_%", "é\n2"]]));
    assert.deepEqual([...(await other.loadNotes("")).keys()].sort(), ["a:one", "a:two_%", "b"]);
    assert.deepEqual(await store.changes(), NOTHING, "notes are no news of proxies");
    await store.upsert([{ url: A }]);
    assert.equal((await other.changes()).proxies.length, 1);
  });

  check("adds up counters and replaces the state", async (open) => {
    const store = open();
    const [added] = await store.upsert([{ url: A, region: "US" }]);
    assert.ok(added);
    await store.apply([delta(added.id), delta(added.id)]);
    const last = delta(added.id, {
      state: { ...delta(added.id).state, status: "healthy", emaLatencyMs: null },
    });
    await open().apply([last]);
    const [proxy] = await store.loadAll();
    assert.ok(proxy);
    assert.deepEqual(
      [
        proxy.requestsStarted,
        proxy.totalSuccesses,
        proxy.totalFailures,
        proxy.latencySumMs,
        proxy.latencyCount,
      ],
      [9, 6, 3, 751.5, 6],
    );
    for (const [key, value] of Object.entries(last.state)) {
      assert.deepEqual(proxy[key as keyof ProxySnapshot], value);
    }
    assert.equal(proxy.region, "US");
  });

  check("ignores deltas for proxies that are gone", async (open) => {
    const store = open();
    const [gone, stays] = await store.upsert([{ url: A }, { url: B }]);
    assert.ok(gone && stays);
    assert.equal(await store.remove([gone.id, gone.id, ID]), 1);
    await store.apply([delta(gone.id), delta(stays.id)]);
    assert.deepEqual((await store.loadAll()).map(({ id, totalSuccesses }) => [id, totalSuccesses]), [[
      stays.id,
      2,
    ]]);
  });

  check("gives a URL that was removed and added again a new id", async (open) => {
    const store = open();
    const [first] = await store.upsert([{ url: A }]);
    assert.ok(first);
    await store.remove([first.id]);
    const [second] = await store.upsert([{ url: A }]);
    assert.ok(second?.isNew);
    assert.notEqual(second.id, first.id);
  });

  check("never tells of its own writes", async (open) => {
    const store = open();
    await store.loadAll();
    const [a, b] = await store.upsert([{ url: A }, { url: B }]);
    assert.ok(a && b);
    await store.apply([delta(a.id)]);
    await store.remove([b.id]);
    assert.deepEqual(await store.changes(), NOTHING);
  });

  check("tells of what others added, changed and removed, once", async (open) => {
    const [here, there] = [open(), open()];
    const [a, b] = await here.upsert([{ url: A }, { url: B }]);
    assert.ok(a && b);
    assert.equal((await there.loadAll()).length, 2);
    await here.loadAll();
    const [c] = await there.upsert([{ url: C }, { url: A, region: "FR" }]);
    await there.apply([delta(a.id)]);
    await there.remove([b.id]);
    const changes = await here.changes();
    assert.deepEqual(changes.removed, [b.id]);
    assert.deepEqual(new Set(changes.proxies.map(({ id }) => id)), new Set([a.id, c?.id]));
    assert.deepEqual(await here.loadAll(), await there.loadAll());
    assert.deepEqual(await here.changes(), NOTHING);
    assert.deepEqual(await there.changes(), NOTHING);
  });

  check("tells of everything when nothing was loaded", async (open) => {
    const [a] = await open().upsert([{ url: A }]);
    const { proxies } = await open().changes();
    assert.deepEqual(proxies.map(({ id }) => id), [a?.id]);
  });

  check("does not let its own write hide what others wrote before", async (open) => {
    const [here, there] = [open(), open()];
    const [a, b] = await here.upsert([{ url: A }, { url: B }]);
    assert.ok(a && b);
    await there.loadAll();
    await here.loadAll();
    await there.apply([delta(a.id)]);
    await there.remove([b.id]);
    await here.apply([delta(a.id)]);
    const { proxies, removed } = await here.changes();
    assert.deepEqual(removed, [b.id]);
    assert.deepEqual(proxies.map(({ id, totalSuccesses }) => [id, totalSuccesses]), [[a.id, 4]]);
  });

  check("does not call a proxy removed whose id is used again", async (open) => {
    const [here, there] = [open(), open()];
    await here.upsert([{ url: A, id: ID }]);
    await there.loadAll();
    await here.remove([ID]);
    assert.deepEqual(await here.upsert([{ url: B, id: ID }]), [{ id: ID, isNew: true }]);
    const { proxies, removed } = await there.changes();
    assert.deepEqual(removed, []);
    assert.deepEqual(proxies.map(({ url }) => url), [B]);
  });

  check("still tells of a removal after its id was proposed in vain", async (open) => {
    const [here, there] = [open(), open()];
    await here.upsert([{ url: A, id: ID }, { url: B }]);
    await there.loadAll();
    await here.remove([ID]);
    await here.upsert([{ url: B, id: ID }]);
    assert.deepEqual(await there.changes(), { proxies: [], removed: [ID] });
  });

  check("writes nothing when nothing differs", async (open) => {
    const [here, there] = [open(), open()];
    await here.upsert([{ url: A, region: "US", tags: ["x"] }]);
    await there.loadAll();
    await here.upsert([{ url: A, region: "us", tags: ["x"] }, { url: A }]);
    assert.deepEqual(await there.changes(), NOTHING);
  });

  check("takes numbers that no counter should have", async (open) => {
    const store = open();
    const [a] = await store.upsert([{ url: A, weight: Number.NaN, asn: 1.5 }]);
    assert.ok(a);
    const bad = { ...delta(a.id).state, emaLatencyMs: Number.POSITIVE_INFINITY, lastCheckAt: 1.25 };
    await store.apply([delta(a.id, { latencySumMs: Number.NaN, state: bad }), delta(a.id)]);
    assert.equal((await store.loadAll())[0]?.totalSuccesses, 4);
  });

  check("keeps 25 000 proxies added in one call", async (open) => {
    const store = open();
    const urls = Array.from(
      { length: 25_000 },
      (_, i) => `http://10.${i >> 16}.${(i >> 8) & 255}.${i & 255}:80`,
    );
    const results = await store.upsert(urls.map((url) => ({ url })));
    assert.equal(new Set(results.map(({ id }) => id)).size, urls.length);
    assert.deepEqual((await open().loadAll()).map(({ url }) => url), urls);
  });

  check("is closed for good, and closes twice", async (open) => {
    const store = open();
    await store.upsert([{ url: A }]);
    await store.close();
    await store.close();
    await assert.rejects(store.loadAll(), { code: "STORE_CLOSED" });
    await assert.rejects(store.upsert([{ url: A }]), { code: "STORE_CLOSED" });
  });
}
