import assert from "node:assert/strict";
import { describe, test } from "node:test";
import denoConfig from "../../../deno.json" with { type: "json" };
import { launchCommand } from "../../../src/cli/launch.ts";
import { DEFAULT_SETTINGS } from "../../../gen/settings.ts";

const settings = { ...DEFAULT_SETTINGS, db: "/pool/pool.db" };
const node = { name: "Node", version: "24.0.0" } as const;

describe("launchCommand()", () => {
  test("names a script by its path", () => {
    const program = { executable: "/usr/bin/node", script: "/opt/node_modules/.bin/proxywhirl" };
    assert.deepEqual(launchCommand({ settings, program, runtime: node }), {
      command: "/usr/bin/node",
      args: ["/opt/node_modules/.bin/proxywhirl", "--db", "/pool/pool.db"],
    });
  });

  test("names the package of this version when npx has fetched it, as its folder may go away", () => {
    for (
      const folder of [
        "/home/me/.npm/_npx/0123/node_modules",
        "C:\\Users\\me\\npm-cache\\_npx\\0123\\node_modules",
      ]
    ) {
      const program = { executable: "/usr/bin/node", script: `${folder}/.bin/proxywhirl` };
      assert.deepEqual(launchCommand({ settings, program, runtime: node }), {
        command: "npx",
        args: ["-y", `${denoConfig.name}@${denoConfig.version}`, "--db", "/pool/pool.db"],
      });
    }
  });

  test("names the package when bunx has fetched it", () => {
    const script = "/tmp/bunx-1000-@proxywhirl/mcp@0.1.0/node_modules/@proxywhirl/mcp/bin/proxywhirl.mjs";
    const runtime = { name: "Bun", version: "1.4.5" } as const;
    assert.deepEqual(launchCommand({ settings, program: { executable: "/usr/bin/bun", script }, runtime }), {
      command: "bunx",
      args: ["--bun", `${denoConfig.name}@${denoConfig.version}`, "--db", "/pool/pool.db"],
    });
  });

  test("names an executable by itself", () => {
    const program = { executable: "/usr/local/bin/proxywhirl", script: undefined };
    const runtime = { name: "Deno", version: "2.9.6" } as const;
    assert.deepEqual(launchCommand({ settings, program, runtime }), {
      command: "/usr/local/bin/proxywhirl",
      args: ["--db", "/pool/pool.db"],
    });
  });
});
