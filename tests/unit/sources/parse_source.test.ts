import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parseProxyList, PROTOCOLS } from "../../../src/core/mod.ts";
import {
  type ParsedSource,
  type ParseSourceOptions,
  SOURCE_FORMATS,
  type SourceFormat,
} from "../../../src/sources/found_proxy.ts";
import { guessFormat, parseSource } from "../../../src/sources/parse_source.ts";
import { sharedData, sharedDataMissing } from "../../support/shared_data.ts";
import { skipIf } from "../../support/skip.ts";

function urls(text: string, options: ParseSourceOptions = {}): string[] {
  return parseSource(text, options).proxies.map(({ url }) => url);
}

const A = "http://203.0.113.7:8080";
const B = "socks5://203.0.113.8:1080";

test("guessFormat() tells the formats apart by their beginning", () => {
  const texts: [string, SourceFormat][] = [
    ["203.0.113.7:8080\n203.0.113.8:80", "text"],
    ["# a list\n203.0.113.7:8080", "text"],
    ["[2001:db8::1]:8080\n", "text"],
    ["http://203.0.113.7:8080\n", "text"],
    ["203.0.113.7:8080,US,elite\n", "text"],
    ["", "text"],
    ["ip,port\n203.0.113.7,8080", "csv"],
    ["# comment\n\nIP Address;Port;Country\n", "csv"],
    ['\ufeff[{"ip": "203.0.113.7"}]', "json"],
    [' \n {"data": []}', "json"],
    ['["203.0.113.7:80"]', "json"],
    ["<!DOCTYPE html><p>", "html"],
    ["\n<html>", "html"],
    ["<!-- x --><table>", "html"],
    ["List:<table><tr><td>", "html"],
  ];
  for (const [text, format] of texts) assert.equal(guessFormat(text), format, text);
});

test("parseSource() keeps proxies of one address in several protocols apart, in every format", () => {
  const texts: Record<SourceFormat, string> = {
    text: "http://203.0.113.7:80\nsocks5://203.0.113.7:80\nhttps://203.0.113.7:80\nhttp://203.0.113.7:80",
    urls: "http://203.0.113.7:80, socks5://203.0.113.7:80 https://203.0.113.7:80 (http://203.0.113.7:80)",
    csv:
      "ip,port,protocol\n203.0.113.7,80,http\n203.0.113.7,80,socks5\n203.0.113.7,80,https\n203.0.113.7,80,HTTP",
    json:
      '[{"ip":"203.0.113.7","port":80,"protocols":["http","socks5"]},"https://203.0.113.7:80","203.0.113.7:80"]',
    html: "<table><tr><th>IP<th>Port<th>Type<tr><td>203.0.113.7<td>80<td>http" +
      "<tr><td>203.0.113.7<td>80<td>socks5<tr><td>203.0.113.7<td>80<td>https<tr><td>203.0.113.7<td>80<td>HTTP</table>",
  };
  for (const format of SOURCE_FORMATS) {
    const parsed = parseSource(texts[format], { format });
    assert.deepEqual(
      parsed.proxies.map(({ url }) => url).sort(),
      ["http://203.0.113.7:80", "https://203.0.113.7:80", "socks5://203.0.113.7:80"],
      format,
    );
    assert.equal(parsed.duplicates, 1, format);
    assert.deepEqual(parsed.rejected, [], format);
  }
});

test("parseSource() reads https as http where a list means proxies that tunnel HTTPS", () => {
  const text = "https://203.0.113.7:8080\n203.0.113.9:80\nhttp://203.0.113.7:8080\nsocks5://203.0.113.8:1080";
  const { proxies, duplicates } = parseSource(text, { readHttpsAs: "http", defaultProtocol: "https" });
  assert.deepEqual(proxies.map(({ url }) => url), [A, "http://203.0.113.9:80", B]);
  assert.equal(duplicates, 1);
});

test("parseSource() stops at maxProxies, says so, and counts what it rejects beyond maxRejected", () => {
  const lines = Array.from({ length: 50 }, (_, i) => `203.0.113.${i}:80`);
  const cut = parseSource(lines.join("\n"), { maxProxies: 7 });
  assert.equal(cut.proxies.length, 7);
  assert.ok(cut.isCut);
  assert.ok(!parseSource(lines.join("\n"), { maxProxies: 50 }).isCut);
  const bad = parseSource("bad\n".repeat(20), { maxRejected: 3 });
  assert.equal(bad.rejectedCount, 20);
  assert.deepEqual(bad.rejected.map(({ line }) => line), [1, 2, 3]);
});

test("parseSource() shows no credential of what it rejects", () => {
  const texts = [
    "203.0.113.7:0:bob:hunter2\nhttp://bob:hunter2@203.0.113.7:99999",
    "ip,port,username,password\n203.0.113.7,0,bob,hunter2\n,8080,bob,hunter2",
    '[{"ip":"203.0.113.7","port":0,"username":"bob","password":"hunter2"},{"url":"http://bob:hunter2@h h:1"}]',
    '{"proxies": "http://bob:hunter2@203.0.113.7:80"',
    "<table><tr><th>Proxy<th>Pass<tr><td>http://bob:hunter2@203.0.113.7:0<td>hunter2</table>",
  ];
  for (const text of texts) {
    const { rejected, rejectedCount } = parseSource(text);
    assert.ok(rejectedCount > 0, text);
    assert.doesNotMatch(JSON.stringify(rejected), /hunter2/, text);
  }
});

test("parseSource() never throws and never finds what is not in the text, whatever the format", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "203.0.113.7",
      ":",
      "8080",
      ",",
      "\n",
      "\r",
      '"',
      "{",
      "}",
      "[",
      "]",
      "<table>",
      "<tr>",
      "<td>",
    ),
    fc.constantFrom(
      "</td>",
      "ip",
      "port",
      "http://",
      "socks5://",
      "@",
      "null",
      "<",
      "&#58;",
      "\ufeff",
      "protocol",
    ),
  );
  const text = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(""));
  fc.assert(fc.property(text, fc.constantFrom(undefined, ...SOURCE_FORMATS), (source, format) => {
    const parsed = parseSource(source, format === undefined ? {} : { format });
    const found = parsed.proxies.map(({ url }) => url);
    assert.equal(new Set(found).size, found.length);
    assert.ok(parsed.rejected.length <= parsed.rejectedCount);
    for (const url of found) {
      assert.equal(parseProxyList(url).proxies[0]?.href, url);
      assert.ok(PROTOCOLS.some((protocol) => url.startsWith(`${protocol}://`)));
    }
  }));
});

const listed = fc.uniqueArray(
  fc.record({
    ip: fc.ipV4(),
    port: fc.integer({ min: 1, max: 65535 }),
    protocol: fc.constantFrom(...PROTOCOLS),
    country: fc.constantFrom("US", "de", "France", "", "Unknown"),
  }),
  { selector: ({ ip, port, protocol }) => `${protocol}${ip}${port}`, maxLength: 30 },
);

test("parseSource() finds the same proxies and countries in CSV, JSON and HTML", () => {
  fc.assert(fc.property(listed, (entries) => {
    const rows = entries.map(({ ip, port, protocol, country }) => [ip, port, protocol, country]);
    const csv = ["ip,port,protocol,country", ...rows.map((row) => row.join(","))].join("\n");
    const quoted = [
      '"IP Address";"Port";"Type";"Country"',
      ...rows.map((row) => row.map((c) => `"${c}"`).join(";")),
    ]
      .join("\r\n");
    const html = `<table><tr><th>IP<th>Port<th>Protocol<th>Country${
      rows.map((row) => `<tr>${row.map((cell) => `<td> ${cell} </td>`).join("")}</tr>`).join("\n")
    }</table>`;
    const region: Record<string, string> = { US: "US", de: "DE", France: "FR" };
    const expected = entries.map(({ ip, port, protocol, country }) => ({
      url: `${protocol}://${ip}:${port}`,
      ...(region[country] === undefined ? {} : { region: region[country] }),
    }));
    const results: ParsedSource[] = [
      parseSource(csv, { format: "csv" }),
      parseSource(quoted, { format: "csv" }),
      parseSource(html, { format: "html" }),
      parseSource(JSON.stringify(entries), { format: "json" }),
      parseSource(JSON.stringify({ data: entries }), { format: "json" }),
      parseSource(entries.map((entry) => JSON.stringify(entry)).join("\n"), { format: "json" }),
    ];
    for (const { proxies, format } of entries.length === 0 ? [] : results) {
      assert.deepEqual(proxies, expected, format);
    }
  }));
});

test(
  "parseSource() reads the same proxies from the real lists as the core does",
  skipIf(sharedDataMissing("http.txt", "socks5.txt")),
  () => {
    for (const name of ["http", "https", "socks4", "socks5"] as const) {
      const text = readFileSync(sharedData(`${name}.txt`)!, "utf8");
      const expected = parseProxyList(text, { defaultProtocol: name });
      const parsed = parseSource(text, { defaultProtocol: name });
      assert.deepEqual(parsed.proxies.map(({ url }) => url), expected.proxies.map(({ href }) => href));
      assert.equal(parsed.rejectedCount, expected.rejected.length);
    }
  },
);

test(
  "parseSource() reads the real list in JSON with its countries",
  skipIf(sharedDataMissing("proxies-rich.json")),
  () => {
    const text = readFileSync(sharedData("proxies-rich.json")!, "utf8");
    const content = JSON.parse(text) as {
      proxies: { ip: string; country_code: string | null; country: string | null }[];
    };
    const { proxies, format, rejectedCount, duplicates } = parseSource(text);
    assert.equal(format, "json");
    assert.equal(proxies.length + duplicates + rejectedCount, content.proxies.length);
    assert.equal(proxies.length, 6699);
    const withCode = content.proxies.filter(({ country_code }) => /^[A-Z]{2}$/.test(country_code ?? ""));
    assert.ok(proxies.filter(({ region }) => region !== undefined).length >= withCode.length);
    assert.deepEqual(proxies[0], { url: "http://159.112.235.140:80", region: "US" });
  },
);

test("parseSource() takes a hostile text in linear time", () => {
  const texts = [
    "{".repeat(1e6),
    '{"a":'.repeat(2e5),
    "[".repeat(1e6),
    "<table>".repeat(1e5),
    "<a>".repeat(2e5) + "</b>".repeat(2e5),
    "<td>".repeat(2e5),
    `ip,port\n${'"'.repeat(1e6)}`,
    `ip,port\n${"@".repeat(1e6)}`,
    `ip,port\n${",".repeat(1e6)}`,
    `http://${".".repeat(1e6)}x`,
    "http://a@".repeat(1e5),
    ":".repeat(1e6),
    "\r".repeat(1e6),
    "#\n".repeat(5e5),
    `"${"a".repeat(1e6)}`,
  ];
  for (const text of texts) {
    for (const format of SOURCE_FORMATS) {
      const start = performance.now();
      const { proxies } = parseSource(text, { format });
      assert.ok(proxies.length <= 1, `${format} ${text.slice(0, 20)}`);
      // A quadratic way would take minutes.
      assert.ok(performance.now() - start < 20_000, `${format} ${text.slice(0, 20)}`);
    }
  }
});

test("parseSource() reads URLs of any text in the format urls, and only those with a port", () => {
  const text =
    "Fresh! socks5://203.0.113.8:1080 and [this](http://203.0.113.7:8080). See https://example.com/list";
  assert.deepEqual(urls(text, { format: "urls" }), [B, A]);
  assert.equal(parseSource(text, { format: "urls" }).rejectedCount, 1);
  assert.deepEqual(urls("proxy=http://bob:pw@203.0.113.7:8080;", { format: "urls" }), [
    "http://bob:pw@203.0.113.7:8080",
  ]);
});
