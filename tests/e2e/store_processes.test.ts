import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import type { ProxySnapshot } from "../../src/core/types.ts";
import { SqliteStore } from "../../src/store/mod.ts";
import { Child } from "../support/child.ts";
import { currentRuntime, findRuntime, repoRoot } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";
import { openPool, urls } from "./store_programs/pool.ts";

/** Starts a program of `store_programs` on the runtime that runs this test. */
function start(name: string, ...args: string[]): Child {
  const runtime = findRuntime(currentRuntime());
  if (!runtime) throw new Error("The runtime that runs this test is too old");
  return new Child(runtime.command, runtime.args(`${repoRoot}tests/e2e/store_programs/${name}.ts`, ...args));
}

/** Waits for the end of a program, which must be a good one. */
async function finish(child: Child): Promise<string[]> {
  const { code } = await child.exited;
  assert.equal(code, 0, child.stderr);
  return linesOf(child);
}

/** Whole lines only: the last may be cut when the program was killed. */
function linesOf(child: Child): string[] {
  return child.stdout.split("\n").slice(0, -1);
}

async function waitForLines(child: Child, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await child.nextLine();
}

async function fill(path: string, count: number): Promise<void> {
  const store = new SqliteStore(path);
  await store.upsert(urls(count).map((url) => ({ url })));
  await store.close();
}

async function readAll(path: string): Promise<readonly ProxySnapshot[]> {
  const store = new SqliteStore(path);
  const proxies = await store.loadAll();
  await store.close();
  return proxies;
}

function total(proxies: readonly ProxySnapshot[], count: (proxy: ProxySnapshot) => number): number {
  return proxies.reduce((sum, proxy) => sum + count(proxy), 0);
}

// In a process of its own: the umask is that of the whole process, and other tests run beside this one.
const noModes = process.platform === "win32" ? "Windows has no modes" : undefined;
test("a database lets only its owner read its files, whatever the umask", skipIf(noModes), async () => {
  using folder = new TempDir();
  assert.deepEqual(await finish(start("modes_under_umask", folder.join("pool.db"))), ["600", "600", "600"]);
});

test("a pool killed while 1 000 outcomes a second are reported is at most 250 ms behind", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await fill(path, 100);
  for (const lines of [60, 187, 240]) {
    const before = total(await readAll(path), (proxy) => proxy.totalSuccesses + proxy.totalFailures);
    await using child = start("report_for_ever", path);
    await waitForLines(child, lines);
    await child.kill("SIGKILL");
    const marks = linesOf(child).map((line) => line.split(" ").map(Number));
    const [reported = 0, killedAt = 0] = marks.at(-1) ?? [];
    const [due = 0] = marks.findLast(([, at = 0]) => at <= killedAt - 250) ?? [];
    const proxies = await readAll(path);
    assert.equal(proxies.length, 100);
    const stored = total(proxies, (proxy) => proxy.totalSuccesses + proxy.totalFailures) - before;
    assert.ok(due > 0);
    assert.ok(stored >= due, `${stored} were stored, ${due} had been reported 250 ms before the end`);
    // What was reported between the last line that arrived and the end is not known, but it is little.
    assert.ok(stored <= reported + 100, `${stored} were stored, ${reported} had been reported`);
    const latency = total(proxies, (proxy) => proxy.latencySumMs);
    assert.equal(latency, total(proxies, (proxy) => proxy.latencyCount) * 10);
  }
});

test("a proxy is on the disk when add returns, even if the process is killed then", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await using child = start("add_for_ever", path);
  await waitForLines(child, 100);
  await child.kill("SIGKILL");
  const stored = new Map((await readAll(path)).map(({ url, id }) => [url, id]));
  const lines = linesOf(child);
  assert.ok(lines.length >= 100);
  for (const line of lines) {
    const [id, url = ""] = line.split(" ");
    assert.equal(stored.get(url), id);
  }
  await using again = start("add_for_ever", path);
  assert.equal(await again.nextLine(), lines[0]);
});

test("counters of two processes on one file add up exactly", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await fill(path, 20);
  await using one = start("report_many", path, "9000");
  await using other = start("report_many", path, "12000");
  for (const child of [one, other]) assert.equal(await child.nextLine(), "ready");
  for (const child of [one, other]) child.writeLine("go");
  for (const child of [one, other]) await finish(child);
  const proxies = await readAll(path);
  assert.equal(total(proxies, (proxy) => proxy.requestsStarted), 21_000);
  assert.equal(total(proxies, (proxy) => proxy.totalFailures), 21_000 / 4);
  assert.equal(total(proxies, (proxy) => proxy.totalSuccesses), 21_000 / 4 * 3);
  assert.equal(total(proxies, (proxy) => proxy.latencySumMs), 21_000 / 4 * 3 * 10);
});

test("processes that add the same proxies at once get the same ids", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await using one = start("add_once", path);
  await using two = start("add_once", path);
  await using three = start("add_once", path);
  const children = [one, two, three];
  for (const child of children) assert.equal(await child.nextLine(), "ready");
  for (const child of children) child.writeLine("go");
  const answers: string[][] = [];
  for (const child of children) answers.push((await finish(child)).slice(1));
  const stored = (await readAll(path)).map(({ id }) => id);
  assert.equal(stored.length, 200);
  for (const answer of answers) assert.deepEqual(answer.map((line) => line.split(" ")[0]), stored);
  assert.equal(answers.flat().filter((line) => line.endsWith("true")).length, 200);
});

test("proxies that another process removes disappear within 2 s", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await fill(path, 5);
  await using child = start("remove_all", path);
  assert.equal(await child.nextLine(), "ready");
  const { rotator, sync } = await openPool(path);
  assert.equal(rotator.size, 5);
  const gone = new Promise<number>((resolve) => {
    rotator.observe({ removed: () => rotator.size === 0 && resolve(performance.now()) });
  });
  // The pool's own timers keep no process alive.
  const alive = setInterval(() => undefined, 1_000);
  child.writeLine("go");
  assert.equal(await child.nextLine(), "removed");
  const removedAt = performance.now();
  assert.ok(await gone - removedAt < 2_000);
  clearInterval(alive);
  await sync.close();
});

test("a pool goes on while another program holds the file, and writes everything when it is free", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await fill(path, 5);
  for (const kind of ["IMMEDIATE", "EXCLUSIVE"]) {
    const before = await readAll(path);
    const { rotator, sync } = await openPool(path);
    await using child = start("lock", path, kind);
    assert.equal(await child.nextLine(), "locked");
    for (let i = 0; i < 10; i++) rotator.acquire().report({ verdict: "ok", latencyMs: 10 });
    let turns = 0;
    const timer = setInterval(() => {
      // The event loop turns while the proxy waits to be written; only then is the lock given up.
      if (++turns === 20) child.writeLine("go");
    }, 10);
    const [added] = await sync.add([{ url: `http://10.8.0.${before.length}:80` }]);
    clearInterval(timer);
    assert.deepEqual([added?.isNew, added?.isStored], [true, true]);
    assert.ok(turns >= 20);
    await finish(child);
    await sync.close();
    const after = await readAll(path);
    assert.equal(after.length, before.length + 1);
    const successes = [before, after].map((proxies) => total(proxies, (proxy) => proxy.totalSuccesses));
    assert.deepEqual(successes, [successes[0], (successes[0] ?? 0) + 10]);
  }
});

const NOBODY = 65_534;

/** Modes do not bind root, so that the program runs as somebody else then. */
function startUnprivileged(folder: string, path: string): Child {
  const runtime = findRuntime(currentRuntime());
  if (!runtime) throw new Error("The runtime that runs this test is too old");
  const args = runtime.args(`${repoRoot}tests/e2e/store_programs/open.ts`, path);
  const env = { DENO_DIR: join(folder, "deno"), HOME: folder };
  if (process.getuid?.() !== 0) return new Child(runtime.command, args, { env });
  const ids = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  return new Child("setpriv", [...ids, runtime.command, ...args], { env });
}

/** Why nothing can be run without the rights of root, if so. */
function unprivilegedMissing(): string | undefined {
  if (process.platform === "win32") return "needs file modes";
  if (process.getuid?.() !== 0) return undefined;
  const command = findRuntime(currentRuntime())?.command ?? "";
  const ids = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  const readable = spawnSync("setpriv", [
    ...ids,
    "test",
    "-r",
    `${repoRoot}src/store/mod.ts`,
    "-a",
    "-x",
    command,
  ]);
  return readable.status === 0 ? undefined : "needs setpriv, and a repository that other users may read";
}

test(
  "a file or folder that cannot be written gives its proxies to a pool in memory",
  skipIf(unprivilegedMissing()),
  async () => {
    using folder = new TempDir();
    const path = folder.join("pool.db");
    await fill(path, 7);
    if (process.getuid?.() === 0) {
      for (const owned of [folder.path, path]) {
        chownSync(owned, NOBODY, NOBODY);
      }
    }
    async function open(path: string): Promise<Record<string, unknown>> {
      await using child = startUnprivileged(folder.path, path);
      const [line = ""] = await finish(child);
      return JSON.parse(line);
    }
    assert.equal((await open(folder.join("other.db"))).warning, undefined);
    const before = readFileSync(path);
    for (const [fileMode, folderMode] of [[0o400, 0o700], [0o600, 0o500]] as const) {
      chmodSync(path, fileMode);
      chmodSync(folder.path, folderMode);
      const answer = await open(path);
      assert.match(String(answer.warning), /Cannot write database ".*pool\.db": .*its 7 proxies were loaded/);
      assert.deepEqual([answer.count, answer.isPersistent, answer.added], [7, false, true]);
    }
    const missing = await open(folder.join("missing.db"));
    assert.match(String(missing.warning), /Cannot write database ".*missing\.db"/);
    chmodSync(folder.path, 0o700);
    chmodSync(path, 0o000);
    const unreadable = await open(path);
    assert.match(String(unreadable.warning), /pool\.db": .*(cannot be opened|check the permissions)/);
    assert.equal(unreadable.count, 0);
    chmodSync(path, 0o600);
    assert.ok(readFileSync(path).equals(before));
  },
);
