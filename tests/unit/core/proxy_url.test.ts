import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InvalidProxyUrlError } from "../../../src/core/errors.ts";
import { parseProxyUrl, PROTOCOLS, type ProxyUrl, splitHref } from "../../../src/core/proxy_url.ts";
import type { Protocol } from "../../../src/core/types.ts";
import { thrown } from "./support.ts";

function hrefOf(input: string, defaultProtocol?: Protocol): string {
  return parseProxyUrl(input, defaultProtocol === undefined ? {} : { defaultProtocol }).href;
}

function reasonFor(input: string): string {
  return thrown(InvalidProxyUrlError, () => parseProxyUrl(input)).reason;
}

const forms: readonly [input: string, href: string][] = [
  ["203.0.113.7:8080", "http://203.0.113.7:8080"],
  ["proxy.example:3128", "http://proxy.example:3128"],
  ["localhost:3128", "http://localhost:3128"],
  ["  203.0.113.7:8080\t", "http://203.0.113.7:8080"],
  ["http://203.0.113.7:8080", "http://203.0.113.7:8080"],
  ["http://203.0.113.7:8080/", "http://203.0.113.7:8080"],
  ["http://203.0.113.7:8080#Berlin", "http://203.0.113.7:8080"],
  ["HTTP://Proxy.Example:8080", "http://proxy.example:8080"],
  ["https://proxy.example", "https://proxy.example:443"],
  ["http://proxy.example", "http://proxy.example:80"],
  ["socks4://203.0.113.7", "socks4://203.0.113.7:1080"],
  ["socks4a://proxy.example", "socks4a://proxy.example:1080"],
  ["socks5://203.0.113.7", "socks5://203.0.113.7:1080"],
  ["socks5h://proxy.example:9050", "socks5h://proxy.example:9050"],
  ["socks://203.0.113.7:1080", "socks5://203.0.113.7:1080"],
  ["http://bob:secret@proxy.example:8080", "http://bob:secret@proxy.example:8080"],
  ["http://bob@proxy.example:8080", "http://bob@proxy.example:8080"],
  ["http://bob:@proxy.example:8080", "http://bob:@proxy.example:8080"],
  ["http://@proxy.example:8080", "http://proxy.example:8080"],
  ["http://:@proxy.example:8080", "http://proxy.example:8080"],
  ["http://bob:p%40ss@proxy.example:8080", "http://bob:p%40ss@proxy.example:8080"],
  ["http://bob:p@ss@proxy.example:8080", "http://bob:p%40ss@proxy.example:8080"],
  ["http://bob:p/s?s#@proxy.example:8080", "http://bob:p%2Fs%3Fs%23@proxy.example:8080"],
  ["http://bob:100%@proxy.example:8080", "http://bob:100%25@proxy.example:8080"],
  ["http://bob:it's@proxy.example:8080", "http://bob:it%27s@proxy.example:8080"],
  ["bob:secret@203.0.113.7:8080", "http://bob:secret@203.0.113.7:8080"],
  ["bob@203.0.113.7:8080", "http://bob@203.0.113.7:8080"],
  ["bob:secret@203.0.113.7:8080/", "http://bob:secret@203.0.113.7:8080"],
  ["203.0.113.7:8080:bob:secret", "http://bob:secret@203.0.113.7:8080"],
  ["203.0.113.7:8080:bob:se:cr:et", "http://bob:se%3Acr%3Aet@203.0.113.7:8080"],
  ["203.0.113.7:8080:bob:100%", "http://bob:100%25@203.0.113.7:8080"],
  ["203.0.113.7:8080::", "http://203.0.113.7:8080"],
  ["proxy.example:8080:bob:secret", "http://bob:secret@proxy.example:8080"],
  ["bob:secret:203.0.113.7:8080", "http://bob:secret@203.0.113.7:8080"],
  ["203.0.113.7:8080@bob:secret", "http://bob:secret@203.0.113.7:8080"],
  ["socks5://203.0.113.7:1080:bob:secret", "socks5://bob:secret@203.0.113.7:1080"],
  ["203.0.113.7:8080:US", "http://203.0.113.7:8080"],
  ["[2001:db8::7]:8080", "http://[2001:db8::7]:8080"],
  ["http://[2001:db8::7]", "http://[2001:db8::7]:80"],
  ["http://bob:secret@[2001:db8::7]:8080", "http://bob:secret@[2001:db8::7]:8080"],
  ["[2001:db8::7]:8080:bob:secret", "http://bob:secret@[2001:db8::7]:8080"],
];

for (const [input, href] of forms) {
  test(`parseProxyUrl() reads ${input.trim()}`, () => assert.equal(hrefOf(input), href));
}

test("parseProxyUrl() answers the parts, credentials decoded", () => {
  const expected: ProxyUrl = {
    protocol: "socks5",
    host: "proxy.example",
    port: 1080,
    username: "bob@vendor",
    password: "p:w/1",
    href: "socks5://bob%40vendor:p%3Aw%2F1@proxy.example:1080",
  };
  assert.deepEqual(parseProxyUrl("SOCKS5://bob%40vendor:p%3Aw%2F1@Proxy.EXAMPLE:1080"), expected);
});

test("parseProxyUrl() takes the default protocol for a text without a scheme, and for no other", () => {
  assert.equal(hrefOf("203.0.113.7:1080", "socks5"), "socks5://203.0.113.7:1080");
  assert.equal(hrefOf("bob:pw@203.0.113.7:1080", "socks4a"), "socks4a://bob:pw@203.0.113.7:1080");
  assert.equal(hrefOf("http://203.0.113.7:1080", "socks5"), "http://203.0.113.7:1080");
});

test("parseProxyUrl() gives every spelling of a host one form", () => {
  const same: readonly string[][] = [
    ["[2001:db8::7]:1", "[2001:DB8:0:0:0:0:0:7]:1", "[2001:0db8::0007]:1", "[2001:db8::0.0.0.7]:1"],
    ["[::ffff:203.0.113.7]:1", "[::FFFF:cb00:7107]:1"],
    ["bücher.example:1", "BÜCHER.example:1", "xn--bcher-kva.example:1", "bu\u0308cher.example:1"],
    ["proxy.example:1", "PROXY.EXAMPLE:1", "proxy.example.:1"],
    ["203.0.113.7:1", "0xcb.0.0x71.7:1", "3405803783:1", "203.0.28935:1", "203.0.113.7.:1"],
  ];
  for (const [first, ...others] of same) {
    for (const other of others) assert.equal(hrefOf(other), hrefOf(first!), `${other} is ${first}`);
  }
  assert.equal(hrefOf("[2001:DB8:0:0:0:0:0:7]:1"), "http://[2001:db8::7]:1");
  assert.equal(hrefOf("bücher.example:1"), "http://xn--bcher-kva.example:1");
  assert.equal(hrefOf("3405803783:1"), "http://203.0.113.7:1");
});

test("parseProxyUrl() keeps proxies apart that differ in scheme, host, port or credentials", () => {
  const different = [
    "http://h:80",
    "https://h:80",
    "socks5://h:80",
    "http://h:81",
    "http://i:80",
    "http://u@h:80",
  ]
    .concat(["http://u:@h:80", "http://u:p@h:80", "http://U:p@h:80", "http://u:P@h:80"]);
  assert.equal(new Set(different.map((input) => hrefOf(input))).size, different.length);
});

const rejections: readonly [input: string, reason: RegExp][] = [
  ["", /it is empty/],
  [" \t ", /it is empty/],
  ["proxy.example", /port is missing/],
  ["203.0.113.7", /port is missing/],
  ["[2001:db8::7]", /port is missing/],
  ["203.0.113.7:", /port must be 1-65535/],
  ["203.0.113.7:0", /port must be 1-65535/],
  ["203.0.113.7:65536", /port must be 1-65535/],
  ["203.0.113.7:8080.5", /port must be 1-65535/],
  ["203.0.113.7:-1", /port must be 1-65535/],
  ["http://proxy.example:http", /port must be 1-65535/],
  ["256.0.0.1:80", /neither a name nor an IP/],
  ["1.2.3.4.5:80", /neither a name nor an IP/],
  ["010.0.0.1:80", /neither a name nor an IP/],
  ["10.0.0.01:80", /neither a name nor an IP/],
  ["010.0.0.1.:80", /neither a name nor an IP/],
  ["010.1.1:80", /neither a name nor an IP/],
  ["-bad.example:80", /neither a name nor an IP/],
  ["a..b:80", /neither a name nor an IP/],
  ["10.0.0.1。.:80", /neither a name nor an IP/],
  [".example:80", /neither a name nor an IP/],
  ["http://:80", /neither a name nor an IP/],
  ["é!x.example:80", /neither a name nor an IP/],
  [`${"a".repeat(64)}.example:80`, /neither a name nor an IP/],
  ["2001:db8::7:8080", /IPv6 address must stand in brackets/],
  ["http://2001:db8::7", /IPv6 address must stand in brackets/],
  ["[2001:db8::7]x:80", /./],
  ["[2001:db8::7%eth0]:80", /neither a name nor an IP/],
  ["[::g]:80", /neither a name nor an IP/],
  ["ftp://proxy.example:21", /scheme must be one of http, https, socks4, socks4a, socks5, socks5h/],
  ["://proxy.example:21", /scheme must be one of/],
  ["http://proxy.example:80/path", /no path and no query/],
  ["http://proxy.example:80?x=1", /no path and no query/],
  ["a:b:c:d", /host:port, host:port:user:pass or a URL/],
  ["http://bob:s\u0000@proxy.example:80", /control character/],
  ["http://bob:s%0a@proxy.example:80", /control character/],
  ["http://bob:\ud800@proxy.example:80", /half a character/],
  [`http://${"a".repeat(3000)}:80`, /longer than 2048/],
  ["<html>", /./],
];

for (const [input, reason] of rejections) {
  test(`parseProxyUrl() refuses ${JSON.stringify(input.slice(0, 60))}`, () => {
    assert.match(reasonFor(input), reason);
  });
}

test("InvalidProxyUrlError has a code, the reason and a message for people", () => {
  const error = thrown(InvalidProxyUrlError, () => parseProxyUrl("203.0.113.7:0"));
  assert.equal(error.code, "INVALID_PROXY_URL");
  assert.equal(error.name, "InvalidProxyUrlError");
  assert.equal(error.message, `Cannot read proxy "203.0.113.7:0": port must be 1-65535`);
});

const host = fc.oneof(
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6().map((ip) => `[${ip}]`),
  fc.domain(),
  fc.constantFrom("bücher.example", "例え.jp", "xn--bcher-kva.de", "LOCALHOST", "a_b.example", "0x7f.1"),
);
const port = fc.integer({ min: 1, max: 65535 });
const secret = fc.string({ unit: "grapheme", maxLength: 12 });
const protocol = fc.constantFrom(...PROTOCOLS);

test("parseProxyUrl() reads its own canonical form as the same proxy", () => {
  fc.assert(
    fc.property(
      protocol,
      host,
      port,
      fc.option(secret),
      fc.option(secret),
      (scheme, host, port, user, pass) => {
        const userinfo = user === null
          ? ""
          : pass === null
          ? `${encodeURIComponent(user)}@`
          : `${encodeURIComponent(user)}:${encodeURIComponent(pass)}@`;
        const parsed = tryParse(`${scheme}://${userinfo}${host}:${port}`);
        if (parsed === undefined) return;
        assert.deepEqual(parseProxyUrl(parsed.href), parsed);
        assert.deepEqual(splitHref(parsed.href), parsed);
        assert.equal(parsed.port, port);
        if (user === null || (user === "" && !pass)) assert.equal(parsed.username, null);
        else {
          assert.equal(parsed.username, user);
          assert.equal(parsed.password, pass);
        }
      },
    ),
  );
});

test("parseProxyUrl() reads whatever it accepts of any text in one form only", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "http://",
      "socks5://",
      "[",
      "]",
      "::",
      ":",
      "@",
      "/",
      "#",
      ".",
      "%",
      "%41",
      "é",
      "!",
      " ",
      "::1",
    ),
    fc.constantFrom("10.0.0.1", "example", "8080", "user", "pass", "0x", "01", "xn--a", "\ud800", "ａ", "。"),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
      const parsed = tryParse(pieces.join(""));
      if (parsed === undefined) return;
      assert.deepEqual(parseProxyUrl(parsed.href), parsed);
      assert.match(parsed.href, /^[\x21-\x7e]+$/);
      assert.ok(parsed.port >= 1 && parsed.port <= 65535);
    }),
    { numRuns: 5000 },
  );
});

test("parseProxyUrl() reads the six forms of one proxy alike", () => {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,9}$/);
  fc.assert(fc.property(fc.ipV4(), port, word, word, (ip, port, user, pass) => {
    const forms = [
      `http://${user}:${pass}@${ip}:${port}`,
      `${user}:${pass}@${ip}:${port}`,
      `${ip}:${port}:${user}:${pass}`,
      `${user}:${pass}:${ip}:${port}`,
      `${ip}:${port}@${user}:${pass}`,
      `http://${ip}:${port}:${user}:${pass}`,
    ];
    assert.deepEqual([...new Set(forms.map((form) => hrefOf(form)))], [forms[0]]);
  }));
});

function tryParse(input: string): ProxyUrl | undefined {
  try {
    return parseProxyUrl(input);
  } catch (error) {
    if (error instanceof InvalidProxyUrlError) return undefined;
    throw error;
  }
}
