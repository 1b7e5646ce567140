import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson } from "../../../../src/mcp/http/read_json.ts";

const LIMITS = { maxBytes: 1000, timeoutMs: 5000 };

function request(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request("http://x/", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  });
}

async function status(input: Request, limits = LIMITS): Promise<number> {
  const read = await readJson(input, limits);
  return "refusal" in read ? read.refusal.status : 200;
}

/** A body of which only the first piece ever comes. */
function stalled(onCancel: () => void, first = "{"): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(first)),
    cancel: onCancel,
  });
}

test("readJson() reads any JSON, across pieces that cut characters", async () => {
  const bytes = new TextEncoder().encode('{"a":"é😀"}');
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  assert.deepEqual(await readJson(request(body), LIMITS), { value: { a: "é😀" } });
  for (const value of [null, 0, "x", [], [1]]) {
    assert.deepEqual(await readJson(request(JSON.stringify(value)), LIMITS), { value });
  }
  assert.equal(await status(request("1", { "content-type": "Application/JSON; charset=utf-8" })), 200);
});

test("readJson() refuses what is not JSON with 400, and other media types with 415", async () => {
  for (const body of ["", "{", "{'a':1}", "\u0000", '{"a":1}x', "[".repeat(999)]) {
    assert.equal(await status(request(body)), 400, body.slice(0, 20));
  }
  assert.equal(await status(request(null)), 400);
  for (const type of ["text/plain", "application/jsonp", "", "application/x-www-form-urlencoded"]) {
    assert.equal(await status(request("{}", { "content-type": type })), 415, type);
  }
});

test("readJson() refuses with 413 what is too long, whether or not the length is told", async () => {
  assert.equal(await status(request("1", { "content-length": "1001" })), 413);
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(400).fill(32)),
    cancel: () => void (isCancelled = true),
  });
  assert.equal(await status(request(endless)), 413);
  assert.equal(isCancelled, true, "nothing more is read");
});

test("readJson() refuses with 408 what does not arrive, and with 400 what breaks off", async () => {
  let isCancelled = false;
  const late = request(stalled(() => void (isCancelled = true)));
  assert.equal(await status(late, { maxBytes: 1000, timeoutMs: 20 }), 408);
  assert.equal(isCancelled, true);
  const broken = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error("gone")),
  });
  assert.equal(await status(request(broken)), 400);
});
