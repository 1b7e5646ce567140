/** The package as it would come from JSR: `deno run jsr:@proxywhirl/mcp`, and imports of every entry point. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import denoConfig from "../../deno.json" with { type: "json" };
import { run } from "../support/child.ts";
import { JsrServer, publishedFiles } from "../support/jsr_server.ts";
import { findRuntime, repoRoot } from "../support/runtimes.ts";
import { TempDir } from "../support/temp_dir.ts";
import { serverPermissions } from "../../scripts/permissions.ts";
import { cleanEnvironment, CLIENTS } from "./support/clients.ts";

const { name, version, exports } = denoConfig;
const deno = findRuntime("deno")!;
const install = await readFile(join(repoRoot, "docs/install.md"), "utf8");

describe("The package from JSR", () => {
  const dir = new TempDir();
  let server: JsrServer;
  let files: ReadonlyMap<string, string>;
  let env: Record<string, string>;

  before(async () => {
    files = await publishedFiles();
    server = await JsrServer.start(files);
    // An empty cache but for npm packages, which are not what is tested.
    const { stdout } = await run(deno.command, ["info", "--json"]);
    await symlink(JSON.parse(stdout).npmCache, dir.join("npm"));
    env = { ...cleanEnvironment(), JSR_URL: server.url, DENO_DIR: dir.path, NO_COLOR: "1" };
  });

  after(async () => {
    await server.close();
    dir[Symbol.dispose]();
  });

  test("is the sources and what people read, and no test", () => {
    const paths = [...files.keys()];
    for (const path of ["/deno.json", "/mod.ts", "/README.md", "/CHANGELOG.md", "/LICENSE"]) {
      assert.ok(paths.includes(path), path);
    }
    const strays = paths.filter((path) => !/^\/((src|gen)\/|[^/]+$)/.test(path) || path.includes(".test."));
    assert.deepEqual(strays, []);
    const bytes = [...files.values()].reduce((sum, text) => sum + text.length, 0);
    assert.ok(bytes < 20_000_000, `JSR takes 20 MB, this is ${bytes} bytes`);
  });

  test("imports nothing but its own files, npm packages and built-in modules", () => {
    for (const [path, text] of files) {
      if (!path.endsWith(".ts")) continue;
      const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
      for (const [, from] of code.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)"/gm)) {
        assert.match(from!, /^(\.\.?\/|npm:[^^~]+@\d|node:)/, path);
      }
    }
  });

  for (const kind of CLIENTS) {
    test(`serves the ${kind.name} on stdio, with named permissions, and keeps its pool`, async () => {
      using pool = new TempDir();
      const db = pool.join("pool.db");
      const start = {
        command: deno.command,
        args: ["run", ...serverPermissions(pool.path), `jsr:${name}@${version}`, "--db", db],
      };
      await using connected = await kind.connect({ start, cwd: pool.path, env });
      const { added } = await connected.ok({ action: "add", proxy_url: "http://user:pass@203.0.113.7:8080" });
      assert.equal(added, 1);
      assert.equal((await connected.ok({ action: "health" })).total_proxies, 1);
      assert.equal(connected.client.getServerVersion().version, version);
      assert.doesNotMatch(connected.stderr, /WARNING|ERROR/);
      assert.ok(existsSync(db));
    });
  }

  test("is a command line as well", async () => {
    const { code, stdout } = await run(deno.command, ["run", "--no-prompt", `jsr:${name}`, "--version"], {
      env,
    });
    assert.equal(code, 0);
    assert.equal(stdout, `proxywhirl ${version}\n`);
  });

  test("starts by the configuration of docs/install.md, word for word", async () => {
    using pool = new TempDir();
    const [json = ""] = /\{ "mcpServers".*?"deno",.*?jsr:.*?\n\} \} \}/s.exec(install) ?? [];
    const { args } = JSON.parse(json).mcpServers.proxywhirl;
    const start = {
      command: deno.command,
      args: args.map((arg: string) => arg.replace("/home/me/pool", pool.path)),
    };
    await using connected = await CLIENTS[0]!.connect({ start, cwd: "/", env });
    await connected.ok({ action: "add", proxy_url: "http://user:pass@203.0.113.7:8080" });
    assert.ok(existsSync(pool.join("proxywhirl.db")), connected.stderr);
  });

  test("installs as a command by the line of docs/install.md, word for word", async () => {
    const [line = ""] = /deno install --global(?:.*\\\n)*.*/.exec(install) ?? [];
    const path = `${dirname(deno.command)}:${process.env["PATH"]}`;
    const there = { ...env, PATH: path, DENO_INSTALL_ROOT: dir.join("installed") };
    const installed = await run("sh", ["-ec", line], { cwd: dir.path, env: there });
    assert.equal(installed.code, 0, installed.stderr);
    const { code, stdout } = await run(dir.join("installed/bin/proxywhirl"), ["--version"], { env: there });
    assert.deepEqual({ code, stdout }, { code: 0, stdout: `proxywhirl ${version}\n` });
  });

  for (const [entry, source] of Object.entries(exports)) {
    test(`offers ${entry} to programs, which need no permission to import it`, async () => {
      const show = (specifier: string) =>
        `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(specifier)}))))`;
      const imported = `jsr:${name}@${version}${entry.slice(1)}`;
      const program = dir.write("import.ts", show(imported));
      const { code, stdout, stderr } = await run(deno.command, ["run", "--no-prompt", program], { env });
      assert.equal(code, 0, stderr);
      const own = Object.keys(await import(new URL(source, `file://${repoRoot}`).href));
      assert.deepEqual(JSON.parse(stdout).sort(), own.sort());
    });
  }
});
