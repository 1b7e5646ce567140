import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import fc from "fast-check";
import { LineSplitter, type OversizedLine } from "../../../src/mcp/line_splitter.ts";

function split(
  chunks: readonly Uint8Array[],
  maxBytes = 1000,
): { lines: string[]; oversized: OversizedLine[] } {
  const lines: string[] = [];
  const oversized: OversizedLine[] = [];
  const splitter = new LineSplitter(maxBytes, {
    line: (line) => lines.push(line),
    oversized: (line) => oversized.push(line),
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return { lines, oversized };
}

test("LineSplitter finds the same lines however the stream is cut", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, "")).filter((text) =>
    text !== ""
  );
  fc.assert(
    fc.property(fc.array(line), fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (expected, sizes) => {
      const bytes = Buffer.from(expected.map((text) => `${text}\n`).join(""));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length;) {
        const size = sizes.next().value ?? 1;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      assert.deepEqual(split(chunks).lines, expected.map((text) => Buffer.from(text).toString()));
    }),
  );
});

test("LineSplitter takes CRLF, empty lines, and a last line without a line break", () => {
  assert.deepEqual(split([Buffer.from("a\r\n\nb")]).lines, ["a", "", "b"]);
});

test("LineSplitter skips a line that is too long, keeps its ends, and goes on with the next", () => {
  const long = `head${"x".repeat(5000)}tail`;
  for (const size of [7, 333, 100_000]) {
    const bytes = Buffer.from(`one\n${long}\ntwo\n`);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
    const { lines, oversized } = split(chunks, 1000);
    assert.deepEqual(lines, ["one", "two"]);
    assert.equal(oversized.length, 1);
    assert.equal(oversized[0]!.bytes, long.length);
    assert.match(oversized[0]!.head, /^headx{500}/);
    assert.match(oversized[0]!.tail, /x{500}tail$/);
  }
});

test("LineSplitter keeps a line of exactly the allowed length", () => {
  assert.deepEqual(split([Buffer.from(`${"x".repeat(1000)}\n`)], 1000).lines, ["x".repeat(1000)]);
  assert.equal(split([Buffer.from(`${"x".repeat(1001)}\n`)], 1000).oversized.length, 1);
});
