import assert from "node:assert/strict";
import { test } from "node:test";
import type { DialEnd, NetObserver, RequestEnd } from "../../../src/net/mod.ts";
import { PoolOfProxies, type PoolOfProxiesOptions } from "../../support/pool_of_proxies.ts";

class Recorder implements NetObserver {
  readonly events: string[] = [];
  readonly dials: DialEnd[] = [];
  readonly ends: RequestEnd[] = [];

  requestStarted: NonNullable<NetObserver["requestStarted"]> = ({ method }) => {
    this.events.push(`request ${method}`);
    return {
      attemptStarted: (facts) => {
        this.events.push(`attempt ${facts.number}`);
        return { ended: (attempt) => this.events.push(`attempt ${facts.number}: ${attempt?.verdict}`) };
      },
      ended: (end) => {
        this.ends.push(end);
        this.events.push(`end ${end.verdict} ${end.statusCode}`);
      },
    };
  };

  checkStarted: NonNullable<NetObserver["checkStarted"]> = ({ method }) => {
    this.events.push(`check ${method}`);
    return { ended: (attempt) => this.events.push(`checked ${attempt?.verdict}`) };
  };

  dialEnded: NonNullable<NetObserver["dialEnded"]> = (end) => void this.dials.push(end);

  get dialed(): readonly string[] {
    return this.dials.map(({ outcome, stage }) => `${stage} ${outcome}`);
  }
}

async function start(
  options: PoolOfProxiesOptions,
): Promise<{ pool: PoolOfProxies; recorder: Recorder }> {
  const recorder = new Recorder();
  const client = { ...options.client, observer: recorder };
  return { pool: await PoolOfProxies.start({ ...options, client }), recorder };
}

test("NetObserver hears of a request, of each attempt in order, and of connections", async () => {
  const { pool, recorder } = await start({
    proxies: [{ fault: "close" }, {}],
    client: { retry: { baseDelayMs: 1 } },
  });
  await using _ = pool;
  await (await pool.client.fetch(`${pool.site.https}/ok`)).text();
  await (await pool.client.fetch(`${pool.site.https}/ok`)).text();
  assert.deepEqual(recorder.events, [
    "request GET",
    "attempt 1",
    "attempt 1: dead",
    "attempt 2",
    "attempt 2: ok",
    "end ok 200",
    "request GET",
    "attempt 1",
    ...recorder.events.slice(8),
  ]);
  assert.equal(recorder.events.at(-1), "end ok 200");
  assert.equal(recorder.ends[0]?.attempts.length, 2);
  assert.equal(recorder.dialed.filter((dial) => dial === "done ok").length, 1, "the second reuses it");
  assert.ok(recorder.dialed.some((dial) => dial !== "done ok"));
  assert.ok(recorder.dials.every(({ durationMs }) => durationMs >= 0));
});

test("NetObserver hears the end of a request without an answer", async () => {
  const { pool, recorder } = await start({
    proxies: [{ fault: "close" }],
    client: { retry: { maxAttempts: 1 } },
  });
  await using _ = pool;
  await assert.rejects(pool.client.fetch(`${pool.site.http}/ok`));
  assert.equal(recorder.events.at(-1), "end undefined undefined");
  assert.ok(recorder.ends[0]?.error instanceof Error);
});

test("NetObserver hears of what is given up and of what is refused", async () => {
  const { pool, recorder } = await start({
    proxies: [{ fault: "hang" }],
    client: { allowPrivateTargets: false },
  });
  await using _ = pool;
  await assert.rejects(pool.client.fetch("http://127.0.0.1/"));
  assert.deepEqual(recorder.events, ["request GET", "end undefined undefined"]);
});

test("NetObserver hears of an attempt whose caller gives up", async () => {
  const { pool, recorder } = await start({ proxies: [{ fault: "hang" }] });
  await using _ = pool;
  const controller = new AbortController();
  const { sockets } = pool.proxies[0]!;
  const add = sockets.add.bind(sockets);
  sockets.add = (socket) => {
    add(socket);
    controller.abort();
  };
  await assert.rejects(pool.client.fetch(`${pool.site.https}/ok`, { signal: controller.signal }));
  assert.deepEqual(recorder.events, [
    "request GET",
    "attempt 1",
    "attempt 1: undefined",
    "end undefined undefined",
  ]);
  assert.deepEqual(recorder.dialed, ["unknown aborted"]);
});

test("NetObserver hears of checks", async () => {
  const { pool, recorder } = await start({ proxies: [{}] });
  await using _ = pool;
  await pool.client.check(pool.ids[0]!, `${pool.site.http}/ok`);
  assert.deepEqual(recorder.events, ["check GET", "checked ok"]);
});
