/** The completion scripts, in the shells that they are for. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { run } from "../support/child.ts";
import { repoRoot } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";

const shells = join(repoRoot, "tests/e2e/cli_shells");

/** What is typed, the last word with the tab key behind it; and what the shell then offers. */
const CASES: readonly (readonly [typed: readonly string[], offered: readonly string[]])[] = [
  [["rot"], ["rotate"]],
  [["reg"], ["region-data"]],
  [["list", "--stat"], ["--status"]],
  [["list", "--status", "h"], ["healthy"]],
  [["list", "--status", "u"], ["unhealthy", "unknown"]],
  [["validate", "--no-v"], []],
  [["report", "--outcome", ""], ["blocked", "dead", "ok"]],
  [["setup", "cl"], ["claude-code", "claude-desktop"]],
  [["setup", "cursor", "--wr"], ["--write"]],
  [["config", ""], ["check", "show"]],
  [["serve", "--no-verify"], ["--no-verify-ssl"]],
  [["--read"], ["--read-only"]],
  [["--log-level", "W"], ["WARNING"]],
  [["completions", "po"], ["powershell"]],
];

function missing(shell: string): string | undefined {
  return spawnSync(shell, ["--version"]).status === 0 ? undefined : `needs ${shell}`;
}

async function scriptOf(shell: string, dir: TempDir, name: string): Promise<string> {
  const { code, stderr, stdout } = await run(
    process.execPath,
    ["run", "-A", "mod.ts", "completions", shell],
    {
      cwd: repoRoot,
    },
  );
  assert.equal(code, 0, stderr);
  return dir.write(name, stdout);
}

/** Every case, in one shell. */
async function tryAll(offer: (words: readonly string[]) => Promise<string>): Promise<void> {
  for (const [typed, offered] of CASES) {
    const lines = (await offer(["proxywhirl", ...typed])).split(/\r?\n/).filter((line) => line !== "");
    assert.deepEqual([...new Set(lines)].sort(), offered, typed.join(" "));
  }
}

test("bash completes commands, options and values", skipIf(missing("bash")), async () => {
  using dir = new TempDir();
  const script = await scriptOf("bash", dir, "completions.bash");
  const harness = ["--norc", join(shells, "complete.bash"), script];
  await tryAll(async (words) => (await run("bash", [...harness, ...words])).stdout);
  const inline = await run("bash", [...harness, "proxywhirl", "list", "--status", "=", "h"]);
  assert.equal(inline.stdout, "healthy\n", "--status=h comes as three words");
  assert.equal(
    (await run("bash", ["-u", "-c", `set -e; source "${script}"`])).code,
    0,
    "it is sourced under set -u",
  );
});

test("zsh completes commands, options and values", skipIf(missing("zsh")), async () => {
  using dir = new TempDir();
  await scriptOf("zsh", dir, "_proxywhirl");
  const harness = ["-f", join(shells, "complete.zsh"), dir.path];
  await tryAll(async (words) => (await run("zsh", [...harness, words.join(" ")])).stdout);
  const inline = await run("zsh", [...harness, "proxywhirl list --status=h"]);
  assert.equal(inline.stdout, "healthy\n");
});

test(
  "fish completes commands, options and values, with what each does",
  skipIf(missing("fish")),
  async () => {
    using dir = new TempDir();
    const script = await scriptOf("fish", dir, "proxywhirl.fish");
    const offer = async (words: readonly string[]) => {
      const typed = words.map((word) => word === "" ? "" : word).join(" ");
      const { stderr, stdout } = await run("fish", [
        "--no-config",
        "-c",
        `source ${script}; complete -C "${typed}"`,
      ]);
      assert.equal(stderr, "");
      return stdout;
    };
    await tryAll(async (words) => (await offer(words)).replaceAll(/\t.*/g, ""));
    assert.match(await offer(["proxywhirl", "rot"]), /^rotate\tNext proxy by the strategy/);
  },
);

test("PowerShell completes commands, options and values", skipIf(missing("pwsh")), async () => {
  using dir = new TempDir();
  const script = await scriptOf("powershell", dir, "proxywhirl.ps1");
  await tryAll(async (words) => {
    const line = words.join(" ");
    const complete =
      `[System.Management.Automation.CommandCompletion]::CompleteInput('${line}', ${line.length}, $null)`;
    const command = `. '${script}'; ${complete}.CompletionMatches.CompletionText`;
    return (await run("pwsh", ["-NoProfile", "-Command", command])).stdout;
  });
});
