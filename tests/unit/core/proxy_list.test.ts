import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parseProxyList } from "../../../src/core/proxy_list.ts";
import { sharedData, sharedDataMissing } from "../../support/shared_data.ts";
import { skipIf } from "../../support/skip.ts";

function hrefs(text: string): string[] {
  return parseProxyList(text).proxies.map((proxy) => proxy.href);
}

const TWO = ["http://203.0.113.7:8080", "http://203.0.113.8:3128"];

test("parseProxyList() reads every kind of line end, also mixed, with and without one at the end", () => {
  for (const end of ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"]) {
    assert.deepEqual(hrefs(`203.0.113.7:8080${end}203.0.113.8:3128`), TWO, JSON.stringify(end));
    assert.deepEqual(hrefs(`203.0.113.7:8080${end}203.0.113.8:3128${end}`), TWO, JSON.stringify(end));
  }
  assert.equal(parseProxyList("203.0.113.7:80\r203.0.113.8:80\n203.0.113.9:80\r\nbad\r\rworse").lines, 5);
});

test("parseProxyList() skips a byte order mark, blank lines and comments", () => {
  const text =
    "\ufeff# free proxies\r\n203.0.113.7:8080\n\n   \n// more\n; and more\n  # indented\n203.0.113.8:3128";
  assert.deepEqual(parseProxyList(text), {
    proxies: parseProxyList("203.0.113.7:8080\n203.0.113.8:3128").proxies,
    duplicates: 0,
    rejected: [],
    lines: 2,
  });
  assert.deepEqual(hrefs("\ufeff203.0.113.7:8080"), TWO.slice(0, 1));
});

test("parseProxyList() takes what follows white space, a comma or a bar for a note", () => {
  const lines = [
    "203.0.113.7:8080 US elite 120ms",
    "203.0.113.7:8080\tUS",
    "203.0.113.7:8080,US,elite",
    "203.0.113.7:8080|US",
    "203.0.113.7:8080 # fast one",
    "http://203.0.113.7:8080 checked at 12:30",
    "203.0.113.7:8080#Berlin",
    "203.0.113.7:8080:US",
  ];
  for (const line of lines.filter((line) => line !== "203.0.113.7:8080#Berlin")) {
    assert.deepEqual(hrefs(line), TWO.slice(0, 1), line);
  }
});

test("parseProxyList() reads host and port in two columns", () => {
  const lines = [
    "203.0.113.7 8080",
    "203.0.113.7\t8080\tUS",
    "203.0.113.7, 8080, US",
    `"203.0.113.7","8080"`,
  ];
  for (const line of [...lines, "203.0.113.7 | 8080 | US"]) {
    assert.deepEqual(hrefs(line), TWO.slice(0, 1), line);
  }
  assert.deepEqual(hrefs("[2001:db8::7]\t8080"), ["http://[2001:db8::7]:8080"]);
  assert.deepEqual(hrefs("proxy.example,8080"), ["http://proxy.example:8080"]);
});

test("parseProxyList() reads every form of a proxy, in the default protocol where none is written", () => {
  const text = [
    "203.0.113.1:1080",
    "http://203.0.113.2:8080",
    "bob:secret@203.0.113.3:1080",
    "203.0.113.4:1080:bob:secret",
    "bob:secret:203.0.113.5:1080",
    "203.0.113.6:1080@bob:secret",
    "[2001:db8::7]:1080",
    "http://bob:a,b|c@203.0.113.8:8080 note",
  ].join("\n");
  const { proxies } = parseProxyList(text, { defaultProtocol: "socks5" });
  assert.deepEqual(proxies.map((proxy) => proxy.href), [
    "socks5://203.0.113.1:1080",
    "http://203.0.113.2:8080",
    "socks5://bob:secret@203.0.113.3:1080",
    "socks5://bob:secret@203.0.113.4:1080",
    "socks5://bob:secret@203.0.113.5:1080",
    "socks5://bob:secret@203.0.113.6:1080",
    "socks5://[2001:db8::7]:1080",
    "http://bob:a%2Cb%7Cc@203.0.113.8:8080",
  ]);
});

test("parseProxyList() counts a proxy in another spelling as a duplicate, and keeps the first place", () => {
  const result = parseProxyList(
    "b.example:80\na.example:80\nhttp://B.EXAMPLE:80\nHTTP://b.example/\nu@b.example:80",
  );
  assert.deepEqual(result.proxies.map((proxy) => proxy.href), [
    "http://b.example:80",
    "http://a.example:80",
    "http://u@b.example:80",
  ]);
  assert.equal(result.duplicates, 2);
  assert.equal(result.lines, 5);
});

test("parseProxyList() names each bad line with its number and reason and goes on", () => {
  const result = parseProxyList(
    "# list\r\n\r\n203.0.113.7:99999\r\n203.0.113.7:8080\r\n<html>\r\nftp://u:p@h:1",
  );
  assert.equal(result.proxies.length, 1);
  assert.deepEqual(result.rejected, [
    { line: 3, input: "203.0.113.7:99999", reason: "port must be 1-65535" },
    { line: 5, input: "<html>", reason: "the port is missing" },
    {
      line: 6,
      input: "ftp://***@***",
      reason: "scheme must be one of http, https, socks4, socks4a, socks5, socks5h",
    },
  ]);
});

test("parseProxyList() refuses a line of a megabyte, and shows its beginning only", () => {
  const { rejected, proxies } = parseProxyList(`${"x".repeat(1_000_000)}\n203.0.113.7:8080`);
  assert.deepEqual(proxies.length, 1);
  assert.match(rejected[0]!.reason, /longer than 4096/);
  assert.ok(rejected[0]!.input.length <= 80);
});

const goodLine = fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 65535 })).map(([ip, port]) => `${ip}:${port}`);
const badLine = fc.constantFrom(
  "nonsense",
  "203.0.113.7:0",
  "http://",
  "a:b:c",
  "ftp://h:1",
  "[::1",
  "1.2.3:x",
);
const noLine = fc.constantFrom("", "   ", "# note", "// note", "; note", "\t# note");

test("parseProxyList() accounts for every line, and numbers the bad ones rightly", () => {
  const kind = fc.oneof(
    goodLine.map((text) => ({ kind: "good", text })),
    badLine.map((text) => ({ kind: "bad", text })),
    noLine.map((text) => ({ kind: "none", text })),
  );
  fc.assert(
    fc.property(
      fc.array(kind, { maxLength: 30, size: "max" }),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.boolean(),
      (lines, end, bom) => {
        const result = parseProxyList((bom ? "\ufeff" : "") + lines.map((line) => line.text).join(end));
        const good = lines.filter((line) => line.kind === "good").map((line) => `http://${line.text}`);
        const badNumbers = lines.flatMap((line, index) => line.kind === "bad" ? [index + 1] : []);
        assert.deepEqual(result.proxies.map((proxy) => proxy.href), [...new Set(good)]);
        assert.deepEqual(result.rejected.map((rejected) => rejected.line), badNumbers);
        assert.equal(result.duplicates, good.length - new Set(good).size);
        assert.equal(result.lines, good.length + badNumbers.length);
      },
    ),
  );
});

test("parseProxyList() never throws, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const { proxies, duplicates, rejected, lines } = parseProxyList(text);
      assert.equal(lines, proxies.length + duplicates + rejected.length);
    }),
    { numRuns: 2000 },
  );
  const piece = fc.constantFrom(
    "http://",
    "@",
    ":",
    "%",
    "[",
    "]",
    "1.2.3.4",
    "\n",
    "\r",
    ",",
    "|",
    " ",
    "é",
    "\ud800",
    "#",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 20, size: "max" }),
      (pieces) => void parseProxyList(pieces.join("")),
    ),
    { numRuns: 3000 },
  );
});

const lists = ["http.txt", "https.txt", "socks4.txt", "socks5.txt"];

test("parseProxyList() reads a real public list", skipIf(sharedDataMissing(...lists)), () => {
  let lines = 0;
  for (const name of lists) {
    const text = readFileSync(sharedData(name)!, "utf8");
    const result = parseProxyList(text);
    assert.deepEqual(result.rejected, []);
    assert.equal(result.proxies.length + result.duplicates, result.lines);
    assert.equal(new Set(result.proxies.map((proxy) => proxy.href)).size, result.proxies.length);
    lines += result.lines;
  }
  assert.equal(lines, 6754);
});
