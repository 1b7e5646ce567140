import assert from "node:assert/strict";
import { test } from "node:test";
import { PendingLearned } from "../../../src/store/pending_learned.ts";
import { learned, pair, session } from "./learned_contract.ts";

const A = "00000000-0000-4000-8000-000000000001";
const B = "00000000-0000-4000-8000-000000000002";
const all = () => "write" as const;

test("PendingLearned keeps the latest of each key, and what came while that was written", () => {
  const pending = new PendingLearned();
  pending.add(learned({ pairs: [pair(A, "x", { successes: 1 })], sessions: [session("s", A)] }));
  pending.add(learned({ pairs: [pair(A, "x", { successes: 2 }), pair(A, "y")], endedSessions: ["s"] }));
  const written = pending.next(10, all);
  assert.deepEqual(written.pairs.map(({ target, successes }) => [target, successes]), [["x", 2], ["y", 7]]);
  assert.deepEqual([written.sessions, written.endedSessions], [[], ["s"]]);
  pending.add(learned({ pairs: [pair(A, "x", { successes: 3 })], sessions: [session("s", B)] }));
  pending.settle(written);
  assert.equal(pending.size, 2);
  const later = pending.next(10, all);
  assert.deepEqual([later.pairs[0]?.successes, later.sessions[0]?.proxyId], [3, B]);
  pending.settle(later);
  assert.equal(pending.size, 0);
});

test("PendingLearned leaves what cannot be written yet, and drops what never can", () => {
  const pending = new PendingLearned();
  pending.add(learned({ pairs: [pair(A, "x"), pair(B, "x")], sessions: [session("a", A), session("b", B)] }));
  const nothing = pending.next(10, (id) => id === A ? "keep" : "drop");
  assert.deepEqual([nothing.pairs, nothing.sessions], [[], []]);
  assert.equal(pending.size, 2);
  const written = pending.next(10, all);
  assert.deepEqual([written.pairs[0]?.proxyId, written.sessions[0]?.key], [A, "a"]);
});

test("PendingLearned gives no more than is asked for, until all has been given", () => {
  const pending = new PendingLearned();
  pending.add(learned({ pairs: [1, 2, 3].map((n) => pair(A, `${n}`)), sessions: [session("s", A)] }));
  pending.add(learned({ endedSessions: ["t"] }));
  let count = 0;
  for (let round = 0; round < 3; round++) {
    const { pairs, sessions, endedSessions, ...others } = pending.next(2, all);
    assert.ok(pairs.length + sessions.length + endedSessions.length <= 2);
    count += pairs.length + sessions.length + endedSessions.length;
    pending.settle({ pairs, sessions, endedSessions, ...others });
  }
  assert.deepEqual([count, pending.size], [5, 0]);
});

test("PendingLearned holds 250 000 pairs at most, the latest", () => {
  const pending = new PendingLearned();
  const template = pair(A, "");
  for (let i = 0; i < 250_010; i++) {
    pending.add(learned({ pairs: [{ ...template, target: `${i % 250_005}` }] }));
  }
  assert.equal(pending.size, 250_000);
  const targets = new Set(pending.next(Infinity, all).pairs.map(({ target }) => target));
  assert.ok(targets.has("0") && targets.has("4") && targets.has("250004"));
  assert.ok(!targets.has("5") && !targets.has("9"));
});

test("PendingLearned leaves out of what is stored all that is newer here", () => {
  const pending = new PendingLearned();
  pending.add(learned({ pairs: [pair(A, "x")], endedSessions: ["s"] }));
  const stored = learned({
    pairs: [pair(A, "x"), pair(B, "x")],
    sessions: [session("s", A), session("t", A)],
  });
  const { pairs, sessions } = pending.without(stored);
  assert.deepEqual([pairs.map(({ proxyId }) => proxyId), sessions.map(({ key }) => key)], [[B], ["t"]]);
});
