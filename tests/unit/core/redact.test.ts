import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InvalidProxyUrlError } from "../../../src/core/errors.ts";
import { parseProxyList } from "../../../src/core/proxy_list.ts";
import { parseProxyUrl, PROTOCOLS } from "../../../src/core/proxy_url.ts";
import { redactProxyInput, redactText, redactUrl } from "../../../src/core/redact.ts";

test("redactUrl() removes user name and password and keeps the rest", () => {
  assert.equal(redactUrl("http://bob:secret@203.0.113.7:8080"), "http://203.0.113.7:8080");
  assert.equal(redactUrl("socks5://bob@[2001:db8::7]:1080"), "socks5://[2001:db8::7]:1080");
  assert.equal(redactUrl("https://proxy.example:443"), "https://proxy.example:443");
  assert.equal(redactUrl("http://bob:p@ss/w#rd@proxy.example:80"), "http://proxy.example:80");
});

test("redactText() finds every URL in a text and leaves the text around it", () => {
  assert.equal(
    redactText(`via http://a:b@h:1, then "socks5://c:d@[::1]:2" failed (http://e@i:3/path?q=1)`),
    `via http://h:1, then "socks5://[::1]:2" failed (http://i:3/path?q=1)`,
  );
  assert.equal(redactText("http://a:b@h:1\nhttp://c:d@h:2"), "http://h:1\nhttp://h:2");
});

test("redactText() keeps what holds no credential", () => {
  for (
    const text of [
      "write to bob@example.com",
      "https://example.com/@bob/post?mail=a@b.c",
      "file:///home/bob/a.ts:10:5",
      "http://203.0.113.7:8080 is dead",
      "at http://localhost:8080/x.js:10:5",
      "",
    ]
  ) assert.equal(redactText(text), text);
});

test("redactText() removes credentials written behind host and port", () => {
  assert.doesNotMatch(redactText("Cannot add http://203.0.113.7:8080:bob:secret: no"), /bob|secret/);
  assert.doesNotMatch(redactText("Cannot add http://bob:secret:203.0.113.7:8080"), /bob|secret/);
});

test("redactProxyInput() shows host and port, and nothing that may be a credential", () => {
  assert.equal(redactProxyInput("203.0.113.7:99999"), "203.0.113.7:99999");
  assert.equal(redactProxyInput("proxy.example"), "proxy.example");
  assert.equal(redactProxyInput("proxy.example:99999"), "proxy.example:99999");
  assert.equal(redactProxyInput("ftp://bob:secret@proxy.example:21"), "ftp://***@proxy.example:21");
  assert.equal(redactProxyInput("203.0.113.7:0:bob:secret"), "203.0.113.7:***:***:***");
  assert.doesNotMatch(redactProxyInput("bob:secret"), /bob|secret/);
  assert.doesNotMatch(redactProxyInput("203.0.113.7:0@bob:secret"), /bob|secret/);
  assert.doesNotMatch(redactProxyInput("http://bo b:secret@proxy.example:0"), /bo|secret/);
  assert.doesNotMatch(redactProxyInput("bob.example:my.secret:203.0.113.7:0"), /bob|secret/);
  assert.doesNotMatch(redactProxyInput("203.0.113.7:8080:bob:se://cret"), /bob|se|cret/);
});

test("redactProxyInput() answers one printable line of at most 80 characters", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (input) => {
    const shown = redactProxyInput(input);
    assert.ok(shown.length <= 80);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(shown, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
  }));
});

/** A credential that cannot be confused with a part of the address: it starts and ends with a rare letter. */
function secretOf(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return inner.map((text) => `Ʒ${text}Ʒ`);
}

const anything = secretOf(fc.string({ unit: "binary", maxLength: 12 }));
const spiced = secretOf(
  fc.array(
    fc.constantFrom(
      ":",
      "://",
      "@",
      "/",
      "?",
      "#",
      "%",
      "%40",
      " ",
      "'",
      '"',
      "\\",
      ".",
      ",",
      "|",
      "1",
      "a",
      "<",
    ),
    {
      maxLength: 8,
    },
  ).map((parts) => parts.join("")),
);
const credential = fc.oneof(anything, spiced);
const badHost = fc.constantFrom("203.0.113.7", "proxy.example", "[::1]", "bad host", "", "256.1.1.1", "é!x");
const badPort = fc.constantFrom("8080", "0", "99999", "", "http", "80/path");
const form = fc.constantFrom<(user: string, pass: string, host: string, port: string) => string>(
  (user, pass, host, port) => `http://${user}:${pass}@${host}:${port}`,
  (user, pass, host, port) => `ftp://${user}:${pass}@${host}:${port}`,
  (user, pass, host, port) => `${user}:${pass}@${host}:${port}`,
  (user, pass, host, port) => `${host}:${port}@${user}:${pass}`,
  (user, pass, host, port) => `${host}:${port}:${user}:${pass}`,
  (user, pass, host, port) => `${user}:${pass}:${host}:${port}`,
  (user, pass, host, port) => `socks5://${host}:${port}:${user}:${pass}`,
  (user, pass) => `${user}:${pass}`,
);

function assertHides(shown: string, ...secrets: string[]): void {
  for (const secret of secrets) {
    assert.ok(!shown.includes("Ʒ"), `${JSON.stringify(shown)} shows a part of ${JSON.stringify(secret)}`);
    const encoded = encodeURIComponent("Ʒ");
    assert.ok(!shown.includes(encoded), `${JSON.stringify(shown)} shows a part of ${JSON.stringify(secret)}`);
  }
}

test("InvalidProxyUrlError shows no part of a credential, whatever its characters and the form", () => {
  fc.assert(
    fc.property(form, credential, credential, badHost, badPort, (write, user, pass, host, port) => {
      try {
        parseProxyUrl(write(user, pass, host, port));
      } catch (error) {
        assert.ok(error instanceof InvalidProxyUrlError);
        assertHides(error.message, user, pass);
        assertHides(error.reason, user, pass);
      }
    }),
    { numRuns: 3000 },
  );
});

test("parseProxyList() shows no part of a credential in rejected lines", () => {
  const line = fc.tuple(form, credential, credential, badHost, badPort)
    .map(([write, user, pass, host, port]) => write(user, pass, host, port).replace(/[\r\n]/g, ""));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      for (const { input, reason } of parseProxyList(lines.join("\n")).rejected) {
        assertHides(input, "line");
        assertHides(reason, "line");
      }
    }),
    { numRuns: 2000 },
  );
});

test("redactUrl() and redactText() show no part of a credential of a canonical URL, in any text", () => {
  // deno-lint-ignore no-control-regex
  const lossless = credential.filter((text) => text.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(text));
  const around = fc.constantFrom<(url: string) => string>(
    (url) => url,
    (url) => `failed: ${url}`,
    (url) => `"${url}"`,
    (url) => `'${url}' and \`${url}\``,
    (url) => JSON.stringify({ url, urls: [url, url] }),
    (url) => `<a href="${url}">${url}</a>`,
    (url) => `${url},${url};${url}/path?x=${url}`,
  );
  fc.assert(
    fc.property(fc.constantFrom(...PROTOCOLS), lossless, lossless, around, (protocol, user, pass, write) => {
      const { href } = parseProxyUrl(
        `${protocol}://${encodeURIComponent(user)}:${encodeURIComponent(pass)}@h:1`,
      );
      assert.equal(redactUrl(href), `${protocol}://h:1`);
      const shown = redactText(write(href));
      assertHides(shown, user, pass);
      assert.ok(shown.includes(`${protocol}://h:1`));
    }),
    { numRuns: 2000 },
  );
});

test("redactText() shows no part of a credential that is not escaped", () => {
  // White space, double quotes and angle brackets end a URL in a text; a `/` in a user name makes it a path.
  const raw = (forbidden: RegExp) => credential.map((text) => text.replace(forbidden, ""));
  fc.assert(
    fc.property(raw(/[\s"<>/?#\\\p{C}]/gu), raw(/[\s"<>\p{C}]/gu), (user, pass) => {
      assertHides(redactText(`Cannot reach http://${user}:${pass}@h:1 today`), user, pass);
    }),
    { numRuns: 2000 },
  );
});

test("redactText() and redactProxyInput() read long texts once, not again from every letter", () => {
  // Were it otherwise, these would take minutes and run into the time limit of the test runners.
  const letters = "a".repeat(2_000_000);
  assert.equal(redactText(`${letters} ://x:y@h`), `${letters} ://h`);
  assert.equal(redactText(`${letters}://x:y@h`), `${letters}://h`);
  assert.equal(redactText("http://".repeat(300_000) + "a:b@h"), "http://h");
  assert.match(redactText("://" + "a:".repeat(1_000_000)), /^:\/\/[*:]+$/);
  assert.ok(redactProxyInput("a:".repeat(5000)).length <= 80);
});
