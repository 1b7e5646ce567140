/**
 * The official MCP conformance suite: `deno task conformance`.
 *
 * It tries a server over HTTP, so what it tries here is the product's mount: once with the fixtures that the suite
 * asks for behind it, which must meet all that a revision of the protocol requires, and once the program itself, as
 * a process, which must meet all that needs no fixture. Ends with
 * "N passed, N failed": scenarios that passed, and runs that failed.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Child } from "../support/child.ts";
import { repoRoot } from "../support/runtimes.ts";
import { TempDir } from "../support/temp_dir.ts";
import { startFixtureServer } from "./server.ts";

const VERSION = "0.2.0-alpha.12";
/** A run takes some seconds. */
const LIMIT_MS = 60_000;
const REVISIONS = ["2025-11-25", "2026-07-28"];
const BASELINE = join(repoRoot, "tests/conformance/product_without_fixtures.yml");

/** Where CI installs it; elsewhere Deno gets it from npm. */
const installed = join(repoRoot, ".tools/node_modules/@modelcontextprotocol/conformance/dist/index.js");
const suite = existsSync(installed)
  ? ["run", "-A", "--no-config", "--node-modules-dir=manual", installed]
  : ["run", "-A", "--no-config", "--no-lock", `npm:@modelcontextprotocol/conformance@${VERSION}`];

const tally = { passed: 0, failed: 0 };

using folder = new TempDir(); // the suite writes its reports where it runs
await using fixtures = await startFixtureServer();
for (const revision of REVISIONS) await check("the mount, with fixtures", revision, fixtures.url, []);
await using program = new Child(process.execPath, [
  ...["run", "-A", "--cached-only", `${repoRoot}mod.ts`],
  ...["--transport", "http", "--port", "0", "--db", ":memory:", "--log-level", "ERROR"],
]);
const [, url = ""] = await program.stderrMatch(/^Listening on (http:.+)$/m);
for (const revision of REVISIONS) {
  await check("the program itself", revision, url, ["--expected-failures", BASELINE]);
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;

/**
 * Runs what a revision requires, and says how it went. The exit code tells; it leaves aside scenarios of extensions,
 * those that are not part of the revision, and those of the baseline, which must fail.
 */
async function check(what: string, revision: string, url: string, options: readonly string[]): Promise<void> {
  const args = ["server", "--url", url, "--requirements", revision, ...options];
  let { code, stdout, stderr } = await runSuite(args);
  // Seen where many processes of Deno start at a time: one waits for its caches for ever, before it has run a line.
  if (stdout === "") ({ code, stdout, stderr } = await runSuite(args));
  const summary = stdout.slice(stdout.indexOf("=== SUMMARY ==="));
  const passed = summary.match(/^✓ /gm)?.length ?? 0;
  const isFine = code === 0 && passed > 0;
  tally.passed += passed;
  if (!isFine) tally.failed++;
  console.log(`${isFine ? "ok" : "FAILED"}: ${what}, ${revision}: ${passed} scenarios pass`);
  if (!isFine) console.log(`exit code ${code}\n${stdout}\n${stderr}`);
}

async function runSuite(args: readonly string[]) {
  const options = { cwd: folder.path, env: { NO_COLOR: "1" } };
  await using child = new Child(process.execPath, [...suite, ...args], options);
  child.endInput();
  const deadline = setTimeout(() => void child.kill("SIGKILL"), LIMIT_MS);
  const { code } = await child.exited;
  clearTimeout(deadline);
  return { code, stdout: child.stdout, stderr: child.stderr };
}
