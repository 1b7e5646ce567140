import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { parse } from "jsonc-parser";
import { CLIENTS } from "../../../src/cli/clients/clients.ts";
import { readClientFile, replaceClientFile, withEntry } from "../../../src/cli/clients/client_file.ts";
import { skipIf } from "../../support/skip.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { runCli } from "./support.ts";

const onWindows = process.platform === "win32" ? "Windows has neither these modes nor links" : undefined;

function homeOf(dir: TempDir): { env: Record<string, string> } {
  return {
    env: { HOME: dir.path, USERPROFILE: dir.path, APPDATA: dir.path, XDG_CONFIG_HOME: dir.join("xdg") },
  };
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}

test("setup shows what belongs into the file, and writes nothing", async () => {
  using dir = new TempDir();
  for (const client of CLIENTS) {
    const db = dir.join("pool.db");
    const { code, err, out } = await runCli(["setup", client.name, "--db", db], homeOf(dir));
    assert.equal(code, 0, err);
    const entry = JSON.parse(out)[client.key].proxywhirl;
    assert.deepEqual(entry.args.slice(-2), ["--db", db]);
    assert.equal(entry.type, client.name === "vscode" ? "stdio" : undefined);
    assert.ok(!entry.args.includes("-A"));
    assert.match(err, /--write puts it there/);
  }
  assert.deepEqual(readdirSync(dir.path), []);
});

test("setup --write makes the file and its folders, and does nothing the second time", async () => {
  using dir = new TempDir();
  const file = dir.join("deep", "down", "mcp.json");
  const args = ["setup", "cursor", "--write", "--file", file, "--db", dir.join("p.db")];
  assert.match((await runCli(args)).out, /^Written to /);
  const text = read(file);
  assert.ok(JSON.parse(text).mcpServers.proxywhirl.command);
  const again = await runCli(args);
  assert.deepEqual([again.code, /^Nothing to do/.test(again.out), read(file)], [0, true, text]);
  assert.deepEqual(readdirSync(dir.join("deep", "down")), ["mcp.json"], "no copy of what was not there");
  assert.match((await runCli(args.filter((arg) => arg !== "--write"))).err, /has this already/);
});

test("setup --write keeps comments and other entries, and a copy of the file before", async () => {
  using dir = new TempDir();
  const before = '{\n  // mine\n  "servers": {\n    "a": {"command":"x"}, // keep\n  },\n}\n';
  const file = dir.write("mcp.json", before);
  const { code, out } = await runCli(["setup", "vscode", "--write", "--file", file]);
  assert.equal(code, 0, out);
  const after = read(file);
  assert.ok(after.includes('"a": {"command":"x"}, // keep') && after.includes("// mine"), after);
  assert.deepEqual(Object.keys(parse(after).servers), ["a", "proxywhirl"]);
  assert.equal(read(`${file}.1.bak`), before);
  await runCli(["setup", "vscode", "--write", "--file", file, "--strategy", "random"]);
  assert.equal(read(`${file}.1.bak`), before, "an older copy stays");
  assert.equal(read(`${file}.2.bak`), after);
});

test("setup --write brings its own entry up to date, and keeps what a person has put beside", async () => {
  using dir = new TempDir();
  const entry = { command: "old", args: [], env: { PROXYWHIRL_API_KEY: "s3cret" }, disabled: true };
  const file = dir.write("mcp.json", JSON.stringify({ mcpServers: { proxywhirl: entry } }));
  const { err, out } = await runCli(["setup", "cursor", "--write", "--file", file]);
  const { env, disabled, command } = JSON.parse(read(file)).mcpServers.proxywhirl;
  assert.deepEqual([env, disabled], [entry.env, true]);
  assert.notEqual(command, "old");
  assert.doesNotMatch(out + err, /s3cret/);
});

test("setup leaves a file alone that it cannot read as what it should be", async () => {
  using dir = new TempDir();
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["claude-desktop", '{ "mcpServers": { ', /not JSON at line 1 column/],
    ["claude-desktop", "{\n // comment\n}", /not JSON at line 2 column 2: InvalidCommentToken/],
    ["cursor", '{"mcpServers": {},}', /not JSON/],
    ["vscode", "servers: none", /not JSON/],
    ["vscode", "[]", /must hold one JSON object/],
    ["claude-code", '{"mcpServers": []}', /"mcpServers" must be an object/],
    ["claude-code", '{"mcpServers": "all"}', /"mcpServers" must be an object/],
  ];
  for (const [client, text, message] of cases) {
    const file = dir.write("mcp.json", text);
    const { code, err } = await runCli(["setup", client, "--write", "--file", file]);
    assert.deepEqual([code, read(file)], [1, text], text);
    assert.match(err, message);
  }
  assert.deepEqual(readdirSync(dir.path), ["mcp.json"], "no copy and no draft is left behind");
});

test("setup takes an empty file, and one with a byte order mark", async () => {
  using dir = new TempDir();
  const empty = dir.write("empty.json", " \n");
  assert.equal((await runCli(["setup", "cursor", "--write", "--file", empty])).code, 0);
  assert.ok(JSON.parse(read(empty)).mcpServers.proxywhirl);
  const marked = dir.write("marked.json", '\uFEFF{ "a": 1 }');
  assert.equal((await runCli(["setup", "cursor", "--write", "--file", marked])).code, 0);
  assert.equal(read(marked).charAt(0), "\uFEFF");
  assert.deepEqual(Object.keys(JSON.parse(read(marked).slice(1))), ["a", "mcpServers"]);
});

test("setup keeps the mode of the file, and a link to it", skipIf(onWindows), async () => {
  using dir = new TempDir();
  mkdirSync(dir.join("real"));
  const file = dir.write("real/mcp.json", "{}");
  chmodSync(file, 0o640);
  const link = dir.join("mcp.json");
  symlinkSync(file, link);
  assert.equal((await runCli(["setup", "cursor", "--write", "--file", link])).code, 0);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.equal(statSync(`${file}.1.bak`).mode & 0o777, 0o640);
  const made = dir.join("new.json");
  await runCli(["setup", "cursor", "--write", "--file", made]);
  assert.equal(statSync(made).mode & 0o777, 0o600);
  symlinkSync(dir.join("nowhere"), dir.join("dangling"));
  const dangling = await runCli(["setup", "cursor", "--write", "--file", dir.join("dangling")]);
  assert.deepEqual([dangling.code, /a link to nothing/.test(dangling.err)], [1, true]);
});

test("setup does not overwrite what another program has just written", async () => {
  using dir = new TempDir();
  const [client] = CLIENTS;
  assert.ok(client !== undefined);
  const path = dir.write("mcp.json", "{}");
  const file = await readClientFile(path, client);
  dir.write("mcp.json", '{"new": 1}');
  await assert.rejects(
    replaceClientFile(file, withEntry(file, client, "a", { command: "x", args: [] })),
    /another program has just changed it/,
  );
  assert.deepEqual([read(path), readdirSync(dir.path)], ['{"new": 1}', ["mcp.json"]]);
});

test("setup --project writes into the folder, where the client has such a file", async () => {
  const none = await runCli(["setup", "claude-desktop", "--project"]);
  assert.deepEqual([none.code, /no configuration of a folder/.test(none.err)], [2, true]);
  const { out } = await runCli(["setup", "vscode", "--project", "--json"]);
  assert.match(JSON.parse(out).file, /[\\/]\.vscode[\\/]mcp\.json$/);
  assert.equal(existsSync(JSON.parse(out).file), false);
});

test("setup hands on the options of the server that were given, with absolute paths", async () => {
  const { out } = await runCli([
    "setup",
    "cursor",
    ...[
      "--db",
      ":memory:",
      "--strategy",
      "least-used",
      "--read-only",
      "--no-care",
      "--region-files",
      "a.mmdb",
    ],
    ...["--name", "my-pool", "--json"],
  ], { env: { HOME: "/nonexistent", PROXYWHIRL_PACING: "5/min" } });
  const { entry, written } = JSON.parse(out);
  const { args } = entry.mcpServers["my-pool"];
  const expected = ["--db", ":memory:", "--strategy", "least-used", "--read-only"];
  assert.deepEqual(args.slice(args.indexOf("--db")), [
    ...expected,
    "--region-files",
    resolve("a.mmdb"),
    "--no-care",
  ]);
  assert.equal(written, false);
});

test("setup says what is wrong with its own options", async () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["setup", "emacs"], /Argument CLIENT is "emacs", allowed: claude-desktop, claude-code, cursor, vscode/],
    [["setup"], /Argument CLIENT is missing/],
    [["setup", "cursor", "--name", "a b"], /Option --name is "a b", allowed:/],
    [["setup", "cursor", "--name", "__proto__"], /Option --name is "__proto__"/],
    [["setup", "cursor", "--file", "x", "--project"], /--file and --project exclude each other/],
    [["setup", "cursor", "--api-key", "s3cret"], /Unknown option --api-key/],
  ];
  for (const [args, message] of cases) {
    const { code, err } = await runCli(args, { env: { HOME: "/nonexistent" } });
    assert.equal(code, 2);
    assert.match(err, message);
  }
  const { code, err } = await runCli(["setup", "cursor"], {});
  assert.deepEqual([code, /HOME is not set; use --file/.test(err)], [1, true]);
});
