import assert from "node:assert/strict";
import { test } from "node:test";
import { watchBody } from "../../../../src/mcp/http/watch_body.ts";

const HEADERS = { "content-type": "text/event-stream" };

/** A stream of events in the test's hands. */
function stream() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let cancelled: () => void;
  const isCancelled = new Promise<void>((resolve) => cancelled = resolve);
  const body = new ReadableStream<Uint8Array>({
    start: (own) => void (controller = own),
    cancel: () => cancelled(),
  });
  return {
    response: new Response(body, { headers: HEADERS }),
    send: (text: string) => controller.enqueue(new TextEncoder().encode(text)),
    close: () => controller.close(),
    isCancelled,
  };
}

/** Waits for something that no timer of its own keeps the process alive for. */
async function held<T>(work: Promise<T>): Promise<T> {
  const hold = setInterval(() => {}, 1000);
  try {
    return await work;
  } finally {
    clearInterval(hold);
  }
}

test("watchBody() passes events on and tells the end once", async () => {
  const { response, send, close } = stream();
  let ends = 0;
  const watched = watchBody(response, { onEnd: () => ends++, stallMs: 5000 });
  send("a");
  send("b");
  close();
  assert.equal(ends, 0);
  assert.equal(await watched.text(), "ab");
  assert.equal(ends, 1);
});

test("watchBody() takes an answer that is no stream for ended", () => {
  let ends = 0;
  const response = Response.json({});
  assert.equal(watchBody(response, { onEnd: () => ends++, stallMs: 1 }), response);
  watchBody(new Response(null, { status: 202 }), { onEnd: () => ends++, stallMs: 1 });
  assert.equal(ends, 2);
});

test("watchBody() tells the end when the client goes", async () => {
  const { response, isCancelled } = stream();
  let ends = 0;
  const watched = watchBody(response, { onEnd: () => ends++, stallMs: 5000 });
  await watched.body!.cancel();
  await isCancelled;
  assert.equal(ends, 1);
});

/** Resolves when a stream whose client read once has been cut. */
async function stall(): Promise<void> {
  const { response, send, isCancelled } = stream();
  const ended = new Promise<void>((resolve) => {
    const watched = watchBody(response, { onEnd: resolve, stallMs: 20 });
    send("read");
    send("never read");
    void watched.body!.getReader().read();
  });
  await held(ended);
  await isCancelled;
}

test("watchBody() cuts a stream that the client stops reading", stall);

test("watchBody() does not cut a quiet stream whose client waits", async () => {
  const { response, send, close } = stream();
  const watched = watchBody(response, { onEnd: () => {}, stallMs: 20 });
  const reader = watched.body!.getReader();
  const waiting = reader.read();
  await stall(); // another one, in the meantime
  send("late");
  assert.equal(new TextDecoder().decode((await waiting).value), "late");
  close();
  assert.equal((await reader.read()).done, true);
});

test("watchBody() ends a stream when the token that opened it expires", async () => {
  const { response, send, isCancelled } = stream();
  const watched = watchBody(response, {
    onEnd: () => {},
    stallMs: 5000,
    expiresAt: Date.now() / 1000 + 0.05,
  });
  send("a");
  const reader = watched.body!.getReader();
  await reader.read();
  await held(assert.rejects(reader.read()));
  await isCancelled;
});
