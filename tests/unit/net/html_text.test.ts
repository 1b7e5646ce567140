import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { decodeText, isTextual } from "../../../src/net/charset.ts";
import { reduceHtml } from "../../../src/net/html_text.ts";
import { readBody } from "../../../src/net/read_body.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe("decodeText()", () => {
  const cases: readonly (readonly [string, Uint8Array, string | null, string])[] = [
    ["UTF-8 without a word", utf8("grün €"), null, "grün €"],
    ["what the header says", latin1("gr\xfcn"), "text/plain; charset=iso-8859-1", "grün"],
    ["what the header says, in quotes", latin1("\xea\xe8"), 'text/html; Charset="windows-1251"', "ки"],
    ["Shift_JIS", Uint8Array.of(0x93, 0xfa, 0x96, 0x7b), "text/html; charset=Shift_JIS", "日本"],
    [
      "GBK by the page's own word",
      Uint8Array.of(...latin1('<meta charset="gbk">'), 0xd6, 0xd0),
      "text/html",
      '<meta charset="gbk">中',
    ],
    [
      "EUC-KR by http-equiv",
      Uint8Array.of(
        ...latin1('<meta http-equiv=Content-Type content="text/html; charset=euc-kr">'),
        0xb0,
        0xa1,
      ),
      null,
      '<meta http-equiv=Content-Type content="text/html; charset=euc-kr">가',
    ],
    [
      "an XML declaration",
      latin1('<?xml version="1.0" encoding="iso-8859-2"?>\xb1'),
      "text/xml",
      '<?xml version="1.0" encoding="iso-8859-2"?>ą',
    ],
    ["a byte order mark before all", Uint8Array.of(0xff, 0xfe, 0x41, 0), "text/plain; charset=utf-8", "A"],
    ["UTF-16, big end first", Uint8Array.of(0xfe, 0xff, 0, 0x41), null, "A"],
    ["Windows-1252 where UTF-8 does not fit", latin1("caf\xe9 \x80 today"), null, "café € today"],
    ["UTF-8 that was cut within a character", utf8("grün €").subarray(0, -1), null, "grün \ufffd"],
    ["a charset that does not exist", utf8("grün"), "text/plain; charset=klingon", "grün"],
  ];
  for (const [name, bytes, contentType, expected] of cases) {
    test(`reads ${name}`, () => assert.equal(decodeText(bytes, contentType), expected));
  }
});

test("isTextual() goes by the type, or else by the bytes", () => {
  for (
    const type of [
      "text/html",
      "application/json; charset=utf-8",
      "application/xhtml+xml",
      "application/ld+json",
    ]
  ) {
    assert.equal(isTextual(Uint8Array.of(0), type), true, type);
  }
  for (const type of ["image/png", "application/zip", "video/mp4", "application/pdf", "font/woff2"]) {
    assert.equal(isTextual(utf8("a"), type), false, type);
  }
  assert.equal(isTextual(utf8("plain"), null), true);
  assert.equal(isTextual(Uint8Array.of(0x50, 0x4b, 3, 4, 0), "application/octet-stream"), false);
});

const PAGE =
  `<!doctype html><html><head><title>Shop &amp; more</title><style>b{}</style><script>let no = "<p>no</p>"</script></head>
<body><h1>Item</h1><p>Some <b>bold</b> <a href="/x?y=1">link</a> caf&eacute;.</p><ul><li>one<li>two</ul>
<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>`;

describe("reduceHtml()", () => {
  test("gives Markdown, links in full, scripts and styles left out", async () => {
    const { text } = await reduceHtml(PAGE, "markdown", "https://shop.example/item/1");
    assert.match(text, /^# Item$/m);
    assert.match(text, /Some \*\*bold\*\* \[link\]\(https:\/\/shop\.example\/x\?y=1\) café\./);
    assert.match(text, /^- one\n- two$/m);
    assert.match(text, /^\| a \| b \|$/m);
    assert.doesNotMatch(text, /no<|let no|b\{/);
  });

  test("gives plain text", async () => {
    const { text } = await reduceHtml(PAGE, "text");
    assert.match(text, /^Some bold link café\.$/m);
    assert.doesNotMatch(text, /[<#*[\]|]|let no/);
  });

  test("survives every page", async () => {
    const parts = [
      "<div>",
      "</div>",
      "<b>",
      "<a href='x'>",
      "text ",
      "&amp;",
      "<table><tr><td>",
      "<li>",
      "<ul>",
      "<pre>",
      "`",
      "<!--",
    ];
    parts.push(
      "-->",
      "<script>",
      "</script>",
      "<",
      '"',
      "<p",
      "&#x110000;",
      "<![CDATA[",
      "\u0000",
      "<svg>",
      "<br>",
      "|",
    );
    const page = fc.array(fc.tuple(fc.constantFrom(...parts), fc.constantFrom(1, 1, 1, 300)), {
      maxLength: 30,
    })
      .map((list) => list.map(([part, times]) => part.repeat(times)).join(""));
    await fc.assert(
      fc.asyncProperty(page, fc.constantFrom("text" as const, "markdown" as const), async (html, format) => {
        assert.equal(typeof (await reduceHtml(html, format, "https://shop.example/")).text, "string");
      }),
    );
  });
});

describe("readBody()", () => {
  const options = { format: "raw", maxBytes: 10_000, readLimitBytes: 100_000 } as const;
  const response = (body: BodyInit | null, type: string, headers = {}) =>
    new Response(body, { headers: { "content-type": type, ...headers } });

  test("tells the size of a binary body that was not read to its end", async () => {
    const large = response(new Uint8Array(1000), "image/png", { "content-length": "1000" });
    const { bytes, isText, isTruncated, text } = await readBody(large, { ...options, readLimitBytes: 10 });
    assert.deepEqual([bytes, isText, isTruncated, text], [1000, false, true, ""]);
  });

  test("cuts what is left of a page, not the page", async () => {
    const { isTruncated, text } = await readBody(response(PAGE, "text/html"), {
      ...options,
      format: "markdown",
      maxBytes: 60,
    });
    assert.ok(isTruncated && text.length <= 60 && text.includes("# Item"), text);
    const json = await readBody(response('{"a":"<b>"}', "application/json"), { ...options, format: "text" });
    assert.equal(json.text, '{"a":"<b>"}');
  });

  test("ends when the caller gives up", async () => {
    const controller = new AbortController();
    const silent = response(new ReadableStream({ pull: () => new Promise(() => {}) }), "text/plain");
    const pending = readBody(silent, { ...options, signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(pending, /enough/);
  });
});
