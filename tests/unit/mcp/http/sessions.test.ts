/** Sessions of the 2025 revisions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeService } from "../fake_service.ts";
import { FakeTimer } from "../fake_timer.ts";
import type { Wire } from "../wire.ts";
import { events, HttpWire, nextMessage } from "./http_wire.ts";

const HEALTH = "proxy://health";

/** A service whose next call waits until the test lets it go on. */
function waiting(service: FakeService): { readonly arrived: Promise<AbortSignal>; finish(): void } {
  let arrive: (signal: AbortSignal) => void;
  let finish: () => void;
  const arrived = new Promise<AbortSignal>((resolve) => arrive = resolve);
  const finished = new Promise<void>((resolve) => finish = resolve);
  service.answer = async (_input, { signal, progress }) => {
    progress?.({ progress: 1, total: 2, message: "half" });
    arrive(signal!);
    await Promise.race([finished, new Promise((resolve) => signal!.addEventListener("abort", resolve))]);
    return { ok: true, value: { finished: true } };
  };
  return { arrived, finish: () => finish() };
}

const call = { name: "proxywhirl", arguments: { action: "list" } };

test("a session serves what belongs together, and ends with DELETE", async () => {
  const wire = new HttpWire(new FakeService());
  const session = await wire.open();
  assert.match(session, /^[0-9a-f]{48}$/);
  const { result } = await wire.ask("tools/list", {}, { session });
  assert.equal(result.tools[0].name, "proxywhirl");
  assert.deepEqual((await wire.call({ action: "list" }, { session })).echo, { action: "list" });
  assert.equal(wire.handler.openSessions, 1);
  const end = () => wire.fetch("/mcp", { method: "DELETE", headers: { "mcp-session-id": session } });
  assert.equal((await end()).status, 200);
  assert.equal(wire.handler.openSessions, 0);
  assert.equal((await end()).status, 404);
  assert.equal((await wire.send("tools/list", {}, { session })).status, 404);
});

test("a session is needed, and must be one that there is", async () => {
  const wire = new HttpWire(new FakeService());
  assert.equal((await wire.send("tools/list")).status, 400);
  assert.equal((await wire.send("tools/list", {}, { session: "0".repeat(48) })).status, 404);
  assert.equal((await wire.fetch("/mcp", { headers: { accept: "text/event-stream" } })).status, 400);
  assert.equal((await wire.fetch("/mcp", { method: "DELETE" })).status, 400);
  const session = await wire.open();
  assert.equal((await wire.initialize({ session })).status, 400, "only once");
  const wrong = { "mcp-session-id": session, "mcp-protocol-version": "1999-01-01" };
  assert.equal((await wire.send("ping", {}, { headers: wrong })).status, 400);
  assert.equal(wire.handler.openSessions, 1);
});

test("a request that is refused opens no session", async () => {
  const wire = new HttpWire(new FakeService());
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
  };
  assert.equal((await wire.post(initialize, { headers: { accept: "application/json" } })).status, 406);
  assert.equal((await wire.post([initialize, { jsonrpc: "2.0", id: 2, method: "ping" }])).status, 400);
  const malformed = await wire.post({ jsonrpc: "2.0", id: 3, method: "initialize", params: 7 });
  assert.equal(malformed.status, 400);
  assert.equal(wire.handler.openSessions, 0);
});

test("a session tells its subscriber of changes on its stream", async () => {
  const service = new FakeService();
  const wire = new HttpWire(service, { timer: new FakeTimer() });
  const session = await wire.open();
  const stream = events(await wire.listen(session));
  assert.equal((await wire.listen(session)).status, 409, "one stream is enough");
  assert.deepEqual((await wire.ask("resources/subscribe", { uri: HEALTH }, { session })).result, {});
  service.change(HEALTH);
  const { method, params } = await nextMessage(stream);
  assert.deepEqual([method, params], ["notifications/resources/updated", { uri: HEALTH }]);
  await stream.return(undefined);
});

test("a session sends progress before the answer, and hears of a cancellation", async () => {
  const service = new FakeService();
  const wire = new HttpWire(service);
  const session = await wire.open();
  const { arrived, finish } = waiting(service);
  const params = { ...call, _meta: { progressToken: "p" } };
  const stream = events(await wire.send("tools/call", params, { session }));
  const progress = await nextMessage(stream);
  assert.equal(progress.method, "notifications/progress");
  assert.deepEqual(progress.params, { progressToken: "p", progress: 1, total: 2, message: "half" });
  await arrived;
  finish();
  assert.deepEqual((await nextMessage(stream)).result.structuredContent, { finished: true });

  const second = waiting(service);
  const request = { jsonrpc: "2.0", id: "to cancel", method: "tools/call", params: call };
  const cancelling = events(await wire.post(request, { session }));
  const { value: begin } = await cancelling.next();
  const signal = await second.arrived;
  const cancelled = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "to cancel" } };
  assert.equal((await wire.post(cancelled, { session })).status, 202);
  assert.equal(signal.aborted, true);
  assert.equal((await cancelling.next()).done, true, "the stream ends, without an answer");
  const again = events(await wire.listen(session, { "last-event-id": begin!.id! }));
  assert.equal((await nextMessage(again)).error.message, "Request cancelled");
  assert.equal((await again.next()).done, true, "and is not waited for again");
  assert.equal((await wire.post(cancelled, { session })).status, 202, "twice is no harm");
});

test("a client whose stream breaks gets the rest of it when it asks again", async () => {
  const service = new FakeService();
  const wire = new HttpWire(service);
  const session = await wire.open();
  const { arrived, finish } = waiting(service);
  const stream = events(await wire.send("tools/call", call, { session }));
  const { value: first } = await stream.next();
  assert.ok(first?.id !== undefined && first.data === "", "an id to begin with");
  const signal = await arrived;
  await stream.return(undefined); // the connection breaks
  finish();
  assert.equal(signal.aborted, false, "the call goes on");
  const again = events(await wire.listen(session, { "last-event-id": first.id }));
  let answer: Wire;
  do answer = await nextMessage(again); while (!("result" in answer));
  assert.deepEqual(answer.result.structuredContent, { finished: true });
  assert.equal((await wire.listen(session, { "last-event-id": "999" })).status, 400);
});

test("a session that nobody uses ends, and one with an open stream does not", async () => {
  const timer = new FakeTimer();
  const wire = new HttpWire(new FakeService(), { timer, sessionIdleMs: 1000 });
  const used = await wire.open();
  const listening = await wire.open();
  const stream = await wire.listen(listening);
  await wire.open();
  assert.equal(wire.handler.openSessions, 3);
  for (let i = 0; i < 10; i++) {
    timer.advance(500);
    await wire.ask("ping", {}, { session: used });
  }
  assert.equal(wire.handler.openSessions, 2);
  await stream.body!.cancel();
  timer.advance(5000);
  assert.equal(wire.handler.openSessions, 0);
  assert.equal(timer.pending, 0, "nothing is left to watch");
});

test("too many sessions make room at the cost of the one unused for longest", async () => {
  const timer = new FakeTimer();
  const wire = new HttpWire(new FakeService(), { timer, maxSessions: 3 });
  const sessions: string[] = [];
  for (let i = 0; i < 3; i++) {
    sessions.push(await wire.open());
    timer.advance(10);
  }
  await wire.ask("ping", {}, { session: sessions[0]! });
  timer.advance(10);
  sessions.push(await wire.open());
  assert.equal(wire.handler.openSessions, 3);
  const statuses = await Promise.all(
    sessions.map(async (session) => (await wire.send("ping", {}, { session })).status),
  );
  assert.deepEqual(statuses, [200, 404, 200, 200]);
});

test("sessions that are all in use make no room: a new one is refused for a while", async () => {
  const wire = new HttpWire(new FakeService(), { maxSessions: 2 });
  const open = [await wire.open(), await wire.open()];
  const streams = await Promise.all(open.map((session) => wire.listen(session)));
  const refused = await wire.initialize();
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "10");
  await streams[0]!.body!.cancel();
  assert.equal((await wire.initialize()).status, 200);
});

test("a stranger's session makes no room at the cost of a known caller's", async () => {
  const service = Object.assign(new FakeService(), {
    requiresKey: true,
    acceptsKey: (key: string) => key === "k",
  });
  const wire = new HttpWire(service, { maxSessions: 2 });
  const known = { headers: { "x-api-key": "k" } };
  const first = await wire.open(known);
  await wire.open();
  await wire.open();
  assert.equal(wire.handler.openSessions, 2);
  await wire.open(known);
  assert.equal((await wire.initialize()).status, 503, "only known callers are left");
  assert.equal((await wire.send("ping", {}, { ...known, session: first })).status, 200);
});

test("a session belongs to the caller who opened it", async () => {
  const service = Object.assign(new FakeService(), {
    requiresKey: true,
    acceptsKey: (key: string) => key === "k",
  });
  const wire = new HttpWire(service);
  const known = { headers: { "x-api-key": "k" } };
  const session = await wire.open(known);
  assert.equal((await wire.send("ping", {}, { ...known, session })).status, 200);
  assert.equal((await wire.send("ping", {}, { session })).status, 404);
  assert.equal((await wire.listen(session)).status, 404);
});

test("a thousand sessions opened and abandoned leave a bounded number behind", async () => {
  const service = new FakeService();
  const wire = new HttpWire(service, { maxSessions: 20 });
  for (let i = 0; i < 1000; i++) {
    const session = await wire.open();
    if (i % 10 === 0) await wire.ask("resources/subscribe", { uri: HEALTH }, { session });
  }
  assert.equal(wire.handler.openSessions, 20);
  assert.ok(service.listeners.size <= 21, `${service.listeners.size} listeners`);
  await wire.handler.close();
  assert.equal(service.listeners.size, 0);
});
