import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJsonList } from "../../../src/cli/json_list.ts";

test("parseJsonList reads texts and objects, alone or under proxies", () => {
  const entries = [
    "203.0.113.1:80",
    { url: "socks5://203.0.113.2", region: "us", tags: ["a", 5], city: "Austin", asn: 64500 },
    { ip: "203.0.113.3", port: 8080, protocol: "http", country_code: "DE" },
    { host: "2001:db8::1", port: "1080", protocol: "SOCKS5", username: "bob", password: "p@ss" },
    { ip: "203.0.113.4", port: 1080, country_code: "" },
  ];
  const expected = [
    { url: "socks4://203.0.113.1:80" },
    { url: "socks5://203.0.113.2:1080", region: "US", tags: ["a"], city: "Austin", asn: 64500 },
    { url: "http://203.0.113.3:8080", region: "DE" },
    { url: "socks5://bob:p%40ss@[2001:db8::1]:1080" },
    { url: "socks4://203.0.113.4:1080" },
  ];
  for (const content of [entries, { generated_at: "today", proxies: entries }]) {
    const result = parseJsonList(`\uFEFF ${JSON.stringify(content)}\n`, "socks4");
    assert.deepEqual(result, { proxies: expected, duplicates: 0, rejected: [], lines: 5 });
  }
});

test("parseJsonList counts duplicates and lists what is no proxy, without credentials", () => {
  const entries = [
    "203.0.113.1:80",
    { ip: "203.0.113.1", port: 80 },
    null,
    { port: 80 },
    { ip: "203.0.113.2", port: 99999, username: "bob", password: "hunter2" },
    { url: "http://bob:hunter2@203.0.113.2:99999" },
    { ip: "203.0.113.2", port: 80, protocol: "ftp" },
  ];
  const result = parseJsonList(JSON.stringify(entries), "http");
  assert.deepEqual([result?.proxies.length, result?.duplicates, result?.lines], [1, 1, 7]);
  assert.deepEqual(result?.rejected.map(({ line }) => line), [3, 4, 5, 6, 7]);
  assert.ok(!JSON.stringify(result?.rejected).includes("hunter2"));
});

test("parseJsonList leaves plain lists alone", () => {
  for (const text of ["", "203.0.113.1:80", "[2001:db8::1]:8080\n", "{}", '{"a": 1}', "[1, 2"]) {
    assert.equal(parseJsonList(text, "http"), undefined, text);
  }
});
