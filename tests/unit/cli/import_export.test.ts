import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { test } from "node:test";
import { sharedData, sharedDataMissing } from "../../support/shared_data.ts";
import { skipIf } from "../../support/skip.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { runCli } from "./support.ts";

const LIST = [
  "# a list",
  "203.0.113.1:8080",
  "http://bob:hunter2@203.0.113.2:8080",
  "socks5://203.0.113.3:1080 fast",
  "203.0.113.1:8080",
  "203.0.113.4:99999",
  "carol:s3cret@nowhere",
  "",
].join("\r\n");

interface Exported {
  readonly id: string;
  readonly url: string;
  readonly protocol: string;
  readonly region: string | null;
  readonly tags: readonly string[];
  readonly source: string | null;
}

async function exported(db: string, ...args: string[]): Promise<Exported[]> {
  const { code, out } = await runCli(["export", "--db", db, "--format", "json", ...args]);
  return code === 4 ? [] : JSON.parse(out);
}

test("import tells what was added, what was there, and each bad line with its reason", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  const file = dir.write("mixed.txt", LIST);
  const first = await runCli(["import", file, "--db", db, "--region", "us", "--tag", "a", "--tag", "b"]);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /^mixed\.txt: 6 lines, 3 added, 1 duplicates, 2 rejected\n/);
  assert.match(first.out, /mixed\.txt:6: 203\.0\.113\.4:99999: .*port/);
  assert.match(first.out, /mixed\.txt:7: \*\*\*@.*: /);
  assert.match(first.out, /pool\.db has 3 proxies\.\n$/);
  assert.ok(!/hunter2|s3cret|carol/.test(first.out + first.err));
  const before = await exported(db);
  assert.deepEqual(before.map(({ region, tags, source }) => [region, tags, source]), [
    ["US", ["a", "b"], "mixed.txt"],
    ["US", ["a", "b"], "mixed.txt"],
    ["US", ["a", "b"], "mixed.txt"],
  ]);

  const second = await runCli(["import", file, "--db", db]);
  assert.match(second.out, /^mixed\.txt: 6 lines, 0 added, 4 duplicates, 2 rejected\n/);
  assert.deepEqual((await exported(db)).map(({ id }) => id), before.map(({ id }) => id));
  assert.equal((await exported(db))[0]?.region, "US", "a second import without a region keeps the first");
});

test("import counts the rejected by reason when they are many", async () => {
  using dir = new TempDir();
  const lines = Array.from({ length: 25 }, (_, i) => `203.0.113.1:${70_000 + i}`).join("\n");
  const { code, out } = await runCli(["import", dir.write("bad.txt", lines), "--db", dir.join("pool.db")]);
  assert.equal(code, 1, "nothing usable");
  assert.equal(out.match(/^ {2}bad\.txt:\d+: /gm)?.length, 10);
  assert.match(out, /and 15 more; all by reason:\n {6}25 {2}.*port/);
});

test("import reads standard input, and takes the protocol from the option, the file name, or http", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  const line = (n: number) => `203.0.113.${n}:1080\n`;
  await runCli(["import", "-", "--db", db], { stdin: line(1) });
  await runCli(["import", "-", "--db", db, "--protocol", "socks4"], { stdin: line(2) });
  await runCli(["import", dir.write("socks5.txt", line(3)), "--db", db]);
  const https = await runCli(["import", dir.write("https.txt", line(4)), "--db", db]);
  assert.match(https.err, /"https" lists hold HTTP proxies that tunnel HTTPS/);
  const explicit = await runCli([
    "import",
    dir.write("https2.txt", line(5)),
    "--db",
    db,
    "--protocol",
    "https",
  ]);
  assert.equal(explicit.err, "");
  assert.deepEqual(
    (await exported(db)).map(({ protocol, source }) => [protocol, source]),
    [["http", "stdin"], ["socks4", "stdin"], ["socks5", "socks5.txt"], ["http", "https.txt"], [
      "https",
      "https2.txt",
    ]],
  );
});

test("import answers JSON for programs", async () => {
  using dir = new TempDir();
  const { out } = await runCli([
    "import",
    dir.write("l.txt", LIST),
    "--db",
    dir.join("p.db"),
    "--json",
  ]);
  const { files, pool_size } = JSON.parse(out);
  assert.equal(pool_size, 3);
  assert.deepEqual([files[0].added, files[0].duplicates, files[0].rejected.length], [3, 1, 2]);
});

test("import reads all files before it touches the database", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  const absent = await runCli(["import", dir.write("l.txt", LIST), dir.join("absent.txt"), "--db", db]);
  assert.equal(absent.code, 3);
  assert.match(absent.err, /Cannot read ".*absent\.txt": there is no such file/);
  const folder = await runCli(["import", dir.path, "--db", db]);
  assert.equal(folder.code, 1);
  assert.match(folder.err, /it is a directory/);
  assert.ok(!existsSync(db));
  assert.equal((await runCli(["import", "-", "--db", db, "--region", "USA"])).code, 2);
});

test("import does not write into a file that is no database", async () => {
  using dir = new TempDir();
  const db = dir.write("notes.txt", "these are my notes, and no database");
  const { code, err } = await runCli(["import", dir.write("l.txt", LIST), "--db", db]);
  assert.equal(code, 1);
  assert.match(err, /Cannot import into ".*notes\.txt"/);
  assert.equal(await readFile(db, "utf8"), "these are my notes, and no database");
});

test("export leaves credentials out unless they are asked for, and says so", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  await runCli(["import", dir.write("l.txt", LIST), "--db", db]);
  const plain = await runCli(["export", "--db", db]);
  assert.equal(plain.out, "http://203.0.113.1:8080\nhttp://203.0.113.2:8080\nsocks5://203.0.113.3:1080\n");
  assert.match(plain.err, /1 proxies have a user name or password, left out here/);
  const open = await runCli(["export", "--db", db, "--with-credentials"]);
  assert.match(open.out, /http:\/\/bob:hunter2@203\.0\.113\.2:8080/);
  assert.equal(open.err, "");
});

test("export to a file lets only its owner read it, and import reads it back", async () => {
  using dir = new TempDir();
  const [db, copy, file] = [dir.join("a.db"), dir.join("b.db"), dir.join("out.txt")];
  await runCli(["import", dir.write("l.txt", LIST), "--db", db]);
  const { code, out } = await runCli(["export", "--db", db, "--with-credentials", "-o", file]);
  assert.deepEqual([code, out], [0, ""]);
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
  await runCli(["import", file, "--db", copy]);
  const urls = async (path: string) => (await exported(path, "--with-credentials")).map(({ url }) => url);
  assert.deepEqual(await urls(copy), await urls(db));
});

test("export writes CSV that a spreadsheet does not run", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  await runCli(["import", "-", "--db", db, "--tag", '=1+1,"x"'], { stdin: "203.0.113.1:80" });
  const { out } = await runCli(["export", "--db", db, "--format", "csv"]);
  const [header, row] = out.split("\r\n");
  assert.match(header ?? "", /^id,url,protocol,region,/);
  assert.ok(row?.includes(`"'=1+1,""x"""`), row);
});

test("export and list narrow by criteria, and end with 4 when nothing matches", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  await runCli(["import", dir.write("l.txt", LIST), "--db", db, "--region", "DE"]);
  assert.equal((await exported(db, "--protocol", "socks5", "--region", "de")).length, 1);
  const none = await runCli(["export", "--db", db, "--status", "dead"]);
  assert.deepEqual([none.code, none.out], [4, ""]);
  assert.equal((await runCli(["list", "--db", db, "--region", "JP"])).code, 4);
});

test("list shows a table and the way to the next page; health shows the state", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  await runCli(["import", dir.write("l.txt", LIST), "--db", db]);
  const first = await runCli(["list", "--db", db, "--limit", "2"]);
  assert.equal(first.code, 0);
  assert.match(first.out, /^ID +URL +STATUS/);
  assert.match(first.out, /3 proxies match: 0 healthy/);
  const cursor = /--cursor (\S+),/.exec(first.out)?.[1] ?? "";
  const second = await runCli(["list", "--db", db, "--cursor", cursor, "--json"]);
  assert.deepEqual(JSON.parse(second.out).proxies.map((proxy: Exported) => proxy.url), [
    "socks5://203.0.113.3:1080",
  ]);
  const health = await runCli(["health", "--db", db]);
  assert.equal(health.code, 0);
  assert.match(health.out, /^Pool +degraded\nProxies +3\n/);
  assert.equal(JSON.parse((await runCli(["health", "--db", db, "--json"])).out).total_proxies, 3);
  const wrong = await runCli(["list", "--db", db, "--limit", "0"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /limit/);
  assert.ok(![first, second, health, wrong].some(({ out, err }) => /hunter2/.test(out + err)));
});

test("commands take the database from the environment, and need no key", async () => {
  using dir = new TempDir();
  const env = { PROXYWHIRL_DB: dir.join("pool.db"), PROXYWHIRL_API_KEY: "s3cret" };
  await runCli(["import", "-"], { stdin: "203.0.113.1:80", env });
  assert.equal((await runCli(["list"], { env })).code, 0);
});

test("import reads back what export wrote as JSON, with regions and tags", async () => {
  using dir = new TempDir();
  const [db, copy, file] = [dir.join("a.db"), dir.join("b.db"), dir.join("backup.json")];
  await runCli(["import", dir.write("l.txt", LIST), "--db", db, "--region", "DE", "--tag", "x"]);
  await runCli(["export", "--db", db, "--format", "json", "--with-credentials", "-o", file]);
  const { code, out } = await runCli(["import", file, "--db", copy]);
  assert.equal(code, 0, out);
  const facts = async (path: string) =>
    (await exported(path, "--with-credentials")).map(({ url, region, tags }) => ({ url, region, tags }));
  assert.deepEqual(await facts(copy), await facts(db));
});

const REAL = ["http.txt", "https.txt", "socks4.txt", "socks5.txt"];

test(
  "import takes the real list: 6754 lines, and nothing the second time",
  skipIf(sharedDataMissing(...REAL)),
  async () => {
    using dir = new TempDir();
    const db = dir.join("pool.db");
    const files = REAL.map((name) => sharedData(name) ?? "");
    const first = await runCli(["import", ...files, "--db", db]);
    assert.equal(first.code, 0);
    assert.match(first.out, /in all: 6754 lines, 6699 added, 55 duplicates, 0 rejected/);
    const ids = (await exported(db)).map(({ id }) => id);
    const second = await runCli(["import", ...files, "--db", db]);
    assert.match(second.out, /in all: 6754 lines, 0 added, 6754 duplicates, 0 rejected/);
    assert.deepEqual((await exported(db)).map(({ id }) => id), ids);
  },
);
