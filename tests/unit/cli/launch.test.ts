import assert from "node:assert/strict";
import { resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { launchCommand, type LaunchOptions } from "../../../src/cli/launch.ts";

const DENO = { name: "Deno", version: "2.9.6" } as const;
const NODE = { name: "Node", version: "24.0.0" } as const;

function launch(script: string | undefined, options: Partial<LaunchOptions> & { executable?: string } = {}) {
  const { executable = "/opt/runtime", settings = {}, ...rest } = options;
  return launchCommand({
    runtime: DENO,
    program: { executable, script },
    ...rest,
    settings: { db: "/pool/a.db", config: null, regionFiles: null, ...settings },
  });
}

test("under Deno the command names its permissions, and never all of them", () => {
  assert.deepEqual(launch("/src/mod.ts"), {
    command: "/opt/runtime",
    args: [
      "run",
      "--no-prompt",
      "--allow-net",
      "--allow-read=/pool",
      "--allow-write=/pool",
      "--allow-env=PROXYWHIRL_*",
      "/src/mod.ts",
      "--db",
      "/pool/a.db",
    ],
  });
});

test("files of the settings may be read, and paths are absolute", () => {
  const settings = { db: "a.db", config: "c/pool.json", regionFiles: "/r/one.mmdb,r/two.mmdb" };
  const { args } = launch("/src/mod.ts", { settings });
  const here = resolve(".");
  assert.ok(
    args.includes(`--allow-read=${here},${here}/c/pool.json,/r/one.mmdb,${here}/r/two.mmdb`),
    args.join(" "),
  );
  assert.ok(args.includes(`--allow-write=${here}`));
  assert.deepEqual(args.slice(-4), ["--db", `${here}/a.db`, "--config", `${here}/c/pool.json`]);
});

test("a comma in a path is no end of the path", () => {
  const { args } = launch("/src/mod.ts", {
    settings: { db: "/a,b/pool.db", config: null, regionFiles: null },
  });
  assert.ok(args.includes("--allow-write=/a,,b"));
});

test("a pool in memory needs no folder", () => {
  const { args } = launch("/src/mod.ts", { settings: { db: ":memory:", config: null, regionFiles: null } });
  assert.deepEqual(args.filter((arg) => /allow-(read|write)/.test(arg)), []);
  assert.deepEqual(args.slice(-2), ["--db", ":memory:"]);
});

test("a module of JSR is started by its name, another by its address", () => {
  const at = (script: string) => launch(script).args.at(6);
  assert.equal(at("https://jsr.io/@proxywhirl/mcp/0.1.0/mod.ts"), "jsr:@proxywhirl/mcp@0.1.0");
  assert.equal(at("https://example.com/mod.ts"), "https://example.com/mod.ts");
});

test("Node and Bun start the file, an executable itself", () => {
  assert.deepEqual(launch("/dist/proxywhirl.mjs", { runtime: NODE, more: ["--strategy", "random"] }), {
    command: "/opt/runtime",
    args: ["/dist/proxywhirl.mjs", "--db", "/pool/a.db", "--strategy", "random"],
  });
  assert.deepEqual(launch(undefined, { executable: "/bin/proxywhirl" }), {
    command: "/bin/proxywhirl",
    args: ["--db", "/pool/a.db"],
  });
});

test("a Deno that npx has fetched is fetched by npx again", () => {
  const { args, command } = launch("/src/mod.ts", { executable: "/h/.npm/_npx/1a/node_modules/deno/deno" });
  assert.deepEqual([command, ...args.slice(0, 4)], ["npx", "-y", "deno@2.9.6", "run", "--no-prompt"]);
});

test("launchCommand starts this very program when nothing else is said", () => {
  const { args, command } = launchCommand({ settings: { db: ":memory:", config: null, regionFiles: null } });
  // A runtime that npx has fetched, as the README's test command does, is fetched by npx again.
  assert.equal(command, process.execPath.includes("_npx") ? "npx" : process.execPath);
  assert.ok(!args.includes("-A"));
});
