import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mapConcurrently } from "../../../src/sources/map_concurrently.ts";

test("mapConcurrently() does everything once, whatever the order in which things end", async () => {
  await fc.assert(fc.asyncProperty(
    fc.scheduler(),
    fc.array(fc.nat(), { maxLength: 30 }),
    fc.integer({ min: 1, max: 8 }),
    async (scheduler, things, concurrency) => {
      let open = 0;
      let most = 0;
      const work = async (thing: number) => {
        most = Math.max(most, ++open);
        await scheduler.schedule(Promise.resolve());
        open--;
        return thing * 2;
      };
      const all = (async () => {
        const found: number[] = [];
        for await (const result of mapConcurrently(things, work, { concurrency })) found.push(result);
        return found;
      })();
      const found = await scheduler.waitFor(all);
      assert.deepEqual(found.sort((a, b) => a - b), things.map((thing) => thing * 2).sort((a, b) => a - b));
      assert.ok(most <= concurrency);
    },
  ));
});

test("mapConcurrently() reads an endless source no further than it is read itself", async () => {
  let taken = 0;
  let isEnded = false;
  async function* endless() {
    try {
      for (;;) {
        await Promise.resolve();
        yield taken++;
      }
    } finally {
      isEnded = true;
    }
  }
  const found: number[] = [];
  for await (const result of mapConcurrently(endless(), (n) => Promise.resolve(n), { concurrency: 4 })) {
    found.push(result);
    if (found.length === 10) break;
  }
  assert.equal(found.length, 10);
  assert.ok(taken < 30);
  assert.ok(isEnded);
});

test("mapConcurrently() ends with the first error, and what is under way is told and waited for", async () => {
  let aborted = 0;
  const work = (thing: number, signal: AbortSignal) => {
    if (thing === 2) return Promise.reject(new Error("two"));
    return new Promise<number>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted++;
        reject(signal.reason);
      });
    });
  };
  await assert.rejects(async () => {
    for await (const result of mapConcurrently([0, 1, 2, 3], work, { concurrency: 3 })) {
      assert.fail(`${result}`);
    }
  }, /two/);
  assert.equal(aborted, 2);
});

test("mapConcurrently() heeds a signal before and while it works", async () => {
  const controller = new AbortController();
  const never = (_: number, signal: AbortSignal) =>
    new Promise<number>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const running = mapConcurrently([1], never, { concurrency: 1, signal: controller.signal }).next();
  controller.abort(new Error("enough"));
  await assert.rejects(running, /enough/);
  const again = mapConcurrently([1], never, { concurrency: 1, signal: controller.signal });
  await assert.rejects(again.next(), /enough/);
});

test("mapConcurrently() hands on what is done before it gives up", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const work = async (thing: number, signal: AbortSignal) => {
    if (thing < 5) return thing;
    // The five are done and nobody has taken them: the loop is still busy with the first.
    controller.abort(new Error("no longer wanted"));
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    throw signal.reason;
  };
  const mapped = mapConcurrently([0, 1, 2, 3, 4, 5], work, { concurrency: 6, signal: controller.signal });
  await assert.rejects(async () => {
    for await (const result of mapped) seen.push(result);
  }, /no longer wanted/);
  assert.deepEqual(seen.sort(), [0, 1, 2, 3, 4]);
});
