/** The command line as a real process: in a terminal, in a pipe, and as a client would start it. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { startJudge } from "../../src/sources/judge.ts";
import { Child, type ChildOptions, run } from "../support/child.ts";
import { FaultyProxy } from "../support/faulty_proxy.ts";
import { findRuntime, repoRoot, type RuntimeName, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";

const MOD = `${repoRoot}mod.ts`;
const noTerminal = spawnSync("script", ["--version"]).status === 0 ? undefined : "needs script of util-linux";
const PLAIN = { NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: "xterm" };

function proxywhirl(args: readonly string[], options: ChildOptions = {}) {
  return run(process.execPath, ["run", "-A", MOD, ...args], {
    ...options,
    env: { ...PLAIN, ...options.env },
  });
}

/** With standard output and standard error on a terminal. */
function inTerminal(args: readonly string[], env: ChildOptions["env"] = {}) {
  const command = [process.execPath, "run", "-A", MOD, ...args].map((word) => `'${word}'`).join(" ");
  return run("script", ["-qec", command, "/dev/null"], { env: { ...PLAIN, ...env } });
}

test("exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 nothing available", async () => {
  using dir = new TempDir();
  const db = ["--db", dir.join("pool.db")];
  const cases: readonly (readonly [string[], number])[] = [
    [["add", "203.0.113.1:80", ...db], 0],
    [["add", "nonsense", ...db], 1],
    [["rotate", "--performance", "best", ...db], 2],
    [["status", "550e8400-e29b-41d4-a716-446655440000", ...db], 3],
    [["health", "--db", dir.join("absent.db")], 3],
    [["list", "--status", "dead", ...db], 4],
    [["--version"], 0],
    [["--nonsense"], 2],
    [["nonsense"], 2],
  ];
  for (const [args, expected] of cases) {
    const { code, signal, stderr } = await proxywhirl(args);
    assert.deepEqual([code, signal], [expected, null], `${args.join(" ")}: ${stderr}`);
  }
});

test(
  "a pipe gets no colours, a terminal does, and NO_COLOR and FORCE_COLOR decide",
  skipIf(noTerminal),
  async () => {
    using dir = new TempDir();
    const db = ["--db", dir.join("pool.db")];
    await proxywhirl(["add", "203.0.113.1:80", ...db]);
    const hasColours = (text: string) => text.includes("\u001b[");
    const list = ["list", ...db];
    assert.deepEqual([
      hasColours((await proxywhirl(list)).stdout),
      hasColours((await proxywhirl(list, { env: { FORCE_COLOR: "1" } })).stdout),
      hasColours((await inTerminal(list)).stdout),
      hasColours((await inTerminal(list, { NO_COLOR: "1" })).stdout),
      hasColours((await inTerminal(list, { TERM: "dumb" })).stdout),
      hasColours((await inTerminal(["nonsense"])).stdout),
      hasColours((await proxywhirl(["nonsense"])).stderr),
    ], [false, true, true, false, false, true, false]);
    assert.ok(!hasColours((await inTerminal([...list, "--json"])).stdout), "JSON is for programs");
  },
);

test("a bar moves on standard error of a terminal, and nowhere else", skipIf(noTerminal), async () => {
  using dir = new TempDir();
  const judge = await startJudge({ port: 0 });
  try {
    await using proxy = await FaultyProxy.start();
    const db = ["--db", dir.join("pool.db")];
    await proxywhirl(["import", dir.write("l.txt", proxy.url("http")), ...db]);
    const validate = ["validate", ...db, "--judges", judge.url, "--allow-private-targets"];
    const shown = await inTerminal(validate);
    assert.match(shown.stdout, /\r\[#{24}\] 100 % /, shown.stdout);
    assert.match(shown.stdout, /\r +\r[\s\S]*Validated 1 proxies: 1 valid/, "it is wiped away");
    const piped = await proxywhirl(validate);
    assert.deepEqual([piped.code, piped.stderr], [0, ""]);
    assert.doesNotMatch(piped.stdout, /\r|#/);
  } finally {
    await judge.close();
  }
});

test("who reads only the beginning of a list gets it, and no complaint", async () => {
  using dir = new TempDir();
  const db = dir.join("pool.db");
  const lines = Array.from({ length: 20_000 }, (_, i) => `203.0.${i % 250}.${i / 250 | 0}:${i + 1}`).join(
    "\n",
  );
  await proxywhirl(["import", dir.write("l.txt", lines), "--db", db]);
  const command = `'${process.execPath}' run -A '${MOD}' export --db '${db}' | head -n 1`;
  const { code, stderr, stdout } = await run("bash", ["-c", `set -o pipefail; ${command}`]);
  assert.deepEqual([code, stderr, stdout.split("\n").length], [0, "", 2]);
});

for (const name of ["deno", "node", "bun"] satisfies RuntimeName[]) {
  test(
    `what setup writes on ${name} starts a server that keeps its pool`,
    skipIf(runtimesMissing(name)),
    async () => {
      using dir = new TempDir();
      const runtime = findRuntime(name);
      assert.ok(runtime);
      const file = dir.join("mcp.json");
      const args = runtime.args(
        MOD,
        "setup",
        "cursor",
        "--write",
        "--file",
        file,
        "--db",
        dir.join("pool.db"),
      );
      const { code, stderr } = await run(runtime.command, args, { env: PLAIN, cwd: dir.path });
      assert.equal(code, 0, stderr);
      const { proxywhirl } = JSON.parse(readFileSync(file, "utf8")).mcpServers;
      assert.ok(!proxywhirl.args.some((arg: string) => /^(-A|--allow-all)$/.test(arg)));

      // In another folder, as a client does.
      await using child = new Child(proxywhirl.command, proxywhirl.args, { cwd: "/" });
      const ask = async (id: number, method: string, params: unknown) => {
        child.writeLine(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
        return JSON.parse(await child.nextLine()).result;
      };
      await ask(1, "initialize", {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "test", version: "1" },
      });
      child.writeLine(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }));
      const call = { name: "proxywhirl", arguments: { action: "add", proxy_url: "http://203.0.113.7:8080" } };
      const { structuredContent } = await ask(2, "tools/call", call);
      assert.equal(structuredContent.added, 1, JSON.stringify(structuredContent));
      child.endInput();
      assert.deepEqual(await child.exited, { code: 0, signal: null });
      assert.ok(existsSync(dir.join("pool.db")), child.stderr);
      assert.doesNotMatch(child.stderr, /WARNING|ERROR/);

      const doctor = await run(
        runtime.command,
        runtime.args(MOD, "doctor", "--db", dir.join("pool.db"), "--json"),
        {
          env: { ...PLAIN, HOME: dir.path },
          cwd: dir.path,
        },
      );
      assert.deepEqual([doctor.code, JSON.parse(doctor.stdout).ok], [0, true], doctor.stdout);
    },
  );
}

test("doctor works with next to no permission, and says which are missing", async () => {
  using dir = new TempDir();
  // Without any permission named, the `node:child_process` of Deno adds -A to a command that starts Deno.
  const args = [
    "run",
    "--no-prompt",
    "--allow-env=NO_COLOR",
    MOD,
    "doctor",
    "--json",
    "--db",
    dir.join("pool.db"),
  ];
  const { code, stderr, stdout } = await run(process.execPath, args, { env: PLAIN, cwd: dir.path });
  assert.deepEqual([code, stderr], [1, ""], stdout);
  const said = JSON.parse(stdout).checks.map(({ next_step }: { next_step?: string }) => next_step).join("\n");
  for (const flag of [/--allow-read=/, /--allow-write=/, /--allow-net/]) assert.match(said, flag);
});
