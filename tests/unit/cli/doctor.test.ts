import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { Check } from "../../../src/cli/doctor/check.ts";
import { checkRuntime } from "../../../src/cli/doctor/runtime_checks.ts";
import { startJudge } from "../../../src/sources/judge.ts";
import { skipIf } from "../../support/skip.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { runCli } from "./support.ts";

const onWindows = process.platform === "win32" ? "Windows has no such modes" : undefined;

interface Report {
  readonly code: number;
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** What the doctor says, in a home that is empty unless something is put there. */
async function doctor(
  home: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Report> {
  const { code, out } = await runCli(["doctor", "--json", ...args], {
    env: { HOME: home, USERPROFILE: home, APPDATA: home, PATH: process.env["PATH"] ?? "", ...env },
  });
  return { code, ...JSON.parse(out) };
}

function of(report: Report, area: Check["area"]): readonly Check[] {
  return report.checks.filter((check) => check.area === area);
}

async function pool(dir: TempDir, lines = "203.0.113.1:80\n203.0.113.2:80\n"): Promise<string> {
  const db = dir.join("pool.db");
  await runCli(["import", dir.write("list.txt", lines), "--db", db]);
  return db;
}

test("doctor finds nothing wrong with a sound pool, and says so for people and for programs", async () => {
  using dir = new TempDir();
  const db = await pool(dir);
  const report = await doctor(dir.path, ["--db", db]);
  assert.deepEqual([report.code, report.ok], [0, true]);
  assert.match(of(report, "database")[0]?.message ?? "", /pool\.db" is sound: 2 proxies, version \d+$/);
  assert.deepEqual(of(report, "network"), [{
    area: "network",
    status: "ok",
    message: "Sockets can be opened",
  }]);
  assert.deepEqual([...new Set(report.checks.map(({ area }) => area))], [
    "runtime",
    "settings",
    "database",
    "network",
    "clients",
  ]);
  const { code, out } = await runCli(["doctor", "--db", db], { env: { HOME: dir.path } });
  assert.equal(code, 0);
  assert.match(out, /^ok +runtime +(Deno|Node|Bun) \d/);
  assert.match(out, /\d+ ok, \d+ to look at, 0 failed\.\n$/);
});

test("doctor changes nothing: not the database, not the folder", async () => {
  using dir = new TempDir();
  const db = await pool(dir);
  const before = readFileSync(db);
  await doctor(dir.path, ["--db", db]);
  await doctor(dir.path, ["--db", dir.join("absent.db")]);
  assert.ok(before.equals(readFileSync(db)));
  const { readdirSync } = await import("node:fs");
  assert.deepEqual(readdirSync(dir.path).sort(), ["list.txt", "pool.db"]);
});

test("doctor tells a database that is absent or empty from one that is damaged, foreign or newer", async () => {
  using dir = new TempDir();
  const sound = await pool(dir);
  const halved = dir.write("half.db", readFileSync(sound).subarray(0, 9000));
  const foreign = dir.join("foreign.db");
  new DatabaseSync(foreign).exec("CREATE TABLE notes (text)");
  const newer = dir.write("newer.db", readFileSync(sound));
  new DatabaseSync(newer).exec("PRAGMA user_version = 99");
  const cases: readonly (readonly [string, number, Check["status"], RegExp])[] = [
    [dir.join("absent.db"), 0, "warn", /There is none yet/],
    [dir.write("empty.db", ""), 0, "warn", /There is none yet/],
    [":memory:", 0, "ok", /in memory/],
    [dir.write("notes.txt", "these are notes"), 1, "fail", /damaged or not a database/],
    [halved, 1, "fail", /damaged/],
    [foreign, 1, "fail", /another program/],
    [newer, 1, "fail", /version 99/],
    [dir.path, 1, "fail", /it is a folder/],
    [dir.join("no", "pool.db"), 1, "fail", /does not exist/],
  ];
  for (const [path, code, status, message] of cases) {
    const report = await doctor(dir.path, ["--db", path]);
    const [check] = of(report, "database");
    assert.deepEqual([report.code, check?.status], [code, status], `${path}: ${check?.message}`);
    assert.match(check?.message ?? "", message);
    if (status !== "ok") assert.match(check?.next_step ?? "", /^[A-Z].*[^.]\.$/, "says what to do");
  }
});

test("doctor tells of damage inside a file that still opens", async () => {
  using dir = new TempDir();
  const lines = Array.from({ length: 3000 }, (_, i) => `203.0.113.${i % 250}:${1000 + i}`).join("\n");
  const db = await pool(dir, lines);
  const bytes = readFileSync(db);
  bytes.fill(0xff, 40_000, 60_000);
  dir.write("pool.db", bytes);
  const report = await doctor(dir.path, ["--db", db]);
  assert.equal(report.code, 1);
  assert.match(of(report, "database")[0]?.message ?? "", /damaged/);
});

test("doctor tells that another program holds the database locked", async () => {
  using dir = new TempDir();
  const db = await pool(dir);
  const other = new DatabaseSync(db);
  other.exec("BEGIN IMMEDIATE");
  try {
    const report = await doctor(dir.path, ["--db", db]);
    assert.equal(report.code, 0, "it can be read, so it is no failure");
    assert.ok(
      of(report, "database").some(({ message, status }) => status === "warn" && /locked/.test(message)),
    );
  } finally {
    other.close();
  }
});

test("doctor warns of a database that others can read", skipIf(onWindows), async () => {
  using dir = new TempDir();
  const db = await pool(dir);
  chmodSync(db, 0o644);
  const check = of(await doctor(dir.path, ["--db", db]), "database").find(({ status }) => status === "warn");
  assert.match(check?.message ?? "", /mode 0644.*credentials/);
  assert.match(check?.next_step ?? "", /^chmod 600 /);
});

test("doctor recognises the database of the Python program, and what it cannot decrypt", async () => {
  using dir = new TempDir();
  const path = dir.join("python.db");
  const python = new DatabaseSync(path);
  python.exec(
    "CREATE TABLE proxy_identities (id INTEGER PRIMARY KEY, url TEXT, username TEXT, password TEXT)",
  );
  python.exec("INSERT INTO proxy_identities (url) VALUES ('http://203.0.113.1:80')");
  python.exec(
    "INSERT INTO proxy_identities (url, username, password) VALUES ('http://203.0.113.2:80', 'encrypted:eA==', 'encrypted:eA==')",
  );
  python.close();
  const report = await doctor(dir.path, ["--db", path]);
  const said = of(report, "database").map(({ message }) => message).join("\n");
  assert.match(said, /of the Python program: its 1 proxy will be taken over/);
  assert.match(said, /credentials of 1 more are encrypted/);
});

test("doctor names every setting that is wrong, and goes on with the rest", async () => {
  using dir = new TempDir();
  const report = await doctor(dir.path, ["--db", ":memory:"], {
    PROXYWHIRL_TIMEOUT: "soon",
    PROXYWHIRL_TOOLS: "x",
  });
  assert.deepEqual([report.code, of(report, "settings").length], [1, 2]);
  assert.deepEqual(of(report, "network").map(({ status }) => status), ["ok"]);
  const files = await doctor(dir.path, ["--db", ":memory:"], { PROXYWHIRL_REGION_FILES: "/nowhere/a.mmdb" });
  assert.match(of(files, "settings")[0]?.message ?? "", /no region file "\/nowhere\/a\.mmdb"/);
});

test("doctor looks at each client's file: no entry, a good one, one that leads nowhere, no JSON", async () => {
  using dir = new TempDir();
  const home = (name: string, text: string) => {
    mkdirSync(dir.join(name, ".cursor"), { recursive: true });
    dir.write(`${name}/.cursor/mcp.json`, text);
    return dir.join(name);
  };
  const entry = (value: unknown) => JSON.stringify({ mcpServers: { proxywhirl: value } });
  const program = dir.write("proxywhirl.mjs", "");
  const cases: readonly (readonly [string, Check["status"], RegExp])[] = [
    [JSON.stringify({ mcpServers: {} }), "warn", /Cursor has no entry/],
    [
      entry({ command: process.execPath, args: [program, "--db", dir.join("p.db")] }),
      "ok",
      /a program that is there/,
    ],
    [entry({ command: process.execPath, args: ["run", "-A", program] }), "warn", /anything \(-A\)/],
    [entry({ command: "/nowhere/deno", args: [] }), "fail", /starts "\/nowhere\/deno", which is not there/],
    [entry({ command: "no-such-program-anywhere", args: [] }), "fail", /which is not there/],
    [entry({ command: process.execPath, args: ["/nowhere/mod.ts"] }), "fail", /names "\/nowhere\/mod\.ts"/],
    [
      entry({ command: process.execPath, args: [program, "--db", "/nowhere/p.db"] }),
      "fail",
      /names "\/nowhere"/,
    ],
    [entry({ command: process.execPath, args: "x" }), "fail", /args that are not a list/],
    [entry({ args: [] }), "fail", /names no command/],
    [entry(7), "fail", /is not an object/],
    [entry({ url: "http://127.0.0.1:8000/mcp" }), "ok", /server that runs already/],
    ['{"mcpServers": {', "fail", /Cursor: .*not JSON at line 1/],
  ];
  for (const [index, [text, status, message]] of cases.entries()) {
    const report = await doctor(home(`home${index}`, text), ["--db", ":memory:"]);
    const check = of(report, "clients").find(({ message }) => /Cursor/.test(message));
    assert.deepEqual(
      [check?.status, report.code],
      [status, status === "fail" ? 1 : 0],
      check?.message ?? text,
    );
    assert.match(check?.message ?? "", message);
  }
});

test("doctor finds a program on the PATH", async () => {
  using dir = new TempDir();
  mkdirSync(dir.join(".cursor"));
  dir.write(
    ".cursor/mcp.json",
    JSON.stringify({ mcpServers: { proxywhirl: { command: "mine", args: [] } } }),
  );
  dir.write(process.platform === "win32" ? "mine.exe" : "mine", "");
  const found = await doctor(dir.path, ["--db", ":memory:"], { PATH: dir.path });
  assert.deepEqual([found.code, (await doctor(dir.path, ["--db", ":memory:"], { PATH: "" })).code], [0, 1]);
});

test("doctor dials nobody unless asked; then it says whether judge and site answer, without their keys", async () => {
  using dir = new TempDir();
  let asked = 0;
  const site = createServer((_request, response) => {
    asked++;
    response.writeHead(404).end("no");
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const { port } = site.address() as AddressInfo;
  const judge = await startJudge({ port: 0 });
  const url = `http://bob:pa55@127.0.0.1:${port}/t0ken`;
  try {
    const base = ["--db", ":memory:", "--judges", `${judge.url}`];
    await doctor(dir.path, base);
    assert.equal(asked, 0);
    const good = await doctor(dir.path, [...base, "--online"]);
    assert.deepEqual([good.code, of(good, "network").length], [0, 2]);
    const both = await runCli(["doctor", ...base, "--target", url], {
      env: { HOME: dir.path, PROXYWHIRL_ALLOW_PRIVATE_TARGETS: "1" },
    });
    assert.deepEqual([both.code, asked], [0, 1], both.out);
    assert.match(both.out, /warn {2}network +http:\/\/127\.0\.0\.1:\d+ answers 404/);
    assert.doesNotMatch(both.out + both.err, /pa55|t0ken|bob/);
    const refused = await doctor(dir.path, [...base, "--target", url]);
    assert.deepEqual([refused.code, asked], [1, 1], "a private address only when that is allowed");
  } finally {
    await judge.close();
    site.closeAllConnections();
    site.close();
  }
  const gone = await doctor(dir.path, ["--db", ":memory:", "--judges", judge.url, "--online"]);
  assert.deepEqual([gone.code, of(gone, "network").at(-1)?.status], [1, "fail"]);
  assert.equal((await runCli(["doctor", "--target", "shop.example"])).code, 2);
});

test("checkRuntime refuses a runtime that is too old", () => {
  const [check] = checkRuntime({ db: ":memory:" }, { name: "Node", version: "20.1.0" });
  assert.deepEqual([check?.status, check?.next_step], ["fail", "Use Node 22.13 or later."]);
  assert.equal(checkRuntime({ db: ":memory:" }, { name: "Bun", version: "2.0.0" })[0]?.status, "ok");
});
