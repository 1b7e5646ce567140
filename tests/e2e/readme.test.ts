/** What the README tells people to paste and to type must work as it stands. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import denoConfig from "../../deno.json" with { type: "json" };
import { Child } from "../support/child.ts";
import { repoRoot } from "../support/runtimes.ts";
import { TempDir } from "../support/temp_dir.ts";

const readme = await readFile(join(repoRoot, "README.md"), "utf8");

test("README.md has a client configuration whose server keeps its pool, with the permissions it names", async () => {
  using dir = new TempDir();
  const json = /```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  assert.ok(json.trim().split("\n").length <= 6, "a client configuration fits into a few lines");
  const { proxywhirl } = JSON.parse(json).mcpServers;
  assert.equal(proxywhirl.command, "deno");
  const args = (proxywhirl.args as string[]).map((arg) =>
    arg.replace("/home/me/proxywhirl/", repoRoot).replace("/home/me/pool", dir.path)
  );
  assert.ok(!args.includes("-A") && !args.includes("--allow-all"));

  // Started elsewhere, as a client program does.
  await using child = new Child(process.execPath, args, { cwd: dir.path });
  const ask = async (id: number, method: string, params: unknown) => {
    child.writeLine(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return JSON.parse(await child.nextLine()).result;
  };
  const clientInfo = { name: "test", version: "1" };
  await ask(1, "initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
  child.writeLine(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }));
  const { structuredContent } = await ask(2, "tools/call", {
    name: "proxywhirl",
    arguments: { action: "add", proxy_url: "http://203.0.113.7:8080" },
  });
  assert.equal(structuredContent.added, 1, JSON.stringify(structuredContent));
  child.endInput();
  assert.deepEqual(await child.exited, { code: 0, signal: null });
  assert.ok(existsSync(dir.join("proxywhirl.db")), child.stderr);
  assert.doesNotMatch(child.stderr, /WARNING|ERROR/);
});

test("README.md names only tasks, files and versions that exist", () => {
  const tasks = [...readme.matchAll(/deno(?:@[\d.]+)? task ([a-z:]+)/g)].map(([, task]) => task ?? "");
  assert.ok(tasks.includes("demo") && tasks.includes("test"));
  assert.deepEqual(tasks.filter((task) => !(task in denoConfig.tasks)), []);

  const links = [...readme.matchAll(/\]\(((?!https?:)[^)#]+)/g)].map(([, link]) => link ?? "");
  assert.deepEqual(links.filter((link) => !existsSync(join(repoRoot, link))), []);

  const declared = Object.values(denoConfig.imports).map((specifier) => specifier.slice("npm:".length));
  const listed = [...readme.matchAll(/^\| \[`([^`]+)`\]\([^)]*\) ([\d.]+)/gm)].map(([, name, at]) =>
    `${name}@${at}`
  );
  assert.deepEqual(listed.sort(), declared.sort());
});
