import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { test } from "node:test";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { StdioTransport, type StdioTransportOptions } from "../../../src/mcp/stdio_transport.ts";
import { FakeTimer } from "./fake_timer.ts";

async function start(options: Partial<StdioTransportOptions> = {}) {
  const [input, output] = [new PassThrough(), options.output ?? new PassThrough()];
  const transport = new StdioTransport({ ...options, input, output });
  const received: JSONRPCMessage[] = [];
  const errors: Error[] = [];
  let closed = 0;
  transport.onmessage = (message) => received.push(message);
  transport.onerror = (error) => errors.push(error);
  transport.onclose = () => closed++;
  await transport.start();
  let written = "";
  if (output instanceof PassThrough) output.on("data", (chunk) => written += chunk);
  const answers = () => written.trimEnd().split("\n").map((line) => JSON.parse(line));
  return { input, transport, received, errors, answers, closed: () => closed };
}

const request = (id: number | string, method = "ping") =>
  JSON.stringify({ jsonrpc: "2.0", id, method }) + "\n";

/** Resolves when the stream has handed over all that was written to it. */
function drained(input: PassThrough): Promise<void> {
  return new Promise((resolve) => input.write("\n", () => setImmediate(resolve)));
}

test("StdioTransport reads messages and answers broken lines", async () => {
  const { input, answers, received, errors } = await start();
  input.write(request(1));
  input.write('{"jsonrpc":"2.0","id":2,"method":"ping","params":{"x":NaN}}\n');
  input.write("[]\n");
  input.write(request(3));
  await drained(input);
  assert.deepEqual(received.map((message) => "id" in message ? message.id : undefined), [1, 3]);
  assert.deepEqual(answers().map(({ id, error }) => [id, error.code]), [[2, -32700], [undefined, -32600]]);
  assert.equal(errors.length, 2);
});

test("StdioTransport skips a message that is too long, answers it, and lives on", async () => {
  const { input, answers, received } = await start({ maxLineBytes: 1000 });
  input.write(`{"jsonrpc":"2.0","id":9,"method":"${"x".repeat(5000)}"}\n${request(10)}`);
  await drained(input);
  assert.deepEqual(answers().map(({ id }) => id), [9]);
  assert.equal(received.length, 1);
});

test("StdioTransport answers what is open before it closes at the end of input", async () => {
  const { input, answers, transport, closed } = await start();
  input.end(request(1) + request(2));
  await new Promise((resolve) => input.once("close", resolve));
  assert.equal(closed(), 0);
  await transport.send({ jsonrpc: "2.0", id: 1, result: {} });
  assert.equal(closed(), 0);
  await transport.send({ jsonrpc: "2.0", id: 2, result: {} });
  await transport.closed;
  assert.equal(closed(), 1);
  assert.deepEqual(answers().map(({ id }) => id), [1, 2]);
});

test("StdioTransport does not wait for cancelled requests, nor for subscriptions", async () => {
  const { input, transport } = await start();
  input.write(request(1) + request(2, "subscriptions/listen"));
  input.end('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n');
  await transport.closed;
});

test("StdioTransport gives open requests a time limit once the input has ended", async () => {
  const timer = new FakeTimer();
  const { input, transport, closed } = await start({ timer, graceMs: 5000 });
  input.end(request(1));
  await new Promise((resolve) => input.once("close", resolve));
  timer.advance(4999);
  assert.equal(closed(), 0);
  timer.advance(1);
  await transport.closed;
});

test("StdioTransport closes when nobody reads any more (EPIPE), and survives a second such error", async () => {
  const error = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
  const output = new Writable({ write: (_chunk, _encoding, done) => done(error), autoDestroy: false });
  const { transport, errors, closed } = await start({ output });
  await transport.send({ jsonrpc: "2.0", id: 1, result: {} });
  await transport.closed;
  output.emit("error", error);
  assert.equal(closed(), 1);
  assert.equal(errors.length, 1);
  await assert.rejects(transport.send({ jsonrpc: "2.0", id: 2, result: {} }), /closed/);
});

test("StdioTransport.send() waits for a slow reader", async () => {
  let release: () => void = () => {};
  const output = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => void (release = done),
  });
  const { transport } = await start({ output });
  let isSent = false;
  const sent = transport.send({ jsonrpc: "2.0", id: 1, result: {} }).then(() => isSent = true);
  await Promise.resolve();
  assert.equal(isSent, false);
  release();
  await sent;
});
