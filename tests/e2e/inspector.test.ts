/** The official Inspector, with its lint of schemas, against the real program. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { Child, run } from "../support/child.ts";
import { findRuntime, repoRoot, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";
import { cleanEnvironment, program } from "./support/clients.ts";

const launcher = join(
  repoRoot,
  ".tools/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js",
);

/** 120 packages and 110 MB: CI installs it, and nobody else has to. */
function inspectorMissing(): string | undefined {
  if (existsSync(launcher)) return runtimesMissing("node");
  const reason = "needs @modelcontextprotocol/inspector 2.12.0 in .tools, where .ci/run installs it";
  if (process.env["CI"] === "true") throw new Error(reason);
  return reason;
}

const needsInspector = skipIf(inspectorMissing());

/** Runs the Inspector's command line; resolves with its exit code and output. */
function inspect(...args: string[]) {
  return inspectWith([], ...args);
}

/** The same against a program with more settings. */
async function inspectWith(settings: readonly string[], ...args: string[]) {
  using folder = new TempDir();
  const { command, args: programArgs } = program(["--db", ":memory:", ...settings]);
  // The Inspector starts servers with a filtered environment: what Deno needs must be named.
  const env = Object.fromEntries(
    Object.entries(cleanEnvironment()).filter(([key]) => /^(DENO_|NPM_)/.test(key)),
  );
  const config = folder.write(
    "mcp.json",
    JSON.stringify({ mcpServers: { proxywhirl: { type: "stdio", command, args: programArgs, env } } }),
  );
  return await launch(["--config", config, "--server", "proxywhirl", ...args], folder.path);
}

async function launch(args: readonly string[], cwd: string) {
  const node = findRuntime("node");
  assert.ok(node);
  return await run(node.command, [launcher, "--cli", ...args], {
    env: { ...cleanEnvironment(), MCP_INSPECTOR_SECRET_STORE: "memory" },
    cwd,
  });
}

describe("The Inspector", needsInspector, () => {
  for (const era of ["legacy", "modern"]) {
    const protocol = ["--protocol-era", era];

    test(`finds nothing to say about the tool's schemas, strictly (${era})`, async () => {
      const { code, stdout, stderr } = await inspect("--method", "tools/list", "--strict", ...protocol);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /"proxywhirl"/);
      assert.doesNotMatch(stderr, /warn/i);
    });

    test(`finds nothing to say about split tools either (${era})`, async () => {
      const { code, stdout, stderr } = await inspectWith(
        ["--tools", "split"],
        ...["--method", "tools/list", "--strict", ...protocol],
      );
      assert.equal(code, 0, stderr);
      for (const name of ["proxywhirl_read", "proxywhirl_use", "proxywhirl_manage"]) {
        assert.ok(stdout.includes(`"${name}"`), name);
      }
      assert.doesNotMatch(stderr, /warn/i);
    });

    test(`lists templates, reads a resource of one, and gets a prompt with arguments (${era})`, async () => {
      const templates = await inspect("--method", "resources/templates/list", ...protocol);
      assert.equal(templates.code, 0, templates.stderr);
      assert.match(templates.stdout, /proxy:\/\/targets\/\{target\}/);
      const uri = "proxy://targets/shop.example";
      const site = await inspect("--method", "resources/read", "--uri", uri, ...protocol);
      assert.equal(site.code, 0, site.stderr);
      assert.match(site.stdout, /0 of 0 proxies may go to shop\.example now/);
      const prompt = await inspect(
        ...["--method", "prompts/get", "--prompt-name", "target_diagnosis_workflow"],
        ...["--prompt-args", "target=shop.example", ...protocol],
      );
      assert.equal(prompt.code, 0, prompt.stderr);
      assert.match(prompt.stdout, /a page of shop\.example/);
    });

    test(`calls the tool, reads a resource and gets a prompt (${era})`, async () => {
      const health = await inspect(
        ...[
          "--method",
          "tools/call",
          "--tool-name",
          "proxywhirl",
          "--tool-arg",
          "action=health",
          ...protocol,
        ],
      );
      assert.equal(health.code, 0, health.stderr);
      assert.match(health.stdout, /pool_status/);
      const config = await inspect("--method", "resources/read", "--uri", "proxy://config", ...protocol);
      assert.equal(config.code, 0, config.stderr);
      assert.match(config.stdout, /RoundRobinStrategy/);
      const prompt = await inspect(
        ...["--method", "prompts/get", "--prompt-name", "troubleshooting_workflow", ...protocol],
      );
      assert.equal(prompt.code, 0, prompt.stderr);
      assert.match(prompt.stdout, /Rotate away/);
    });

    test(`gets an answer to every one of many calls at once, over stdio and over HTTP (${era})`, async () => {
      const calls = [
        ...["--method", "tools/call", "--tool-name", "proxywhirl", "--tool-arg", "action=health"],
        ...["--load", "--load-requests", "200", "--load-concurrency", "8", ...protocol],
      ];
      using folder = new TempDir();
      const { command, args } = program(["--db", ":memory:", "--transport", "http", "--port", "0"]);
      await using server = new Child(command, args, { env: cleanEnvironment() });
      const [, url = ""] = await server.stderrMatch(/^Listening on (http:.+)$/m);
      for (
        const { code, stdout, stderr } of [
          await inspect(...calls),
          await launch(["--server-url", url, ...calls], folder.path),
        ]
      ) {
        assert.equal(code, 0, stderr);
        const { requests, ok, toolErrors, errors } = JSON.parse(stdout);
        assert.deepEqual({ requests, ok, toolErrors, errors }, {
          requests: 200,
          ok: 200,
          toolErrors: 0,
          errors: 0,
        });
      }
    });

    test(`sees errors as errors of the tool (${era})`, async () => {
      const { code, stdout } = await inspect(
        ...[
          "--method",
          "tools/call",
          "--tool-name",
          "proxywhirl",
          "--tool-arg",
          "action=status",
          ...protocol,
        ],
      );
      assert.equal(code, 5);
      assert.match(stdout, /proxy_id required for status action/);
    });
  }
});
