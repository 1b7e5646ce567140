import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseProxyUrl } from "../../../src/core/mod.ts";
import { dial } from "../../../src/net/dial.ts";
import { isPrivateAddress, isPrivateHost } from "../../../src/net/ip_address.ts";
import { checkTarget, TargetRefusedError } from "../../../src/net/target_guard.ts";
import { FaultyProxy } from "../../support/faulty_proxy.ts";

/** Every way in which people have written an address that is not on the internet. */
const REFUSED: readonly (readonly [string, string])[] = [
  ["loopback", "http://127.0.0.1/"],
  ["any loopback", "http://127.8.9.10/"],
  ["short", "http://127.1/"],
  ["decimal", "http://2130706433/"],
  ["hexadecimal", "http://0x7f000001/"],
  ["hexadecimal parts", "http://0x7f.0x0.0x0.0x1/"],
  ["octal", "http://0177.0.0.1/"],
  ["octal whole", "http://017700000001/"],
  ["mixed", "http://0177.0x0.1/"],
  ["full-width digits", "http://１２７.０.０.１/"],
  ["ideographic dots", "http://127。0。0。1/"],
  ["half-width ideographic dots", "http://127｡0｡0｡1/"],
  ["enclosed digits", "http://①②⑦.⓪.⓪.①/"],
  ["percent-encoded", "http://%31%32%37.0.0.1/"],
  ["final dot", "http://127.0.0.1./"],
  ["user before it", "http://example.com@127.0.0.1/"],
  ["backslash", "http://127.0.0.1\\@example.com/"],
  ["this network", "http://0.0.0.0/"],
  ["zero", "http://0/"],
  ["private 10", "http://10.1.2.3/"],
  ["private 172", "http://172.16.0.1/"],
  ["private 172, end", "http://172.31.255.255/"],
  ["private 192", "http://192.168.1.1/"],
  ["carrier-grade NAT", "http://100.64.0.1/"],
  ["metadata of clouds", "http://169.254.169.254/latest/meta-data/"],
  ["metadata, decimal", "http://2852039166/"],
  ["metadata of Alibaba", "http://100.100.100.200/"],
  ["IETF protocol assignments", "http://192.0.0.192/"],
  ["benchmarks", "http://198.18.0.1/"],
  ["multicast", "http://224.0.0.1/"],
  ["reserved", "http://240.0.0.1/"],
  ["broadcast", "http://255.255.255.255/"],
  ["IPv6 loopback", "http://[::1]/"],
  ["IPv6 loopback, long", "http://[0:0:0:0:0:0:0:1]/"],
  ["IPv6 unspecified", "http://[::]/"],
  ["IPv4-mapped", "http://[::ffff:127.0.0.1]/"],
  ["IPv4-mapped, hexadecimal", "http://[::ffff:7f00:1]/"],
  ["IPv4-mapped private", "http://[::ffff:10.0.0.1]/"],
  ["IPv4-compatible", "http://[::127.0.0.1]/"],
  ["NAT64", "http://[64:ff9b::7f00:1]/"],
  ["NAT64 for local use", "http://[64:ff9b:1::1]/"],
  ["6to4", "http://[2002:7f00:1::]/"],
  ["6to4 of a private address", "http://[2002:c0a8:101::1]/"],
  ["unique local", "http://[fd00::1]/"],
  ["metadata of AWS over IPv6", "http://[fd00:ec2::254]/"],
  ["link-local", "http://[fe80::1]/"],
  ["site-local", "http://[fec0::1]/"],
  ["multicast over IPv6", "http://[ff02::1]/"],
  ["localhost", "http://localhost/"],
  ["localhost in capitals", "http://LOCALHOST/"],
  ["localhost with a final dot", "http://localhost./"],
  ["below localhost", "http://a.localhost/"],
  ["metadata of Google", "http://metadata.google.internal/"],
  ["a name without a dot", "http://router/"],
  ["mDNS", "http://printer.local/"],
  ["home network", "http://nas.home.arpa/"],
  ["localhost in full-width letters", "http://ｌｏｃａｌｈｏｓｔ/"],
  ["scheme file", "file:///etc/passwd"],
  ["scheme ftp", "ftp://example.com/"],
  ["scheme data", "data:text/plain,x"],
  ["scheme gopher", "gopher://example.com/"],
  ["port of SMTP", "http://example.com:25/"],
  ["port of SSH", "https://example.com:22/"],
];

const ALLOWED = [
  "https://example.com/",
  "http://example.com:8080/",
  "http://1.1.1.1/",
  "http://172.32.0.1/",
  "http://100.63.255.255/",
  "http://100.128.0.1/",
  "http://192.0.3.1/",
  "https://[2606:4700:4700::1111]/",
  "https://[::ffff:1.1.1.1]/",
  "https://[64:ff9b::101:101]/",
  "http://203.0.113.7/",
  "http://[2001:db8::1]/",
  "http://localhost.example.com/",
  "http://internal.example.com/",
];

describe("checkTarget()", () => {
  for (const [name, url] of REFUSED) {
    test(`refuses ${name}: ${url}`, () => {
      assert.throws(() => checkTarget(new URL(url)), TargetRefusedError);
    });
  }

  for (const url of ALLOWED) {
    test(`allows ${url}`, () => checkTarget(new URL(url)));
  }

  test("allows private addresses when told so, but never another scheme", () => {
    checkTarget(new URL("http://127.0.0.1:8080/"), { allowPrivateTargets: true });
    assert.throws(() => checkTarget(new URL("file:///x"), { allowPrivateTargets: true }), TargetRefusedError);
  });

  test("shows neither path nor credentials", () => {
    assert.throws(() => checkTarget(new URL("http://user:s3cret@localhost/token/abc")), (error: Error) => {
      assert.doesNotMatch(error.message, /s3cret|token/);
      return true;
    });
  });
});

describe("isPrivateAddress()", () => {
  test("judges an IPv4 address alike in every disguise", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(fc.property(octet, octet, octet, octet, (a, b, c, d) => {
      const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
      const expected = isPrivateAddress(`${a}.${b}.${c}.${d}`);
      const decimal = ((a * 256 + b) * 256 + c) * 256 + d;
      assert.equal(isPrivateHost(new URL(`http://${decimal}/`).hostname), expected);
      assert.equal(isPrivateHost(`[::ffff:${hex(a, b)}:${hex(c, d)}]`), expected);
      assert.equal(isPrivateAddress(`64:ff9b::${hex(a, b)}:${hex(c, d)}`), expected);
      assert.equal(isPrivateAddress(`2002:${hex(a, b)}:${hex(c, d)}::1`), expected);
    }));
  });

  test("counts what is no address as private", () => {
    assert.equal(isPrivateAddress("nonsense"), true);
    assert.equal(isPrivateAddress("fe80::1%eth0"), true);
  });
});

describe("dial() checks what names resolve to", () => {
  const target = { host: "localhost", port: 80, isTls: false };

  test("of sites, where names are looked up here", async () => {
    await using proxy = await FaultyProxy.start();
    for (const protocol of ["socks4", "socks5"]) {
      await assert.rejects(dial(parseProxyUrl(proxy.url(protocol)), target), { code: "TARGET_REFUSED" });
    }
    assert.equal(proxy.accepted, 0);
  });

  test("of sites, where the proxy sits in our own network", async () => {
    await using proxy = await FaultyProxy.start();
    for (const protocol of ["http", "socks4a", "socks5h"]) {
      await assert.rejects(dial(parseProxyUrl(proxy.url(protocol)), target), { code: "TARGET_REFUSED" });
    }
    assert.equal(proxy.accepted, 0);
  });

  test("but lets a person's proxy in the own network serve the internet", async () => {
    await using proxy = await FaultyProxy.start({ fault: "bad_gateway" });
    const site = { host: "203.0.113.9", port: 443, isTls: true };
    await assert.rejects(dial(parseProxyUrl(proxy.url("socks5")), site), { code: "PROXY_REFUSED" });
    assert.equal(proxy.handshakes[0]?.host, "203.0.113.9");
  });
});
