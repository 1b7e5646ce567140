import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { encrypt } from "../../support/fernet.ts";
import { sharedData, sharedDataMissing } from "../../support/shared_data.ts";
import { skipIf } from "../../support/skip.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { runCli } from "./support.ts";

interface Exported {
  readonly id: string;
  readonly url: string;
  readonly region: string | null;
  readonly tags: readonly string[];
  readonly source: string | null;
  readonly status: string;
  readonly total_requests: number;
  readonly total_successes: number;
  readonly avg_latency_ms: number | null;
}

async function exported(db: string): Promise<readonly Exported[]> {
  const { out } = await runCli(["export", "--db", db, "--format", "json", "--with-credentials"]);
  return JSON.parse(out);
}

const PAST = { total_requests: 10, total_successes: 8, total_failures: 2, avg_latency_ms: 150 };
const ENTRY = {
  url: "http://bob:hunter2@203.0.113.1:80",
  region: "DE",
  tags: ["a", "b"],
  status: "healthy",
  ...PAST,
};

test("import takes over what JSON, CSV and TOML know of a proxy, and the second time nothing", async () => {
  using dir = new TempDir();
  const cells = Object.values(ENTRY).map((value) => Array.isArray(value) ? value.join(" ") : value);
  const toml = Object.entries(ENTRY).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join("");
  const files = {
    "p.json": JSON.stringify([ENTRY]),
    "p.csv": `${Object.keys(ENTRY).join(",")}\r\n${cells.join(",")}\r\n`,
    "p.toml": `[[proxies]]\n${toml}`,
  };
  for (const [name, content] of Object.entries(files)) {
    const [file, db] = [dir.write(name, content), dir.join(`${name}.db`)];
    const first = await runCli(["import", file, "--db", db]);
    assert.equal(first.code, 0, first.err);
    assert.equal(first.err, "", name);
    const [proxy] = await exported(db);
    const { avg_latency_ms, region, source, status, tags, total_requests, total_successes, url } = proxy!;
    assert.deepEqual({ url, region, tags, status, total_requests, total_successes, avg_latency_ms, source }, {
      url: ENTRY.url,
      region: "DE",
      tags: ["a", "b"],
      status: "healthy",
      total_requests: 10,
      total_successes: 8,
      avg_latency_ms: 150,
      source: name,
    }, name);
    const second = await runCli(["import", file, "--db", db]);
    assert.match(second.out, /1 lines, 0 added, 1 duplicates, 0 rejected/);
    assert.deepEqual(await exported(db), [proxy], "what is known is not counted twice");
  }
});

test("import reads back what export wrote as JSON and as CSV, ids and past included", async () => {
  using dir = new TempDir();
  const db = dir.join("a.db");
  await runCli([
    "import",
    dir.write("p.json", JSON.stringify([ENTRY, "socks5://203.0.113.2:1080"])),
    "--db",
    db,
  ]);
  for (const format of ["json", "csv"]) {
    const [file, copy] = [dir.join(`backup.${format}`), dir.join(`${format}.db`)];
    await runCli(["export", "--db", db, "--format", format, "--with-credentials", "-o", file]);
    const { code, err } = await runCli(["import", file, "--db", copy]);
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(await exported(copy), await exported(db), format);
  }
});

test("import refuses a broken file before it touches the database, and shows nothing of it", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  const good = dir.write("good.txt", "203.0.113.9:80");
  const broken = {
    "cut.json": '[{"url": "http://bob:hunter2@203.0.113.1:80"}, {"url": "http://bob:hunt',
    "quote.csv": 'url,password\n203.0.113.1:80,"hunter2\n',
    "wrong.toml": '[[proxies]]\nurl = "http://203.0.113.1:80"\npassword = hunter2\n',
    "utf16.txt": Buffer.concat([Buffer.from("\uFEFF203.0.113.1:80 hunter2", "utf16le"), Buffer.of(0)]),
    "pool.db": Buffer.from("SQLite format 3\0hunter2"),
  };
  for (const [name, content] of Object.entries(broken)) {
    const file = dir.write(`broken-${name}`, content);
    const { code, err, out } = await runCli(["import", good, file, "--db", db]);
    assert.equal(code, 1, name);
    assert.match(err, new RegExp(`Cannot read ".*broken-${name}": .*Nothing was imported`));
    assert.doesNotMatch(err + out, /hunter2|bob/);
    assert.ok(!existsSync(db));
  }
});

test("import takes the form of a list from --format", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  const csv = "ip;port;country\n203.0.113.1;80;Germany\n";
  const { code } = await runCli(["import", "-", "--db", db, "--format", "csv"], { stdin: csv });
  assert.equal(code, 0);
  assert.equal((await exported(db))[0]?.region, "DE");
  const wrong = await runCli(["import", "-", "--db", db, "--format", "toml"], { stdin: csv });
  assert.match(wrong.err, /Cannot read standard input: it is not valid TOML at line 1/);
  assert.equal((await runCli(["import", "-", "--db", db, "--format", "yaml"], { stdin: csv })).code, 2);
});

test("import tells what it did not take over", async () => {
  using dir = new TempDir();
  const file = dir.write(
    "config.toml",
    'timeout = 5\n[[proxies]]\nurl = "http://203.0.113.1:80"\nisp = "x"\n',
  );
  const { code, err } = await runCli(["import", file, "--db", dir.join("pool.db")]);
  assert.equal(code, 0);
  assert.match(err, /Note: config\.toml: its settings are not taken over \(timeout\)/);
  assert.match(err, /Note: config\.toml: not taken over, since there is no counterpart: isp/);
});

test("import decrypts credentials with the key in PROXYWHIRL_KEY or in the Python program's key file", async () => {
  using dir = new TempDir();
  const key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  const toml = `[[proxies]]\nurl = "http://203.0.113.1:80"\nusername = "${encrypt("bob", key)}"\n` +
    `password = "${encrypt("hunter2", key)}"\n`;
  const file = dir.write("config.toml", toml);
  const closed = await runCli(["import", file, "--db", dir.join("0.db")], { env: { HOME: dir.path } });
  assert.equal(closed.code, 1);
  assert.match(closed.out, /encrypted: set PROXYWHIRL_KEY/);
  await runCli(["import", file, "--db", dir.join("1.db")], { env: { PROXYWHIRL_KEY: key } });
  assert.equal((await exported(dir.join("1.db")))[0]?.url, "http://bob:hunter2@203.0.113.1:80");
  mkdirSync(dir.join(".config", "proxywhirl"), { recursive: true });
  dir.write(".config/proxywhirl/key.enc", key);
  await runCli(["import", file, "--db", dir.join("2.db")], { env: { HOME: dir.path } });
  assert.equal((await exported(dir.join("2.db")))[0]?.url, "http://bob:hunter2@203.0.113.1:80");
});

test(
  "import takes the Python program's web export with its past",
  { timeout: 30_000, ...skipIf(sharedDataMissing("proxies-rich.json")) },
  async () => {
    using dir = new TempDir();
    const db = dir.join("pool.db");
    const { code, err, out } = await runCli(["import", sharedData("proxies-rich.json")!, "--db", db]);
    assert.equal(code, 0);
    assert.match(out, /6699 lines, 6699 added, 0 duplicates, 0 rejected/);
    assert.equal(err, "");
    const proxies = await exported(db);
    const entries = JSON.parse(readFileSync(sharedData("proxies-rich.json")!, "utf8")).proxies;
    assert.equal(proxies[0]?.avg_latency_ms, entries[0].response_time);
    assert.ok(proxies.every(({ status, total_requests }) => status === "healthy" && total_requests === 1));
  },
);

test(
  "A command on a database of the Python program says what was taken over and what was not",
  skipIf(sharedDataMissing("python/layout-b.db")),
  async () => {
    using dir = new TempDir();
    const db = dir.write("pool.db", readFileSync(sharedData("python/layout-b.db")!));
    const first = await runCli(["health", "--db", db]);
    assert.match(first.err, /Took over 41 proxies/);
    assert.match(first.err, /Left out 1 proxies .*set PROXYWHIRL_CACHE_ENCRYPTION_KEY/);
    assert.doesNotMatch(first.err, /hunter2|s3cret/);
    const second = await runCli(["import", "-", "--db", db], { stdin: "203.0.113.1:80" });
    assert.match(second.out, /has 42 proxies/);
  },
);
