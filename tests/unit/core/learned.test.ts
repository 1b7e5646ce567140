import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { LearnedState } from "../../../src/core/learned.ts";
import { ProxyRotator } from "../../../src/core/rotator.ts";
import { Program, settings, uses } from "./random_use.ts";
import { bench, EPOCH, FakeClock, fill } from "./support.ts";

const target = "shop.example";
const NOTHING: LearnedState = { pairs: [], sessions: [], endedSessions: [] };

test("takeLearned() answers what changed since the last call, and nothing before somebody asked for it", () => {
  const { rotator, clock } = bench();
  const [id, other] = fill(rotator, 2);
  rotator.report(id!, { verdict: "ok", target });
  rotator.startNoting();
  assert.deepEqual(rotator.takeLearned(), NOTHING);
  clock.advance(500);
  rotator.report(id!, { verdict: "ok", latencyMs: 120, target });
  rotator.report(id!, { verdict: "blocked", target });
  rotator.report(other!, { verdict: "ok", target });
  rotator.acquire({ session: "s" });
  const { pairs, sessions, endedSessions } = rotator.takeLearned();
  assert.deepEqual(
    pairs.map((pair) => [pair.proxyId, pair.target, pair.successes, pair.blocks, pair.deads]),
    [
      [id, target, 2, 1, 0],
      [other, target, 1, 0, 0],
    ],
  );
  assert.equal(pairs[0]!.lastVerdict, "blocked");
  assert.equal(pairs[0]!.lastAt, EPOCH + 1500);
  assert.equal(pairs[0]!.goodMs, 120);
  assert.equal(pairs[0]!.ejection?.state, "open");
  assert.deepEqual(sessions, [
    { key: "s", proxyId: id, expiresAt: EPOCH + 1500 + 1_800_000, isExclusive: false },
  ]);
  assert.deepEqual(endedSessions, []);
  assert.deepEqual(rotator.takeLearned(), NOTHING);
});

test("takeLearned() tells of sessions that ended, and leaves out proxies that are gone", () => {
  const { rotator, clock } = bench();
  const [id] = fill(rotator, 1);
  rotator.startNoting();
  rotator.acquire({ session: "s" }).report({ verdict: "ok" });
  rotator.takeLearned();
  clock.advance(1_800_000);
  assert.deepEqual(rotator.takeLearned().endedSessions, ["s"]);
  rotator.report(id!, { verdict: "ok", target });
  rotator.removeProxy(id!);
  assert.deepEqual(rotator.takeLearned(), NOTHING);
});

test("takeLearned() writes a session that is used all the time only now and then", () => {
  const { rotator, clock } = bench();
  fill(rotator, 1);
  rotator.startNoting();
  let written = 0;
  for (let i = 0; i < 1000; i++) {
    clock.advance(1000);
    rotator.acquire({ session: "s" }).release();
    written += rotator.takeLearned().sessions.length;
  }
  assert.ok(written >= 2 && written < 20, `${written}`);
});

test("restoreLearned() puts sessions, ejections, paces and records in place after a restart", () => {
  const first = bench({ random: () => 0, pacing: { targets: { "paced.example": "1/min" } } });
  const ids = fill(first.rotator, 3);
  first.rotator.startNoting();
  const held = first.rotator.acquire({ session: "s" }).proxy.id;
  first.rotator.acquire({ session: "x", exclusive: true });
  first.rotator.report(ids[0]!, { verdict: "blocked", target });
  first.rotator.acquire({ target: "paced.example", exclude: [ids[1]!, ids[2]!] }).report({
    verdict: "ok",
    latencyMs: 70,
  });
  const learned = structuredClone(first.rotator.takeLearned());

  first.clock.advance(4000);
  const wallNow = EPOCH + first.clock.time;
  const clock = new FakeClock(7);
  const second = new ProxyRotator({
    clock,
    wallClock: { now: () => wallNow + clock.time - 7 },
    random: () => 0,
    pacing: { targets: { "paced.example": "1/min" } },
  });
  for (const id of ids) second.restore(first.rotator.snapshot(id));
  second.restoreLearned(learned);
  assert.equal(second.acquire({ session: "s" }).proxy.id, held);
  const ejected = second.explain({ target, proxyId: ids[0]! }).proxy!;
  assert.deepEqual([ejected.reason, ejected.freeInMs], ["ejected_on_target", 6000]);
  const paced = second.explain({ target: "paced.example", proxyId: ids[0]! }).proxy!;
  assert.deepEqual([paced.reason, paced.freeInMs], ["paced", 56_000]);
  const exclusive = second.explain({ proxyId: ids[1]! }).proxy!;
  assert.equal(exclusive.reason, "in_exclusive_use");
  clock.advance(60_000);
  assert.equal(second.explain({ target: "paced.example", proxyId: ids[0]! }).proxy!.reason, null);
  clock.advance(1_800_000);
  assert.equal(second.explain().eligible, 3);
});

test("restoreLearned() drops what belongs to nobody, and sessions that ended meanwhile", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  rotator.restoreLearned({
    pairs: [],
    sessions: [
      { key: "gone", proxyId: "nobody", expiresAt: EPOCH + 1e6, isExclusive: true },
      { key: "over", proxyId: id!, expiresAt: EPOCH - 1, isExclusive: true },
      { key: "far", proxyId: id!, expiresAt: EPOCH + 1e12, isExclusive: false },
    ],
    endedSessions: [],
  });
  assert.equal(rotator.explain().eligible, 1);
  assert.equal(rotator.explain({ session: "far" }).choice?.decidedBy, "session");
  assert.equal(rotator.explain({ session: "over" }).choice?.decidedBy, "strategy");
});

test("restoreLearned() brings back what takeLearned() answered, after any use", () => {
  fc.assert(
    fc.property(uses, settings, fc.integer({ min: 0, max: 1e6 }), (uses, settings, start) => {
      const program = new Program(settings);
      program.rotator.startNoting();
      const latest = new Map<string, LearnedState["pairs"][number]>();
      for (const use of uses) {
        program.apply(use);
        for (const pair of program.rotator.takeLearned().pairs) {
          latest.set(`${pair.proxyId} ${pair.target}`, pair);
        }
      }
      const pairs = [...latest.values()];
      const clock = new FakeClock(start);
      const wallNow = EPOCH + program.clock.time;
      const { targets: _, ...others } = settings;
      const restored = new ProxyRotator({ ...others, clock, wallClock: { now: () => wallNow } });
      for (const { id } of program.rotator.proxies()) restored.restore(program.rotator.snapshot(id));
      restored.restoreLearned(structuredClone({ pairs, sessions: [], endedSessions: [] }));
      for (const { id } of restored.proxies()) {
        const expected = pairs.filter((pair) => pair.proxyId === id);
        const actual = restored.targetsOf(id);
        assert.equal(actual.length, expected.length);
        for (const pair of actual) {
          const before = expected.find((other) => other.target === pair.target)!;
          const { ejection, nextFreeAt: __, ...rest } = pair;
          const { ejection: ejectionBefore, nextFreeAt: ___, ...restBefore } = before;
          assert.deepEqual(rest, restBefore);
          assert.equal(ejection?.timesOpened, ejectionBefore?.timesOpened);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test("targetsOf() lists how a proxy fares on its targets, latest first", () => {
  const { rotator, clock } = bench();
  const [id] = fill(rotator, 1);
  for (let i = 0; i < 30; i++) {
    clock.advance(10);
    rotator.report(id!, { verdict: "ok", target: `t${i}.example` });
  }
  assert.equal(rotator.targetsOf(id!).length, 20);
  assert.deepEqual(rotator.targetsOf(id!, 2).map((pair) => pair.target), ["t29.example", "t28.example"]);
});
