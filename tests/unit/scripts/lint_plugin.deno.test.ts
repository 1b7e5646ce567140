import assert from "node:assert/strict";
import plugin from "../../../scripts/lint_plugin.ts";

/** Names of the rules that the source breaks in this file, in order. */
function broken(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, file, source).map(({ id }) => id.replace("proxywhirl/", ""));
}

/** Tests one rule on sources that break it and sources that keep it. */
function testRule(rule: string, cases: { breaks: [string, string][]; keeps: [string, string][] }): void {
  for (const [file, source] of cases.breaks) {
    Deno.test(`${rule} refuses ${source.slice(0, 60)} in ${file}`, () => {
      assert.ok(broken(file, source).includes(rule), "the rule found nothing");
    });
  }
  for (const [file, source] of cases.keeps) {
    Deno.test(`${rule} accepts ${source.slice(0, 60)} in ${file}`, () => {
      assert.deepEqual(broken(file, source), []);
    });
  }
}

testRule("layers", {
  breaks: [
    ["src/core/pool.ts", 'import { open } from "../store/mod.ts";'],
    ["src/core/pool.ts", 'import { randomUUID } from "node:crypto";'],
    ["src/core/pool.ts", 'import * as z from "zod";'],
    ["src/core/pool.ts", 'import { ACTIONS } from "../../gen/actions.ts";'],
    ["src/core/pool.ts", 'import { isMain } from "../runtime/mod.ts";'],
    ["src/core/pool.ts", 'export * from "../net/mod.ts";'],
    ["src/core/pool.ts", 'export { dial } from "../net/mod.ts";'],
    ["src/core/pool.ts", 'const net = await import("../net/mod.ts");'],
    ["src/store/sqlite.ts", 'import type { Handler } from "../service/mod.ts";'],
    ["src/net/dial.ts", 'import { open } from "../store/mod.ts";'],
    ["src/sources/fetch.ts", 'import { open } from "../store/mod.ts";'],
    ["src/service/actions/list.ts", 'import { serve } from "../../mcp/mod.ts";'],
    ["src/mcp/server.ts", 'import { table } from "../cli/table.ts";'],
    ["src/cli/main.ts", 'import { serve } from "../mcp/mod.ts";'],
    ["src/contract/wire_schema.ts", 'import { handle } from "../service/mod.ts";'],
    ["src/runtime/terminal.ts", 'import type { Clock } from "../core/mod.ts";'],
    ["gen/validators.ts", 'import { handle } from "../src/service/mod.ts";'],
    ["src/mcp/server.ts", 'import { list } from "../../schema/actions/list.ts";'],
    ["src/mcp/server.ts", 'import { TempDir } from "../../tests/support/temp_dir.ts";'],
    ["src/program.ts", 'import { list } from "../schema/actions/list.ts";'],
    ["mod.ts", 'import { list } from "./schema/actions/list.ts";'],
    ["mod.ts", 'import { bundle } from "./scripts/bundle.ts";'],
  ],
  keeps: [
    ["src/core/pool.ts", 'import { redactUrl } from "./redact.ts";'],
    ["src/core/strategies/random.ts", 'import type { Random } from "../types.ts";'],
    ["src/core/pool.ts", "export const limit = 1;"],
    ["src/store/sqlite.ts", 'import type { Clock } from "../core/mod.ts"; import "node:fs";'],
    ["src/sources/fetch.ts", 'import { get } from "../net/mod.ts";'],
    ["src/service/service.ts", 'import { ACTIONS } from "../../gen/actions.ts";'],
    ["src/mcp/server.ts", 'import { handle } from "../service/mod.ts";'],
    ["src/program.ts", 'import { serve } from "./mcp/mod.ts";'],
    ["mod.ts", 'export * from "./src/core/mod.ts"; await import("./src/cli/mod.ts");'],
    ["scripts/generate.ts", 'import { list } from "../schema/actions/list.ts";'],
    ["tests/unit/core/pool.test.ts", 'import { bundle } from "../../../scripts/bundle.ts";'],
  ],
});

testRule("sqlite-in-store", {
  breaks: [
    ["src/service/service.ts", 'import { DatabaseSync } from "node:sqlite";'],
    ["mod.ts", 'const sqlite = await import("node:sqlite");'],
    ["src/cli/export.ts", 'import { Database } from "bun:sqlite";'],
  ],
  keeps: [
    ["src/store/sqlite.ts", 'import { DatabaseSync } from "node:sqlite";'],
    ["tests/unit/store/sqlite.test.ts", 'import { DatabaseSync } from "node:sqlite";'],
  ],
});

testRule("no-remote-import", {
  breaks: [
    ["tests/unit/core/pool.test.ts", 'import { assertEquals } from "jsr:@std/assert@1";'],
    ["scripts/bundle.ts", 'import "https://example.com/x.ts";'],
    ["schema/define.ts", 'import * as z from "npm:zod@4";'],
  ],
  keeps: [["schema/define.ts", 'import * as z from "zod";']],
});

testRule("no-runtime-global", {
  breaks: [
    ["src/mcp/stdio.ts", "Deno.exit(1);"],
    ["src/mcp/stdio.ts", "const version = globalThis.Deno.version;"],
    ["src/mcp/stdio.ts", 'const bun = globalThis["Bun"];'],
    ["src/store/sqlite.ts", 'if (typeof Bun !== "undefined") load();'],
    ["src/net/dial.ts", "let listener: Deno.Listener | undefined;"],
    ["mod.ts", "const shorthand = { Deno };"],
  ],
  keeps: [
    ["src/runtime/environment.ts", "const { permissions } = Deno;"],
    ["tests/unit/mcp/stdio.deno.test.ts", "Deno.test(() => {});"],
    ["src/mcp/stdio.ts", 'const names = { Deno: 1, Bun: 2 }; const deno = names.Deno; const text = "Deno";'],
    ["src/mcp/stdio.ts", "interface Names { readonly Deno: string }"],
  ],
});

testRule("no-console", {
  breaks: [
    ["src/core/pool.ts", 'console.log("x");'],
    ["src/mcp/server.ts", 'console.error("x");'],
    ["mod.ts", 'console.info("x");'],
  ],
  keeps: [
    ["src/cli/list.ts", 'console.log("x");'],
    ["scripts/demo.ts", 'console.log("x");'],
    ["src/mcp/stdio.ts", "Object.assign(console, { log: console.error });"],
  ],
});

testRule("no-using", {
  breaks: [
    ["src/core/pool.ts", "using lease = acquire();"],
    ["src/mcp/server.ts", "async function f() { await using server = start(); }"],
  ],
  keeps: [["tests/unit/core/lease.test.ts", "using lease = acquire();"]],
});

testRule("erasable", {
  breaks: [
    ["src/core/types.ts", "enum State { Open }"],
    ["tests/support/child.ts", "const enum State { Open }"],
    ["src/core/types.ts", "namespace Names { export const a = 1; }"],
    ["src/core/pool.ts", "class Pool { constructor(readonly size: number) {} }"],
  ],
  keeps: [["src/core/types.ts", 'const State = { open: "open" } as const;']],
});

testRule("no-private-keyword", {
  breaks: [
    ["src/core/pool.ts", "class Pool { private size = 0; }"],
    ["src/core/pool.ts", "class Pool { private grow(): void {} }"],
    ["scripts/lint/files.ts", "class Pool { private static size = 0; }"],
  ],
  keeps: [
    ["src/core/pool.ts", "class Pool { #size = 0; grow(): number { return ++this.#size; } }"],
    ["src/core/pool.ts", "class Pool { private constructor() {} }"],
  ],
});

testRule("no-double-cast", {
  breaks: [["src/core/pool.ts", "const pool = value as unknown as Pool;"]],
  keeps: [["src/core/pool.ts", "const pool = value as unknown; const other = value as Pool;"]],
});

testRule("no-non-null", {
  breaks: [["src/core/pool.ts", "const first = proxies[0]!;"]],
  keeps: [
    ["tests/unit/core/pool.test.ts", "const first = proxies[0]!;"],
    ["src/core/pool.ts", "const isEmpty = !proxies[0];"],
  ],
});

testRule("no-exported-arrow", {
  breaks: [
    ["src/core/redact.ts", "export const redact = (text: string): string => text;"],
    ["src/core/redact.ts", "export const redact = function (text: string): string { return text; };"],
  ],
  keeps: [
    ["src/core/redact.ts", "export function redact(text: string): string { return text; }"],
    ["src/core/redact.ts", "const redact = (text: string): string => text; redact.call(null, 1);"],
    ["src/core/redact.ts", "export const limits = { redact: (text: string): string => text };"],
  ],
});

testRule("skip-by-option", {
  breaks: [
    ["tests/unit/core/pool.test.ts", 'test("x", (t) => t.skip("why"));'],
    ["tests/unit/core/pool.test.ts", 'test.skip("x", () => {});'],
    ["tests/unit/core/pool.test.ts", 'it.only("x", () => {});'],
  ],
  keeps: [
    ["tests/unit/core/pool.test.ts", 'test("x", skipIf("why"), () => {});'],
    ["tests/unit/core/pool.test.ts", "reader.skip(3);"],
    ["src/core/proxy_list.ts", "context.skip(3);"],
  ],
});

testRule("file-name", {
  breaks: [
    ["src/core/proxyPool.ts", "f();"],
    ["src/core/proxy-pool.ts", "f();"],
    ["src/core/ProxyPool.ts", "f();"],
    ["tests/unit/core/pool.spec.ts", "f();"],
  ],
  keeps: [
    ["src/core/proxy_pool.ts", "f();"],
    ["src/core/fnv1a.ts", "f();"],
    ["tests/unit/core/proxy_pool.test.ts", "f();"],
    ["tests/unit/core/proxy_pool.deno.test.ts", "f();"],
    ["tests/bench/rotate.bench.ts", "f();"],
  ],
});

testRule("file-length", {
  breaks: [["src/core/pool.ts", "f();\n".repeat(501)]],
  keeps: [
    ["src/core/pool.ts", "f();\n".repeat(500)],
    ["gen/validators.ts", "f();\n".repeat(5000)],
  ],
});

Deno.test("lint_plugin has a test of each rule that shows it failing", async () => {
  const source = await Deno.readTextFile(new URL(import.meta.url));
  const tested = [...source.matchAll(/^testRule\("([a-z-]+)"/gm)].map(([, rule]) => rule);
  assert.deepEqual(tested.sort(), Object.keys(plugin.rules).sort());
});
