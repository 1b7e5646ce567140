/** The executable: one file that needs nothing, and may do what its makers said and no more. */

import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import denoConfig from "../../deno.json" with { type: "json" };
import { binaryName, CHECKSUMS, TARGETS, writeChecksums } from "../../scripts/compile.ts";
import { binaryVariables } from "../../scripts/permissions.ts";
import { sha256 } from "../../scripts/sha256.ts";
import { artefactMissing, buildArtefact } from "../support/artefacts.ts";
import { Child, run } from "../support/child.ts";
import { repoRoot } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";
import { cleanEnvironment, CLIENTS } from "./support/clients.ts";

const LIST = "http://user:secret@203.0.113.7:8080\n203.0.113.8:1080\nnonsense\n";

describe("The executable", skipIf(artefactMissing("binary")), () => {
  const dir = new TempDir();
  let binary: string;

  before(async () => {
    // Alone in a folder, with an empty home: nothing of this project is within its reach.
    binary = dir.join("proxywhirl");
    await copyFile(await buildArtefact("binary"), binary);
  });

  after(() => dir[Symbol.dispose]());

  const program = (args: readonly string[], env: Record<string, string> = {}, input = "") =>
    run(binary, args, { cwd: dir.path, env: { HOME: dir.path, DENO_DIR: dir.join("none"), ...env }, input });

  test("says its version", async () => {
    const { code, stdout } = await program(["--version"]);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: `proxywhirl ${denoConfig.version}\n` });
  });

  test("imports a list, and shows the pool in the database and the settings of the environment", async () => {
    const list = dir.write("list.txt", LIST);
    const imported = await program(["import", list, "--db", "lists.db"]);
    assert.equal(imported.code, 0, imported.stderr);
    const health = await program(["health", "--json"], { PROXYWHIRL_DB: dir.join("lists.db") });
    assert.equal(health.code, 0, health.stderr);
    assert.equal(JSON.parse(health.stdout).total_proxies, 2);
    assert.equal(health.stderr, "");
  });

  for (const kind of CLIENTS) {
    test(`serves the ${kind.name}, and keeps its pool`, async () => {
      const db = dir.join(`${kind.revision}-${kind.name.slice(0, 2)}.db`);
      const start = { command: binary, args: ["--db", db] };
      for (const expected of [0, 1]) {
        await using connected = await kind.connect({ start, cwd: dir.path });
        assert.equal(connected.client.getServerVersion().version, denoConfig.version);
        assert.equal((await connected.ok({ action: "health" })).total_proxies, expected);
        await connected.ok({ action: "add", proxy_url: "http://user:pass@203.0.113.7:8080" });
      }
    });
  }

  test("tells clients to start itself", async () => {
    const db = dir.join("setup.db");
    const setup = await program(["setup", "cursor", "--file", dir.join("cursor.json"), "--db", db, "--json"]);
    assert.equal(setup.code, 0, setup.stderr);
    const start = JSON.parse(setup.stdout).entry.mcpServers.proxywhirl;
    assert.deepEqual(start, { command: binary, args: ["--db", db] });
    await using connected = await CLIENTS[0]!.connect({ start, cwd: "/" });
    assert.equal((await connected.ok({ action: "health" })).total_proxies, 0);
  });

  test("holds the program alone, with named permissions and no others", async () => {
    const content = (await readFile(binary)).toString("latin1");
    assert.ok(
      !content.includes("node_modules/@modelcontextprotocol"),
      "the packages of this project are in it",
    );
    const granted = JSON.parse(/.*"permissions":(\{.*?\})/s.exec(content)?.[1] ?? "{}");
    assert.deepEqual(
      Object.keys(granted).filter((key) => /^allow/.test(key) && granted[key] !== null).sort(),
      [
        "allow_env",
        "allow_import",
        "allow_net",
        "allow_read",
        "allow_write",
      ],
    );
    assert.deepEqual(granted.allow_env, binaryVariables());
    assert.deepEqual(granted.deny_import, []); // the empty list is "all", and denying wins
    assert.equal(granted.prompt, false);
  });

  test("takes no permission from its command line, and needs none that it lacks", async () => {
    const { code, stderr } = await program(["--allow-all"]);
    assert.equal(code, 2);
    assert.match(stderr, /allow-all/);
    await using child = new Child(binary, ["--db", ":memory:"], { cwd: dir.path, env: cleanEnvironment() });
    child.endInput();
    assert.deepEqual(await child.exited, { code: 0, signal: null });
    assert.doesNotMatch(child.stderr, /NotCapable|Requires .* access/);
  });
});

test("compile.ts refuses a target that is none, and names those that are", async () => {
  const args = ["run", "-A", "scripts/compile.ts", "--target", "riscv64-unknown-linux-gnu"];
  const { code, stderr } = await run(process.execPath, args, { cwd: repoRoot, env: { NO_COLOR: "1" } });
  assert.equal(code, 1);
  assert.match(stderr, /"riscv64-unknown-linux-gnu": a target is one of x86_64-unknown-linux-gnu, aarch64/);
});

test("writeChecksums() writes what sha256sum checks, for the five platforms", async () => {
  using dir = new TempDir();
  assert.equal(TARGETS.length, 5);
  for (const target of TARGETS) dir.write(binaryName(target), target);
  dir.write("other.txt", "not one of them");
  await writeChecksums(dir.path);
  const { code, stdout } = await run("sha256sum", ["--check", "--strict", CHECKSUMS], { cwd: dir.path });
  assert.equal(code, 0);
  assert.equal(stdout.trim().split("\n").length, 5);
  assert.equal(binaryName("x86_64-pc-windows-msvc"), "proxywhirl-x86_64-pc-windows-msvc.exe");
  const text = await readFile(dir.join(CHECKSUMS), "utf8");
  assert.ok(text.includes(sha256(new TextEncoder().encode("aarch64-apple-darwin"))));
});
