import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sharedData, sharedDataMissing } from "../../../support/shared_data.ts";
import { skipIf } from "../../../support/skip.ts";
import { fault, read, urls } from "./support.ts";

test("A JSON list is an array, or an object around one, of texts and objects", async () => {
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
  for (const content of [entries, { generated_at: "today", proxies: entries }, { data: entries }]) {
    const list = await read("x.json", `\uFEFF ${JSON.stringify(content)}\n`, { defaultProtocol: "socks4" });
    assert.deepEqual([list.duplicates, list.rejected, list.lines], [0, [], 5]);
    assert.deepEqual(list.proxies, expected);
  }
});

test("A JSON list may have an array for each protocol; https lists hold HTTP proxies", async () => {
  const list = await read(
    "proxies.json",
    JSON.stringify({
      metadata: { counts: {} },
      proxies: { http: ["203.0.113.1:80"], https: ["203.0.113.1:80"], socks5: ["203.0.113.2:1080"] },
    }),
  );
  assert.deepEqual(urls(list), ["http://203.0.113.1:80", "socks5://203.0.113.2:1080"]);
  assert.deepEqual([list.lines, list.duplicates], [3, 1]);
});

test("A JSON list may be an object a line", async () => {
  const list = await read(
    "proxies.jsonl",
    '{"url":"http://203.0.113.1:80"}\r\n\r\n{"url":"203.0.113.2:80"}\n',
  );
  assert.equal(list.proxies.length, 2);
  assert.equal(
    await fault("x.jsonl", '{"url":"203.0.113.1:80"}\n{"url":"bob:hunter2'),
    "line 2 is not valid JSON",
  );
});

test("A JSON list says what is no proxy, with its number and without credentials", async () => {
  const entries = [
    "203.0.113.1:80",
    { ip: "203.0.113.1", port: 80 },
    null,
    { port: 80 },
    { ip: "203.0.113.2", port: 99999, username: "bob", password: "hunter2" },
    { url: "http://bob:hunter2@203.0.113.2:99999" },
    { ip: "203.0.113.2", port: 80, protocol: "vmess" },
    { url: "http://***:***@203.0.113.3:80" },
    { url: "http://203.0.113.4:80", username: "**********", password: "**********" },
    { url: "http://203.0.113.5:80", username: "${USER_OF_PROXY}", password: "${HOME:hunter2}" },
    { url: "http://203.0.113.6:80", username: "gAAAAA" + "x".repeat(80), password: "hunter2" },
    7,
  ];
  const list = await read("x.json", JSON.stringify(entries));
  assert.deepEqual([list.proxies.length, list.duplicates, list.lines], [1, 1, 12]);
  assert.deepEqual(list.rejected.map(({ line }) => line), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const reasons = list.rejected.map(({ reason }) => reason);
  assert.match(reasons[5] ?? "", /masked/);
  assert.match(reasons[6] ?? "", /masked/);
  assert.match(reasons[7] ?? "", /environment variable USER_OF_PROXY, which is not read/);
  assert.match(reasons[8] ?? "", /encrypted: set PROXYWHIRL_KEY/);
  assert.doesNotMatch(JSON.stringify(list.rejected), /hunter2/);
});

test("A JSON list gives what it knows of a proxy's past, whoever wrote it", async () => {
  const list = await read(
    "x.json",
    JSON.stringify([
      {
        url: "http://203.0.113.1:80",
        id: "0F9D3C1E-8A44-4A0E-9C41-0D5B0A3C9C11",
        health_status: "healthy",
        total_requests: 50,
        requests_started: 52,
        total_successes: 40,
        total_failures: 10,
        average_response_time_ms: 120.5,
        ema_response_time_ms: 100,
        consecutive_successes: 3,
        last_success_at: "2026-01-02 03:04:05.678901",
        weight: 2.5,
        cost: 0.01,
        source: "fetched",
        source_url: "https://user:hunter2@lists.example/http.txt?key=hunter2",
        country_name: "Germany",
        latitude: 52.5,
      },
      {
        ip: "203.0.113.2",
        port: 80,
        status: "healthy",
        response_time: 80,
        success_rate: 75,
        total_checks: 4,
      },
      { ip: "203.0.113.3", port: 80, status: "unknown", success_rate: null, total_checks: 0 },
      { ip: "203.0.113.4", port: 80, status: "dead", total_requests: -5, response_time: "fast", weight: -1 },
    ]),
  );
  const [first, second, third, fourth] = list.proxies;
  assert.equal(first?.id, "0f9d3c1e-8a44-4a0e-9c41-0d5b0a3c9c11");
  assert.deepEqual([first?.weight, first?.cost, first?.region], [2.5, 0.01, "DE"]);
  assert.equal(first?.source, "https://lists.example/http.txt");
  assert.deepEqual(first?.history, {
    counters: {
      requestsStarted: 52,
      totalSuccesses: 40,
      totalFailures: 10,
      latencySumMs: 4820,
      latencyCount: 40,
    },
    state: {
      status: "healthy",
      emaLatencyMs: 100,
      consecutiveFailures: 0,
      consecutiveSuccesses: 3,
      lastCheckAt: Date.parse("2026-01-02T03:04:05.678Z"),
      lastSuccessAt: Date.parse("2026-01-02T03:04:05.678Z"),
      lastFailureAt: null,
      circuit: { state: "closed", openUntil: null, timesOpened: 0 },
    },
  });
  assert.deepEqual([second?.history?.counters.totalSuccesses, second?.history?.counters.totalFailures], [
    3,
    1,
  ]);
  assert.equal(second?.history?.counters.latencySumMs, 240);
  assert.equal(third?.history, undefined);
  assert.equal(fourth?.history?.state.status, "dead");
  assert.deepEqual([fourth?.history?.counters.totalFailures, fourth?.weight], [0, undefined]);
  assert.deepEqual(list.notes, ["not taken over, since there is no counterpart: latitude"]);
});

test("A JSON list that is broken is refused whole, with the place and without its text", async () => {
  const good = JSON.stringify(
    [{ url: "http://bob:hunter2@203.0.113.1:80" }, { url: "203.0.113.2:80" }],
    null,
    1,
  );
  assert.match(await fault("x.json", good.slice(0, -3)), /^it is cut off at line \d+, column \d+$/);
  assert.match(await fault("x.txt", good.slice(0, 30)), /^it is cut off at line 3, column \d+$/);
  assert.match(
    await fault("x.json", '[\n{"password": hunter2}\n]'),
    /^it is not valid JSON at line 2, column 14$/,
  );
  assert.equal(await fault("x.json", ""), "it is empty");
  assert.equal(await fault("x.json", "\r\n \n"), "it is empty");
  for (const text of ["{}", '{"a": 1}', "5", "null", '"203.0.113.1:80"']) {
    assert.match(await fault("x.json", text), /^there is no list in it/, text);
  }
  const deep = "[".repeat(200_000);
  assert.match(await fault("x.json", deep), /^(?:it is cut off|it is not valid JSON)/);
});

test("A JSON list cannot reach into the program", async () => {
  const list = await read(
    "x.json",
    '[{"__proto__": {"polluted": 1}, "constructor": 5, "url": "203.0.113.1:80"}]',
  );
  assert.equal(list.proxies.length, 1);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

test(
  "A JSON list of the Python program's web export is read in full",
  skipIf(sharedDataMissing("proxies-rich.json")),
  async () => {
    const list = await read("proxies-rich.json", readFileSync(sharedData("proxies-rich.json")!));
    assert.deepEqual([list.proxies.length, list.rejected.length, list.duplicates], [6699, 0, 0]);
    assert.equal(list.proxies.filter(({ history }) => history?.state.status === "healthy").length, 6699);
    assert.equal(list.proxies.filter(({ region }) => region !== undefined).length, 2623);
    assert.ok(list.proxies.every(({ history }) => (history?.counters.latencySumMs ?? 0) > 0));
    assert.ok(list.proxies.every(({ source }) => source === undefined));
  },
);
