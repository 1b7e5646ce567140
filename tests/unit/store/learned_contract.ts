/** What every store must do with what was learned of targets and sessions. Run on each implementation. */

import assert from "node:assert/strict";
import type { LearnedState, PairSnapshot, SessionSnapshot } from "../../../src/core/mod.ts";
import type { Store } from "../../../src/store/mod.ts";
import { checker, delta, type Place } from "./store_contract.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const UNKNOWN_ID = "0b6f3c1e-8a44-4a53-9e58-0f2f5a3d9b11";

/** A pair in which every member says something. */
export function pair(proxyId: string, target: string, part: Partial<PairSnapshot> = {}): PairSnapshot {
  return {
    proxyId,
    target,
    successes: 7,
    blocks: 2,
    deads: 1,
    recentSuccesses: 5.125,
    recentFailures: 1.5,
    peakMs: 5000,
    goodMs: 120.25,
    lastVerdict: "blocked",
    lastAt: Date.now() - 1000,
    nextFreeAt: Date.now() + 4000,
    isProven: true,
    ejection: { state: "open", openUntil: Date.now() + 20_000, timesOpened: 3 },
    ...part,
  };
}

/** A session that lasts. */
export function session(key: string, proxyId: string, part: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return { key, proxyId, expiresAt: Date.now() + 1_800_000, isExclusive: false, ...part };
}

/** What was learned, in parts. */
export function learned(part: Partial<LearnedState>): LearnedState {
  return { pairs: [], sessions: [], endedSessions: [], ...part };
}

async function addTwo(store: Store): Promise<[string, string]> {
  const [a, b] = await store.upsert([{ url: "http://203.0.113.1:8080" }, { url: "http://203.0.113.2:8080" }]);
  assert.ok(a && b);
  return [a.id, b.id];
}

/** Registers the tests. */
export function testLearnedContract(name: string, makePlace: () => Place): void {
  const check = checker(name, makePlace);

  check("has learned nothing at first", async (open) => {
    assert.deepEqual(await open().loadLearned(), learned({}));
  });

  check("keeps every member of what was learned", async (open) => {
    const store = open();
    const [a, b] = await addTwo(store);
    const bare: Partial<PairSnapshot> = {
      successes: 0,
      blocks: 0,
      deads: 0,
      recentSuccesses: 0,
      recentFailures: 0,
      peakMs: null,
      goodMs: null,
      lastVerdict: null,
      nextFreeAt: null,
      isProven: false,
      ejection: null,
    };
    const given = learned({
      pairs: [
        pair(a, "shop.example"),
        pair(b, "shop.example", bare),
        pair(a, "2001:db8::1", { ejection: { state: "half_open", openUntil: null, timesOpened: 1 } }),
      ],
      sessions: [session("cart-42", a), session("Käse 🧀 \"'--", b, { isExclusive: true })],
    });
    await store.apply([delta(a)], given);
    const found = await open().loadLearned();
    assert.deepEqual(new Set(found.pairs), new Set(given.pairs));
    assert.deepEqual(new Set(found.sessions), new Set(given.sessions));
  });

  check("tells of pairs in the order of use, and of sessions in that of their end", async (open) => {
    const store = open();
    const [a, b] = await addTwo(store);
    const now = Date.now();
    const at = (ago: number) => pair(ago % 2 ? a : b, `t${ago}.example`, { lastAt: now - ago });
    const until = (left: number) => session(`s${left}`, a, { expiresAt: now + 60_000 + left });
    await store.apply([], learned({ pairs: [7, 3, 9, 1].map(at), sessions: [7, 3, 9, 1].map(until) }));
    const { pairs, sessions } = await open().loadLearned();
    assert.deepEqual(pairs.map(({ target }) => target), [
      "t9.example",
      "t7.example",
      "t3.example",
      "t1.example",
    ]);
    assert.deepEqual(sessions.map(({ key }) => key), ["s1", "s3", "s7", "s9"]);
  });

  check("keeps what was written last of each pair and session, and nothing of ended ones", async (open) => {
    const [here, there] = [open(), open()];
    const [a, b] = await addTwo(here);
    const first = { pairs: [pair(a, "shop.example")], sessions: [session("s", a), session("t", a)] };
    await here.apply([], learned(first));
    await there.loadAll();
    const latest = { pairs: [pair(a, "shop.example", { successes: 8 })], sessions: [session("s", b)] };
    await there.apply([], learned({ ...latest, endedSessions: ["t", "never heard of"] }));
    assert.deepEqual(await here.loadLearned(), learned(latest));
  });

  check("learns nothing of proxies that are gone", async (open) => {
    const store = open();
    const [gone, stays] = await addTwo(store);
    const of = (id: string) => ({ pairs: [pair(id, "shop.example")], sessions: [session(`of ${id}`, id)] });
    await store.apply([], learned(of(gone)));
    await store.apply([], learned(of(stays)));
    await store.remove([gone]);
    assert.deepEqual((await store.loadLearned()).pairs.map(({ proxyId }) => proxyId), [stays]);
    await store.apply([delta(stays)], learned(of(gone)));
    await store.apply([], learned(of(UNKNOWN_ID)));
    // A new proxy in the place of the one that is gone has learned nothing.
    await store.upsert([{ url: "http://203.0.113.1:8080" }]);
    const { pairs, sessions } = await open().loadLearned();
    assert.deepEqual(pairs.map(({ proxyId }) => proxyId), [stays]);
    assert.deepEqual(sessions.map(({ proxyId }) => proxyId), [stays]);
    assert.equal((await store.loadAll())[0]?.totalSuccesses, 2);
  });

  check("forgets sessions that ended, and pairs after 14 days", async (open) => {
    const store = open();
    const [a] = await addTwo(store);
    const now = Date.now();
    const pairs = [
      pair(a, "old.example", { lastAt: now - 14 * DAY_MS - 60_000 }),
      pair(a, "recent.example", { lastAt: now - 14 * DAY_MS + 60_000 }),
    ];
    const sessions = [session("ended", a, { expiresAt: now - 1 }), session("lasts", a)];
    await store.apply([], learned({ pairs, sessions }));
    const found = await open().loadLearned();
    assert.deepEqual(found.pairs.map(({ target }) => target), ["recent.example"]);
    assert.deepEqual(found.sessions.map(({ key }) => key), ["lasts"]);
  });

  check("takes an outcome in the future for one of now", async (open) => {
    const store = open();
    const [a] = await addTwo(store);
    const before = Date.now();
    await store.apply([], learned({ pairs: [pair(a, "shop.example", { lastAt: before + 400 * DAY_MS })] }));
    const [found] = (await open().loadLearned()).pairs;
    assert.ok(found && found.lastAt >= before && found.lastAt <= Date.now());
  });

  check("keeps until when a site asked everybody to wait", async (open) => {
    const store = open();
    await addTwo(store);
    const until = Date.now() + 60_000;
    const cooling = [
      { target: "shop.example", until: until - 30_000 },
      { target: "over.example", until: Date.now() - 1 },
    ];
    await store.apply([], learned({ cooling }));
    await open().apply([], learned({ cooling: [{ target: "shop.example", until }] }));
    assert.deepEqual(await store.loadLearned(), learned({ cooling: [{ target: "shop.example", until }] }));
  });

  check("does not tell others of what it learned", async (open) => {
    const [here, there] = [open(), open()];
    const [a] = await addTwo(here);
    await there.loadAll();
    await here.apply([], learned({ pairs: [pair(a, "shop.example")], sessions: [session("s", a)] }));
    assert.deepEqual(await there.changes(), { proxies: [], removed: [] });
    await here.apply([delta(a)], learned({ pairs: [pair(a, "shop.example")] }));
    assert.deepEqual((await there.changes()).proxies.map(({ id }) => id), [a]);
  });

  check("takes numbers that nobody should have learned", async (open) => {
    const store = open();
    const [a] = await addTwo(store);
    const bad: Partial<PairSnapshot> = {
      successes: 1.5,
      recentSuccesses: Number.NaN,
      peakMs: Number.POSITIVE_INFINITY,
      lastAt: Date.now() - 0.5,
    };
    const given = [pair(a, "bad.example", bad), pair(a, "good.example")];
    await store.apply([], learned({ pairs: given, sessions: [session("s", a, { expiresAt: 1e300 })] }));
    const { pairs } = await open().loadLearned();
    assert.deepEqual(pairs.map(({ target }) => target).sort(), ["bad.example", "good.example"]);
  });
}
