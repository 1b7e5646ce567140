import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readBody, type ReadBodyOptions } from "../../../src/net/mod.ts";

const DEFAULTS: ReadBodyOptions = { format: "raw", maxBytes: 10_000, readLimitBytes: 100_000 };

function answer(body: BodyInit | null, type?: string): Response {
  const response = new Response(body);
  if (type === undefined) response.headers.delete("content-type");
  else response.headers.set("content-type", type);
  return response;
}

test("readBody() reads text, JSON and forms as text", async () => {
  for (
    const type of ["text/plain", "application/json", "application/problem+json", "image/svg+xml", "text/css"]
  ) {
    const body = await readBody(answer("{}", type), DEFAULTS);
    const isText = !type.startsWith("image");
    assert.deepEqual([body.text, body.isText, body.bytes], [isText ? "{}" : "", isText, 2], type);
  }
});

test("readBody() shows of binary data only how much there is", async () => {
  const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]);
  assert.deepEqual(await readBody(answer(bytes, "image/png"), DEFAULTS), {
    text: "",
    bytes: 7,
    isTruncated: false,
    isText: false,
    isLate: false,
  });
  assert.equal((await readBody(answer(bytes), DEFAULTS)).isText, false);
});

test("readBody() reads the charset of the header, the page or the byte order mark", async () => {
  const latin = new Uint8Array([0x63, 0x61, 0x66, 0xe9]);
  assert.equal((await readBody(answer(latin, "text/plain; charset=ISO-8859-1"), DEFAULTS)).text, "café");
  const page = Uint8Array.from([...'<meta charset="iso-8859-1">'].map((c) => c.charCodeAt(0)).concat(0xe9));
  assert.match((await readBody(answer(page, "text/html"), DEFAULTS)).text, /é$/);
  const utf16 = new Uint8Array([0xff, 0xfe, 0x61, 0x00, 0xe9, 0x00]);
  assert.equal((await readBody(answer(utf16, "text/plain"), DEFAULTS)).text, "aé");
  assert.equal((await readBody(answer("ok", "text/plain; charset=nonsense"), DEFAULTS)).text, "ok");
});

test("readBody() reads no more than the limit, and cancels the rest", async () => {
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1000).fill(97)),
    cancel: () => {
      isCancelled = true;
    },
  });
  const body = await readBody(answer(endless, "text/plain"), {
    ...DEFAULTS,
    readLimitBytes: 2500,
    maxBytes: 50,
  });
  assert.deepEqual([body.text.length, body.bytes, body.isTruncated, isCancelled], [50, 2500, true, true]);
});

test("readBody() reads an empty body", async () => {
  assert.deepEqual(await readBody(answer(null), DEFAULTS), {
    text: "",
    bytes: 0,
    isTruncated: false,
    isText: true,
    isLate: false,
  });
});

test("readBody() takes scripts and styles out of text and Markdown", async () => {
  const html = "<!doctype html><title>T</title><style>p{}</style><script>alert(1)</script>" +
    '<h1>Head</h1><p>A &amp; <a href="/x">link</a></p><ul><li>one<li>two</ul><table><tr><td>1<td>2</table>';
  const markdown = await readBody(answer(html, "text/html"), { ...DEFAULTS, format: "markdown" });
  assert.match(markdown.text, /# Head\n\nA & \[link\]\(\/x\)/);
  const text = await readBody(answer(html, "text/html"), { ...DEFAULTS, format: "text" });
  assert.match(text.text, /Head\n\nA & link\n\none\ntwo\n\n1\s+2/);
  for (const { text: shown } of [markdown, text]) assert.doesNotMatch(shown, /alert|p\{\}/);
});

test("readBody() survives a page that is nested as deeply as its size allows", async () => {
  const html = "<div>".repeat(60_000) + "deep";
  for (const format of ["markdown", "text"] as const) {
    const body = await readBody(answer(html, "text/html"), {
      ...DEFAULTS,
      format,
      readLimitBytes: 1_000_000,
    });
    assert.match(body.text, /deep/);
  }
});

test("readBody() leaves text that is no HTML as it is, whatever the format", async () => {
  const body = await readBody(answer("<b>1 < 2</b>", "text/plain"), { ...DEFAULTS, format: "markdown" });
  assert.equal(body.text, "<b>1 < 2</b>");
});

test("readBody() cuts between characters, never within one", async () => {
  await fc.assert(fc.asyncProperty(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.integer({ min: 1, max: 200 }),
    async (text, maxBytes) => {
      const clean = new TextDecoder().decode(new TextEncoder().encode(text)).replace(/^\ufeff/, "");
      const body = await readBody(answer(clean, "text/plain; charset=utf-8"), { ...DEFAULTS, maxBytes });
      assert.ok(clean.startsWith(body.text));
      assert.ok(new TextEncoder().encode(body.text).length <= maxBytes);
      assert.equal(body.isTruncated, body.text.length < clean.length);
    },
  ));
});
