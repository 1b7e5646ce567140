import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createCipheriv, createHmac } from "node:crypto";
import { chmodSync, copyFileSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openStore, SqliteStore } from "../../../src/store/mod.ts";
import type { SqliteStoreOptions } from "../../../src/store/mod.ts";
import type { ProxySnapshot } from "../../../src/core/types.ts";
import { sharedData, sharedDataMissing } from "../../support/shared_data.ts";
import { skipIf } from "../../support/skip.ts";
import { TempDir } from "../../support/temp_dir.ts";

const KEY = Buffer.alloc(32, 7).toString("base64url");

/** A token as the Python program writes it. */
function encrypt(text: string, key: string = KEY): string {
  const secret = Buffer.from(key, "base64url");
  const iv = Buffer.alloc(16, 3);
  const cipher = createCipheriv("aes-128-cbc", secret.subarray(16), iv);
  const signed = Buffer.concat([
    Buffer.from([0x80]),
    Buffer.alloc(8),
    iv,
    cipher.update(text, "utf8"),
    cipher.final(),
  ]);
  const mac = createHmac("sha256", secret.subarray(0, 16)).update(signed).digest();
  const token = Buffer.concat([signed, mac]).toString("base64url");
  return `encrypted:${Buffer.from(token).toString("base64")}`;
}

/** Both layouts, cut down to the columns that matter. */
const FLAT =
  `CREATE TABLE proxies (url VARCHAR NOT NULL PRIMARY KEY, id VARCHAR, username VARCHAR, password VARCHAR,
  health_status VARCHAR NOT NULL, last_success_at DATETIME, last_failure_at DATETIME, last_health_check DATETIME,
  consecutive_successes INTEGER, consecutive_failures INTEGER, requests_started INTEGER, total_requests INTEGER,
  total_successes INTEGER, total_failures INTEGER, average_response_time_ms FLOAT, ema_response_time_ms FLOAT,
  country_code VARCHAR, city VARCHAR, asn INTEGER, source VARCHAR, source_name VARCHAR, tags_json VARCHAR,
  created_at DATETIME)`;
const NORMALIZED = `
  CREATE TABLE proxy_identities (url VARCHAR PRIMARY KEY NOT NULL, username VARCHAR, password VARCHAR,
    country_code VARCHAR, city VARCHAR, asn INTEGER, source VARCHAR, discovered_at DATETIME);
  CREATE TABLE proxy_statuses (proxy_url VARCHAR PRIMARY KEY NOT NULL, health_status VARCHAR NOT NULL,
    last_success_at DATETIME, last_failure_at DATETIME, last_check_at DATETIME, consecutive_successes INTEGER,
    consecutive_failures INTEGER, total_checks INTEGER, total_successes INTEGER, avg_response_time_ms FLOAT)`;

const ID = "fd2ab883-7777-4e59-92af-ce708c63e492";
const WHEN = "2026-11-22 11:27:57.362593";
const WHEN_MS = Date.UTC(2026, 10, 22, 11, 27, 57, 362);

async function load(path: string, options: SqliteStoreOptions = {}) {
  const { store, warning, notices } = await openStore(path, { encryptionKeys: [], ...options });
  const proxies = await store.loadAll();
  await store.close();
  return { proxies, warning, notices };
}

function withDatabase(path: string, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path);
  work(database);
  database.close();
}

function dumpOf(path: string, tables: readonly string[]): unknown {
  const dump: unknown[] = [];
  withDatabase(path, (database) => {
    for (const table of tables) {
      dump.push(database.prepare(`SELECT * FROM ${table}`).all().map((row) => ({ ...row })));
    }
  });
  return dump;
}

test("openStore takes over the flat table of the Python program, ids and all", async () => {
  using folder = new TempDir();
  const path = folder.join("proxywhirl.db");
  withDatabase(path, (database) => {
    database.exec(FLAT);
    const insert = database.prepare(`INSERT INTO proxies VALUES (${Array(23).fill("?").join()})`);
    const rest = [
      WHEN,
      null,
      WHEN,
      0,
      2,
      0,
      20,
      18,
      2,
      441.5,
      400.25,
      "us",
      "Reno",
      7018,
      "user",
      "list",
      '["a","b"]',
      WHEN,
    ];
    insert.run("HTTP://User:p%40ss@Example.com", ID.toUpperCase(), null, null, "degraded", ...rest);
    insert.run("socks5://203.0.113.9", "not a uuid", "bob", "hunter:2@", "healthy", ...rest);
    insert.run("nonsense://", null, null, null, "dead", ...rest);
  });
  const before = dumpOf(path, ["proxies"]);
  const { proxies, notices, warning } = await load(path);
  assert.equal(warning, undefined);
  assert.deepEqual(notices.map((notice) => notice.replace(path, "PATH")), [
    'Took over 2 proxies of the Python program in "PATH"; its own tables stay as they are',
    'Left out 1 proxies of the Python program in "PATH": their URL is not one of a proxy',
  ]);
  const [first, second] = proxies;
  assert.deepEqual(first, {
    id: ID,
    url: "http://User:p%40ss@example.com:80",
    addedAt: WHEN_MS,
    region: "US",
    city: "Reno",
    asn: 7018,
    tags: ["a", "b"],
    weight: null,
    cost: null,
    source: "list",
    status: "degraded",
    requestsStarted: 20,
    totalSuccesses: 18,
    totalFailures: 2,
    latencySumMs: 441.5 * 18,
    latencyCount: 18,
    emaLatencyMs: 400.25,
    consecutiveFailures: 2,
    consecutiveSuccesses: 0,
    lastCheckAt: WHEN_MS,
    lastSuccessAt: WHEN_MS,
    lastFailureAt: null,
    circuit: { state: "closed", openUntil: null, timesOpened: 0 },
  });
  assert.equal(second?.url, "socks5://bob:hunter%3A2%40@203.0.113.9:1080");
  assert.deepEqual(dumpOf(path, ["proxies"]), before);
  assert.deepEqual((await load(path)).proxies, proxies);
});

test("openStore gives the Python program's proxies without ids new ones, and keeps them", async () => {
  using folder = new TempDir();
  const path = folder.join("proxywhirl.db");
  withDatabase(path, (database) => {
    database.exec(NORMALIZED);
    database.exec(`
      INSERT INTO proxy_identities (url, country_code, discovered_at) VALUES ('http://203.0.113.1', 'DE', '${WHEN}');
      INSERT INTO proxy_identities (url) VALUES ('http://203.0.113.2:80');
      INSERT INTO proxy_statuses VALUES ('http://203.0.113.1', 'healthy', '${WHEN}', NULL, '${WHEN}', 3, 0, 5, 4, 101.0);
    `);
  });
  const { proxies } = await load(path);
  const [first, second] = proxies;
  assert.deepEqual(
    [
      first?.url,
      first?.region,
      first?.status,
      first?.totalSuccesses,
      first?.totalFailures,
      first?.requestsStarted,
    ],
    ["http://203.0.113.1:80", "DE", "healthy", 4, 1, 5],
  );
  assert.deepEqual([first?.emaLatencyMs, first?.latencySumMs, first?.latencyCount], [101, 404, 4]);
  assert.deepEqual([second?.status, second?.totalSuccesses, second?.lastCheckAt], ["unknown", 0, null]);
  assert.deepEqual((await load(path)).proxies, proxies);
});

test("openStore does not bring back proxies of the Python program that were removed since", async () => {
  using folder = new TempDir();
  const path = folder.join("proxywhirl.db");
  withDatabase(path, (database) => {
    database.exec(NORMALIZED);
    database.exec(
      "INSERT INTO proxy_identities (url) VALUES ('http://203.0.113.1:80'), ('http://203.0.113.2:80')",
    );
  });
  const { store } = await openStore(path);
  const [gone] = await store.loadAll();
  await store.remove([gone?.id ?? ""]);
  await store.close();
  assert.deepEqual((await load(path)).proxies.map(({ url }) => url), ["http://203.0.113.2:80"]);
});

test("openStore decrypts credentials with the key, and takes them later when the key comes later", async () => {
  using folder = new TempDir();
  const path = folder.join("proxywhirl.db");
  withDatabase(path, (database) => {
    database.exec(NORMALIZED);
    const insert = database.prepare(
      "INSERT INTO proxy_identities (url, username, password) VALUES (?, ?, ?)",
    );
    insert.run("http://203.0.113.1:80", encrypt("bob"), encrypt("hunter2"));
    insert.run("http://203.0.113.2:80", null, null);
  });
  const without = await load(path);
  assert.deepEqual(without.proxies.map(({ url }) => url), ["http://203.0.113.2:80"]);
  assert.match(without.notices[1] ?? "", /Left out 1 .* encrypted; set PROXYWHIRL_CACHE_ENCRYPTION_KEY/);
  const wrong = await load(path, { encryptionKeys: [Buffer.alloc(32).toString("base64url")] });
  assert.equal(wrong.proxies.length, 1);
  const right = await load(path, { encryptionKeys: ["garbage", KEY] });
  assert.deepEqual(right.proxies.map(({ url }) => url), [
    "http://203.0.113.2:80",
    "http://bob:hunter2@203.0.113.1:80",
  ]);
  assert.ok(!right.notices.join().includes("hunter2"));
  assert.deepEqual((await load(path)).proxies, right.proxies);
});

const REAL_KEY = "15ySA43HJkWRvvWD-O7WhrUB4N31PSTFznYMNYACmx8=";
const real = skipIf(sharedDataMissing("python/layout-a.db", "python/layout-b.db"));

function copyReal(name: string, path: string): void {
  copyFileSync(sharedData(`python/${name}`) ?? name, path);
  chmodSync(path, 0o600);
}

function sum(proxies: readonly ProxySnapshot[], count: (proxy: ProxySnapshot) => number): number {
  return proxies.reduce((total, proxy) => total + count(proxy), 0);
}

test("openStore takes over a real file of the flat layout", real, async () => {
  using folder = new TempDir();
  const path = folder.join("proxywhirl.db");
  copyReal("layout-a.db", path);
  const original = new Map<unknown, Record<string, unknown>>();
  withDatabase(path, (database) => {
    for (const row of database.prepare("SELECT * FROM proxies").all()) original.set(row.id, row);
  });
  const before = dumpOf(path, ["proxies", "cache_entries", "circuit_breaker_states"]);
  const { proxies } = await load(path);
  assert.equal(proxies.length, 42);
  for (const proxy of proxies) {
    const row = original.get(proxy.id);
    assert.ok(row);
    assert.deepEqual(
      [proxy.region, proxy.status, proxy.totalSuccesses, proxy.totalFailures, proxy.emaLatencyMs],
      [
        row.country_code,
        row.health_status,
        row.total_successes,
        row.total_failures,
        row.ema_response_time_ms,
      ],
    );
  }
  const urls = proxies.map(({ url }) => url);
  assert.ok(urls.includes("http://alice:s3cret@45.10.20.30:3128"));
  assert.ok(urls.includes("http://bob:hunter2@45.10.20.31:3128"));
  assert.deepEqual(dumpOf(path, ["proxies", "cache_entries", "circuit_breaker_states"]), before);
});

test("openStore takes over a real file of the normalised layout", real, async () => {
  using folder = new TempDir();
  const path = folder.join("proxywhirl.db");
  copyReal("layout-b.db", path);
  const tables = ["proxy_identities", "proxy_statuses", "validation_results"];
  const before = dumpOf(path, tables);
  const { proxies } = await load(path, { encryptionKeys: [REAL_KEY] });
  assert.equal(proxies.length, 42);
  assert.equal(sum(proxies, (proxy) => proxy.totalSuccesses + proxy.totalFailures), 20);
  const urls = proxies.map(({ url }) => url);
  assert.ok(urls.includes("http://alice:s3cret@45.10.20.30:3128"));
  assert.ok(urls.includes("http://bob:hunter2@45.10.20.31:3128"));
  assert.deepEqual(dumpOf(path, tables), before);
  assert.deepEqual((await load(path)).proxies, proxies);
});

test("openStore reads a Python file that it cannot write", real, async () => {
  using folder = new TempDir();
  const path = folder.join("proxywhirl.db");
  copyReal("layout-a.db", path);
  const before = readFileSync(path);
  const { proxies } = await new SqliteStore(path).readOnly();
  assert.equal(proxies.length, 42);
  assert.ok(readFileSync(path).equals(before));
});
