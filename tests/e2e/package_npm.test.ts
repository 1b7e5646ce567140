/** The npm package, installed from its tarball as a user would, on every runtime that it is for. */

import assert from "node:assert/strict";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import denoConfig from "../../deno.json" with { type: "json" };
import { mcpName } from "../../scripts/package_facts.ts";
import { serverPermissions } from "../../scripts/permissions.ts";
import { filesIn } from "../../src/sources/tar.ts";
import { artefactMissing, buildArtefact, node22, node22Missing } from "../support/artefacts.ts";
import { run } from "../support/child.ts";
import { findRuntime, repoRoot, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";
import { cleanEnvironment, CLIENTS, type Wire } from "./support/clients.ts";

const { name, version, exports } = denoConfig;

/** A runtime, and how it runs a file of a project with the permissions that the server needs there. */
interface Host {
  readonly label: string;
  readonly missing: string | undefined;
  readonly command: () => string;
  readonly options: (folder: string) => readonly string[];
}

const HOSTS: readonly Host[] = [
  { label: "Node 22", missing: node22Missing(), command: () => node22, options: () => [] },
  {
    label: "Node 24",
    missing: runtimesMissing("node"),
    command: () => findRuntime("node")!.command,
    options: () => [],
  },
  {
    label: "Bun",
    missing: runtimesMissing("bun"),
    command: () => findRuntime("bun")!.command,
    options: () => [],
  },
  {
    label: "Deno",
    missing: undefined,
    command: () => process.execPath,
    options: (folder) => ["run", ...serverPermissions(folder)],
  },
];

const CORE = `
import { ProxyRotator } from "${name}/core";
const rotator = new ProxyRotator({ strategy: "round-robin" });
for (const host of ["203.0.113.7", "203.0.113.8"]) rotator.addProxy(\`http://user:pass@\${host}:8080\`);
const hosts = [1, 2, 3].map(() => {
  const lease = rotator.acquire({ target: "https://shop.example/" });
  lease.report({ verdict: "ok", latencyMs: 100 });
  return lease.proxy.publicUrl;
});
const entries = ${JSON.stringify(Object.keys(exports))};
const counts = {};
for (const entry of entries) counts[entry] = Object.keys(await import("${name}" + entry.slice(1))).length;
console.log(JSON.stringify({ hosts, counts }));
`;

const TYPES = `
import { type Lease, ProxyRotator } from "${name}/core";
import { ProxyWhirl } from "${name}/net";
import { type HealthOutput, proxywhirl } from "${name}";
const rotator: ProxyRotator = new ProxyRotator({ strategy: "adaptive" });
const lease: Lease = rotator.acquire({ region: "US" });
const url: string = lease.proxy.url;
const pool = new ProxyWhirl({ pacing: "15/min" });
const status: number = (await pool.fetch("https://shop.example/")).status;
console.log(url, status, proxywhirl satisfies (input: never) => Promise<unknown>, {} as HealthOutput);
// @ts-expect-error a strategy is a name or an object
new ProxyRotator({ strategy: 5 });
`;

const dir = new TempDir();
const bin = join(dir.path, "node_modules/.bin/proxywhirl");
const missing = artefactMissing("npm") ?? await install();
if (missing !== undefined) dir[Symbol.dispose](); // no hook runs when all is skipped

/** Installs the package; its dependencies come from npm, or from what npm has kept of them. */
async function install(): Promise<string | undefined> {
  dir.write("package.json", '{ "type": "module", "private": true }');
  const options = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts", "--fetch-retries=0"];
  const args = ["install", ...options, await buildArtefact("npm")];
  const { code, stderr } = await run("npm", args, { cwd: dir.path, env: cleanEnvironment() });
  if (code !== 0 && process.env["CI"] !== "true" && /ENOTFOUND|EAI_AGAIN|ENOTCACHED/.test(stderr)) {
    return "needs packages that npm has not kept from before, and no network";
  }
  assert.equal(code, 0, stderr);
  return undefined;
}

describe("The npm package", skipIf(missing), () => {
  let files: ReadonlyMap<string, string>;
  let manifest: Wire;

  before(async () => {
    const text = new TextDecoder();
    const entries = [...filesIn(gunzipSync(await readFile(await buildArtefact("npm"))))];
    files = new Map(entries.map(({ path, bytes }) => [path.replace("package/", ""), text.decode(bytes)]));
    manifest = JSON.parse(files.get("package.json")!);
  });

  after(() => dir[Symbol.dispose]());

  test("says what npm and the MCP registry want to know", () => {
    assert.equal(manifest.name, name);
    assert.equal(manifest.version, version);
    assert.equal(manifest.license, "MIT");
    assert.equal(manifest.mcpName, mcpName);
    assert.deepEqual(manifest.bin, { proxywhirl: "bin/proxywhirl.mjs" });
    assert.match(manifest.engines.node, /^>=22/);
    assert.deepEqual(Object.keys(manifest.exports), [...Object.keys(exports), "./package.json"]);
  });

  test("would be published by npm as it is", async () => {
    const args = ["publish", "--dry-run", "--offline", await buildArtefact("npm")];
    const { code, stderr } = await run("npm", args, { cwd: dir.path, env: cleanEnvironment() });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /public access/);
    assert.doesNotMatch(stderr, /auto-corrected|npm pkg fix/);
  });

  test("holds every file that it names, what people read, and nothing of the tests", () => {
    const named = Object.values(manifest.exports as Record<string, Wire>).flatMap((entry) =>
      typeof entry === "string" ? [entry] : [entry.types, entry.default]
    );
    for (const path of [...named, manifest.bin.proxywhirl, "README.md", "LICENSE", "CHANGELOG.md"]) {
      assert.ok(files.has(path.replace("./", "")), path);
    }
    const strays = [...files.keys()].filter((path) =>
      !/^(src|gen|bin)\/|^mod\.|^[A-Z]+(\.md)?$|^package\.json$/.test(path) ||
      /(?<!\.d)\.ts$|\.test\.|\.map$/.test(path)
    );
    assert.deepEqual(strays, []);
  });

  test("depends on what its modules import, and on nothing else", () => {
    const imported = new Set<string>();
    for (const [path, text] of files) {
      if (!path.endsWith(".js")) continue;
      const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
      for (
        const [, specifier] of code.matchAll(
          /(?:^ ?(?:import|export)\b[^;"]*?\bfrom |\bimport\()"([@\w][^"]*)"/gm,
        )
      ) {
        if (specifier!.startsWith("node:")) continue;
        imported.add(specifier!.split("/").slice(0, specifier!.startsWith("@") ? 2 : 1).join("/"));
      }
    }
    assert.deepEqual(Object.keys(manifest.dependencies).sort(), [...imported].sort());
  });

  test("brings types that a program is checked against", async () => {
    const program = dir.write("types.ts", TYPES);
    const config = dir.write("deno.json", '{ "nodeModulesDir": "manual" }');
    const args = ["check", "--no-lock", "--config", config, program];
    const { code, stderr } = await run(process.execPath, args, { cwd: dir.path, env: { NO_COLOR: "1" } });
    assert.equal(code, 0, stderr);
  });

  for (const { label, missing, command, options } of HOSTS) {
    describe(`on ${label}`, skipIf(missing), () => {
      test("rotates proxies, and every entry point can be imported", async () => {
        const program = dir.write("core.mjs", CORE);
        const args = [...options(dir.path), program];
        const { code, stdout, stderr } = await run(command(), args, {
          cwd: dir.path,
          env: cleanEnvironment(),
        });
        assert.equal(code, 0, stderr);
        const { hosts, counts } = JSON.parse(stdout);
        assert.deepEqual(hosts, [
          "http://203.0.113.7:8080",
          "http://203.0.113.8:8080",
          "http://203.0.113.7:8080",
        ]);
        for (const [entry, source] of Object.entries(exports)) {
          const own = Object.keys(await import(new URL(source, `file://${repoRoot}`).href)).length;
          assert.equal(counts[entry], own, entry);
        }
      });

      test("runs as the command proxywhirl", async () => {
        const args = [...options(dir.path), bin, "--version"];
        const { code, stdout, stderr } = await run(command(), args, {
          cwd: dir.path,
          env: cleanEnvironment(),
        });
        assert.equal(code, 0, stderr);
        assert.equal(stdout, `proxywhirl ${version}\n`);
      });

      test("tells clients to start it as it was started", async () => {
        const db = dir.join("setup.db");
        const args = [
          ...options(dir.path),
          bin,
          "setup",
          "cursor",
          "--file",
          dir.join("cursor.json"),
          "--db",
          db,
        ];
        const setup = await run(command(), [...args, "--json"], { cwd: dir.path, env: cleanEnvironment() });
        assert.equal(setup.code, 0, setup.stderr);
        const start = JSON.parse(setup.stdout).entry.mcpServers.proxywhirl;
        await using connected = await CLIENTS[0]!.connect({ start, cwd: "/" });
        assert.equal((await connected.ok({ action: "health" })).total_proxies, 0);
      });

      for (const kind of CLIENTS.slice(-2)) {
        test(`serves the ${kind.name}, and keeps its pool`, async () => {
          const db = dir.join(`${label}-${kind.name}.db`.replaceAll(/[ ,]+/g, "-"));
          const start = { command: command(), args: [...options(dir.path), bin, "--db", db] };
          for (const expected of [0, 1]) {
            await using connected = await kind.connect({ start, cwd: dir.path });
            assert.equal((await connected.ok({ action: "health" })).total_proxies, expected);
            await connected.ok({ action: "add", proxy_url: "http://user:pass@203.0.113.7:8080" });
          }
        });
      }
    });
  }

  test("starts by its name alone, and through npm", skipIf(runtimesMissing("node")), async () => {
    await mkdir(dir.join("path"));
    await symlink(findRuntime("node")!.command, dir.join("path/node"));
    const env = { ...cleanEnvironment(), PATH: `${dir.join("path")}:${process.env["PATH"]}` };
    for (const [command, ...args] of [[bin], ["npm", "exec", "--offline", "--", "proxywhirl"]]) {
      const { code, stdout, stderr } = await run(command!, [...args, "--version"], { cwd: dir.path, env });
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `proxywhirl ${version}\n`);
    }
  });

  test("starts through Bun without Node", skipIf(runtimesMissing("bun")), async () => {
    const args = ["x", "--bun", "--no-install", "proxywhirl", "--version"];
    const env = { ...cleanEnvironment(), PATH: dir.join("nothing") };
    const { code, stdout, stderr } = await run(findRuntime("bun")!.command, args, { cwd: dir.path, env });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `proxywhirl ${version}\n`);
  });
});
