import assert from "node:assert/strict";
import { test } from "node:test";
import { type PoolProxy, ProxyRotator } from "../../../src/core/mod.ts";
import {
  type CareRound,
  type CareTimers,
  PoolCare,
  type PoolCareOptions,
} from "../../../src/sources/care.ts";
import { startJudge } from "../../../src/sources/judge.ts";
import { validateProxies, type Validation } from "../../../src/sources/validate.ts";
import { FaultyProxy } from "../../support/faulty_proxy.ts";

const START = 1_800_000_000_000;

/** A pool with a clock, and timers that ring when told. */
class World {
  nowMs = START;
  readonly rotator: ProxyRotator = new ProxyRotator({
    clock: { now: () => this.nowMs },
    wallClock: { now: () => this.nowMs },
    random: () => 0.5,
  });
  readonly waits: number[] = [];
  readonly tried: string[][] = [];
  alive = true;
  ring: (() => void) | undefined;
  readonly timers: CareTimers = {
    after: (ms, callback) => {
      this.waits.push(ms);
      this.ring = callback;
      return () => {
        this.ring = undefined;
      };
    },
  };

  care(options: Partial<PoolCareOptions> = {}): PoolCare {
    return new PoolCare({
      rotator: this.rotator,
      validate: (proxies) => this.#validate(proxies),
      wallClock: { now: () => this.nowMs },
      random: () => 0.5,
      timers: this.timers,
      ...options,
    });
  }

  async *#validate(proxies: readonly PoolProxy[]): AsyncGenerator<Validation<PoolProxy>> {
    this.tried.push(proxies.map(({ endpoint }) => endpoint.host));
    for (const candidate of proxies) {
      await Promise.resolve();
      yield {
        candidate,
        isValid: this.alive,
        latencyMs: 5,
        statusCode: 200,
        error: null,
        anonymity: null,
        isHttpsCapable: null,
        exitAddress: null,
        checkedAt: this.nowMs,
        outcome: { verdict: this.alive ? "ok" : "dead" },
      };
    }
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

test("PoolCare does nothing until it is started, and nothing after it was stopped", async () => {
  const world = new World();
  world.rotator.addProxy("http://203.0.113.7:80");
  const care = world.care();
  assert.equal(care.isRunning, false);
  assert.deepEqual(world.waits, []);
  care.start();
  care.start();
  assert.equal(care.isRunning, true);
  assert.equal(world.waits.length, 1);
  await care.stop();
  assert.equal(care.isRunning, false);
  assert.equal(world.ring, undefined);
  assert.deepEqual(world.tried, []);
});

test("PoolCare tries what nobody used for a while, the longest forgotten first, and never what is in use", async () => {
  const world = new World();
  const ids = [7, 8, 9].map((end) => world.rotator.addProxy(`http://203.0.113.${end}:80`).id);
  const care = world.care({ batchSize: 2 });
  assert.deepEqual(await care.runOnce(), { tried: 2, valid: 2, added: 0 });
  assert.deepEqual(await care.runOnce(), { tried: 1, valid: 1, added: 0 });
  assert.deepEqual(await care.runOnce(), { tried: 0, valid: 0, added: 0 });
  world.nowMs += 29 * 60_000;
  world.rotator.report(ids[0]!, { verdict: "ok" });
  world.nowMs += 60_000;
  await care.runOnce();
  assert.deepEqual(world.tried, [["203.0.113.7", "203.0.113.8"], ["203.0.113.9"], [
    "203.0.113.8",
    "203.0.113.9",
  ]]);
});

test("PoolCare tries dead proxies at longer and longer intervals, at most six hours", async () => {
  const world = new World();
  world.alive = false;
  const { proxy } = world.rotator.addProxy("http://203.0.113.7:80");
  const care = world.care();
  const gaps: number[] = [];
  let last = world.nowMs;
  for (let minute = 0; minute < 60 * 40; minute++) {
    world.nowMs += 60_000;
    if ((await care.runOnce()).tried === 0) continue;
    gaps.push((world.nowMs - last) / 60_000);
    last = world.nowMs;
  }
  assert.deepEqual(gaps.slice(0, 12), [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
  assert.equal(proxy.status, "dead");
  world.alive = true;
  world.nowMs += 6 * 60 * 60_000;
  await care.runOnce();
  assert.equal(proxy.status, "degraded");
});

test("PoolCare refills when too few are usable, and only then", async () => {
  const world = new World();
  const asked: number[] = [];
  const ids = [1, 2, 3].map((end) => world.rotator.addProxy(`http://203.0.113.${end}:80`).id);
  const refill = (missing: number) => {
    asked.push(missing);
    return Promise.resolve(2);
  };
  const care = world.care({ minUsable: 3, refill });
  assert.deepEqual(await care.runOnce(), { tried: 3, valid: 3, added: 0 });
  for (let i = 0; i < 5; i++) world.rotator.report(ids[0]!, { verdict: "dead" });
  assert.equal((await care.runOnce()).added, 2);
  assert.deepEqual(asked, [1]);
  await world.care({ refill }).runOnce();
  await world.care({ minUsable: 9 }).runOnce();
  assert.deepEqual(asked, [1]);
});

test("PoolCare goes on after a round, with jitter, and waits longer after one that failed", async () => {
  const world = new World();
  const errors: unknown[] = [];
  const rounds: CareRound[] = [];
  let isBroken = true;
  const care = world.care({
    minUsable: 1,
    refill: () => isBroken ? Promise.reject(new Error("no judge")) : Promise.resolve(1),
    onError: (error) => void errors.push(error),
    onRound: (round) => void rounds.push(round),
    random: () => 0,
  });
  care.start();
  for (let i = 0; i < 6; i++) {
    world.ring?.();
    await settle();
  }
  isBroken = false;
  world.ring?.();
  await settle();
  const base = 45_000;
  assert.deepEqual(world.waits, [1, 2, 4, 8, 16, 16, 16, 1].map((times) => times * base));
  assert.equal(errors.length, 6);
  assert.deepEqual(rounds, [{ tried: 0, valid: 0, added: 1 }]);
  await care.stop();
});

test("PoolCare.stop() ends the trials that are under way, leaves no connection, and starts again", async () => {
  await using proxy = await FaultyProxy.start({ fault: "hang" });
  const judge = await startJudge({ port: 0 });
  const world = new World();
  const { id } = world.rotator.addProxy(proxy.url("http"));
  const errors: unknown[] = [];
  const care = world.care({
    validate: (proxies, signal) =>
      validateProxies(proxies, { judges: [judge.url], allowPrivate: true, signal }),
    onError: (error) => void errors.push(error),
  });
  care.start();
  world.ring?.();
  while (proxy.accepted === 0) await new Promise((resolve) => setImmediate(resolve));
  await care.stop();
  await proxy.sockets.none();
  assert.equal(world.rotator.getProxy(id)?.status, "unknown", "nobody is charged");
  assert.deepEqual(errors, []);
  care.start();
  assert.equal(care.isRunning, true);
  await care.stop();
  await judge.close();
});

test("PoolCare passes over a proxy that left the pool meanwhile", async () => {
  const world = new World();
  const { id } = world.rotator.addProxy("http://203.0.113.7:80");
  const applied: string[] = [];
  const care = world.care({
    validate: async function* (proxies) {
      world.rotator.removeProxy(id);
      for (const candidate of proxies) {
        await Promise.resolve();
        yield { candidate, isValid: true, outcome: { verdict: "ok" } } as Validation<PoolProxy>;
      }
    },
    apply: ({ candidate }) => void applied.push(candidate.id),
  });
  assert.equal((await care.runOnce()).tried, 1);
  assert.deepEqual(applied, []);
});
