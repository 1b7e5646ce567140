import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import process from "node:process";
import { test } from "node:test";
import { runMcpStdio, serveMcpStdio, type StdioProgramOptions } from "../../../src/mcp/mod.ts";
import { FakeService } from "./fake_service.ts";

function start(options: StdioProgramOptions = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const events: string[] = [];
  const ended = runMcpStdio(new FakeService(), {
    onClose: (end) => void events.push(`onClose: ${end}`),
    onError: (error) => events.push(error.message),
    exit: (code) => void events.push(`exit ${code}`),
    ...options,
    input,
    output,
  });
  return { input, output, events, ended };
}

test("runMcpStdio() writes out the pool, then exits with 0, when its input ends", async () => {
  const { input, events, ended } = start();
  input.end();
  await ended;
  assert.deepEqual(events, ["onClose: input ended", "exit 0"]);
});

test("runMcpStdio() exits with 1 when onClose fails or hangs", async () => {
  const failing = start({ onClose: () => Promise.reject(new Error("disk full")) });
  failing.input.end();
  await failing.ended;
  assert.deepEqual(failing.events, ["Cannot close cleanly", "exit 1"]);
  const hanging = start({ onClose: () => new Promise(() => {}), closeTimeoutMs: 1 });
  hanging.input.end();
  await hanging.ended;
  assert.deepEqual(hanging.events, ["Cannot close cleanly", "exit 1"]);
});

test("runMcpStdio() ends on a signal, at once on the second, and leaves no listener behind", async () => {
  const before = process.listenerCount("SIGTERM");
  const { events, ended } = start({
    onClose: (end) => {
      events.push(`onClose: ${end}`);
      process.emit("SIGTERM", "SIGTERM");
    },
  });
  process.emit("SIGINT", "SIGINT");
  await ended;
  assert.deepEqual(events, ["onClose: SIGINT", "exit 1", "exit 0"]);
  assert.equal(process.listenerCount("SIGTERM"), before);
});

test("runMcpStdio() sends the console to stderr while it serves", async () => {
  const { log } = console;
  const { input, ended } = start();
  assert.equal(console.log, console.error);
  input.end();
  await ended;
  assert.equal(console.log, log);
});

test("serveMcpStdio() waits on close until what it wrote has left", async () => {
  const [input, output] = [new PassThrough(), new PassThrough({ highWaterMark: 1 })];
  const server = serveMcpStdio(new FakeService(), { input, output });
  const read = new Promise<string>((resolve) => output.once("data", (chunk) => resolve(String(chunk))));
  input.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  assert.equal(JSON.parse(await read).id, 1);
  await server.close();
  await server.closed;
  assert.equal(output.writableLength, 0);
});
