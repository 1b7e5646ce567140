/** The MCP bundle, unpacked and started as a desktop program does it; and the entry of the MCP registry. */

import { getMcpConfigForManifest, type McpbManifestAny, unpackExtension } from "@anthropic-ai/mcpb";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import denoConfig from "../../deno.json" with { type: "json" };
import { askedSettings, mcpName } from "../../scripts/package_facts.ts";
import { serverJson } from "../../scripts/server_json.ts";
import { SETTINGS } from "../../gen/settings.ts";
import { artefactMissing, buildArtefact, node22, node22Missing } from "../support/artefacts.ts";
import { findRuntime, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";
import { CLIENTS, type Connected, type Wire } from "./support/clients.ts";

const NODES = [
  { label: "Node 22", missing: node22Missing(), command: () => node22 },
  { label: "Node 24", missing: runtimesMissing("node"), command: () => findRuntime("node")!.command },
];

describe("The MCP bundle", skipIf(artefactMissing("mcpb")), () => {
  const dir = new TempDir();
  const extension = dir.join("extension");
  let manifest: McpbManifestAny & Wire;

  before(async () => {
    const mcpbPath = await buildArtefact("mcpb");
    assert.ok(await unpackExtension({ mcpbPath, outputDir: extension, silent: true }));
    manifest = JSON.parse(await readFile(`${extension}/manifest.json`, "utf8"));
  });

  after(() => dir[Symbol.dispose]());

  /** Starts the server as the reference implementation says, with what a user has answered. */
  async function start(command: string, userConfig: Record<string, string | boolean>): Promise<Connected> {
    const config = await getMcpConfigForManifest({
      manifest,
      extensionPath: extension,
      systemDirs: { HOME: dir.path },
      userConfig,
      pathSeparator: "/",
    });
    assert.ok(config);
    assert.equal(config.command, "node");
    return await CLIENTS[0]!.connect({
      start: { command, args: config.args ?? [] },
      cwd: dir.path,
      env: config.env ?? {},
    });
  }

  test("is of this version, and holds the program, its manifest and the licence", async () => {
    assert.equal(manifest.manifest_version, "0.4");
    assert.equal(manifest.version, denoConfig.version);
    assert.deepEqual((await readdir(extension)).sort(), ["LICENSE", "manifest.json", "server"]);
    assert.deepEqual(await readdir(`${extension}/server`), ["proxywhirl.mjs"]);
  });

  test("asks for every setting that it passes on, and hides the secret ones", () => {
    const asked = manifest.user_config;
    const env: Record<string, string> = manifest.server.mcp_config.env;
    assert.deepEqual(Object.values(env), Object.keys(asked).map((key) => `\${user_config.${key}}`));
    for (const [key, { sensitive = false }] of Object.entries<Wire>(asked)) {
      assert.equal(sensitive, SETTINGS.find((spec) => spec.key === key)?.secret, key);
    }
    assert.ok(asked.api_key.sensitive && asked.db.required);
  });

  for (const { label, missing, command } of NODES) {
    test(`serves on ${label} with the answers given, and keeps its pool`, skipIf(missing), async () => {
      const db = dir.join(`${label}.db`);
      for (const expected of [0, 1]) {
        await using connected = await start(command(), { db, api_key: "k-123456", strategy: "least-used" });
        assert.equal((await connected.ok({ action: "health" })).total_proxies, expected);
        assert.equal((await connected.error({ action: "list" })).code, 401);
        const proxy_url = "http://user:pass@203.0.113.7:8080";
        await connected.ok({ action: "add", proxy_url, api_key: "k-123456" });
        assert.equal((await connected.resource("proxy://config")).strategy, "least-used");
      }
      assert.ok(existsSync(db));
    });

    test(`serves on ${label} when nothing but the database is answered`, skipIf(missing), async () => {
      await using connected = await start(command(), { db: dir.join("default.db") });
      assert.equal((await connected.ok({ action: "list" })).total, 0);
      const config = await connected.resource("proxy://config");
      assert.equal(config.strategy, "round-robin");
      assert.doesNotMatch(connected.stderr, /WARNING|ERROR|user_config/);
    });
  }
});

describe("server.json", () => {
  const sum = "a".repeat(64);
  const content: Wire = serverJson(sum);

  test("is of this version, under the name that the npm package gives", () => {
    assert.equal(content.version, denoConfig.version);
    assert.equal(content.name, mcpName);
    const [npm, mcpb] = content.packages;
    assert.deepEqual([npm.identifier, npm.version], [denoConfig.name, denoConfig.version]);
    assert.ok(mcpb.identifier.endsWith(`/v${denoConfig.version}/proxywhirl.mcpb`));
    assert.equal(mcpb.fileSha256, sum);
  });

  test("keeps to the limits of the registry", () => {
    assert.match(content.$schema, /\/2025-12-11\/server\.schema\.json$/);
    assert.match(content.name, /^io\.github\.[a-zA-Z0-9-]+\/[a-zA-Z0-9._-]+$/);
    assert.ok(content.description.length <= 100 && content.title.length <= 100);
    assert.equal(new URL(content.repository.url).hostname, "github.com");
    assert.ok(content.repository.url.startsWith(`https://github.com/${content.name.split(/[./]/)[2]}/`));
    for (const { registryType, transport } of content.packages) {
      assert.ok(["npm", "mcpb"].includes(registryType));
      assert.deepEqual(transport, { type: "stdio" });
    }
  });

  test("names environment variables that the program reads, and which of them are secret", () => {
    const variables = content.packages[0].environmentVariables as Wire[];
    assert.equal(variables.length, askedSettings().length);
    for (const variable of variables) {
      const spec = SETTINGS.find(({ env }) => env.includes(variable.name));
      assert.equal(variable.isSecret, spec?.secret, variable.name);
      assert.equal(variable.description, spec?.help);
    }
    assert.ok(variables.some(({ name, isSecret }) => name === "PROXYWHIRL_API_KEY" && isSecret));
  });
});
