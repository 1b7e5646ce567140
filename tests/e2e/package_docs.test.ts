/** What is published tells people to run things as they are: versions, tasks, files, and permissions by name. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import denoConfig from "../../deno.json" with { type: "json" };
import { undocumented } from "../../scripts/check_doc.ts";
import { mcpbManifest } from "../../scripts/mcpb_manifest.ts";
import { repository } from "../../scripts/package_facts.ts";
import { binaryPermissions, serverPermissions } from "../../scripts/permissions.ts";
import { serverJson } from "../../scripts/server_json.ts";
import { VERSION } from "../../src/service/version.ts";
import { repoRoot } from "../support/runtimes.ts";
import { CLIENTS } from "./support/clients.ts";

/** All files under a folder whose names end so, by their path in the repository. */
async function textsIn(folder: string, ending: string): Promise<[string, string][]> {
  const names = (await readdir(join(repoRoot, folder), { recursive: true })).filter((name) =>
    name.endsWith(ending)
  );
  return await Promise.all(names.map(async (name): Promise<[string, string]> => {
    const path = join(folder, name);
    return [path, await readFile(join(repoRoot, path), "utf8")];
  }));
}

const readme = await readFile(join(repoRoot, "README.md"), "utf8");
const docs: [string, string][] = [["README.md", readme], ...await textsIn("docs", ".md")];
const workflows = await textsIn(".github/workflows", ".yml");
const sources = [...await textsIn("src", ".ts"), ...await textsIn("gen", ".ts")];

test("no document, message or package has the program run with all permissions", () => {
  const command = /\bdeno[^\n`"]* (-A|--allow-all)\b/;
  const argument = /"(-A|--allow-all)"/;
  const packages: [string, string][] = [
    ["manifest.json", JSON.stringify(mcpbManifest("server/proxywhirl.mjs"))],
    ["server.json", JSON.stringify(serverJson("0".repeat(64)))],
    ["executable", JSON.stringify(binaryPermissions())],
    ["server", JSON.stringify(serverPermissions("/home/me/pool"))],
  ];
  assert.match('"args": ["run", "-A", "mod.ts"]', argument);
  assert.match("deno run --no-prompt -A mod.ts", command);
  const found = [
    ...[...docs, ...sources].filter(([, text]) => command.test(text)),
    ...[...docs, ...packages].filter(([, text]) => argument.test(text)),
  ];
  assert.deepEqual(found.map(([path]) => path), []);
});

test("the configurations of clients in the documents are JSON, and name what the server may do", () => {
  let count = 0;
  for (const [path, text] of docs) {
    for (const [, json] of text.matchAll(/```json\n(\{ "(?:mcpServers|servers)"[\s\S]*?)```/g)) {
      const { mcpServers, servers = mcpServers } = JSON.parse(json!);
      for (const { command, args = [] } of Object.values<{ command?: string; args?: string[] }>(servers)) {
        if (command !== "deno") continue;
        count += 1;
        assert.ok(args.includes("--no-prompt") && args.some((arg) => arg.startsWith("--allow-read=/")), path);
      }
    }
  }
  assert.ok(count >= 2);
});

test("the documents name this version, and only tasks and files that exist", () => {
  for (const [path, text] of [...docs, ...workflows]) {
    for (const [, version] of text.matchAll(/@proxywhirl\/mcp@(\d[\w.-]*\w)/g)) {
      assert.equal(version, denoConfig.version, path);
    }
    for (const [, task] of text.matchAll(/deno(?:@[\d.]+)? task ([a-z:-]+)/g)) {
      assert.ok(task! in denoConfig.tasks, `${path} names the task ${task}`);
    }
    for (const [, link] of text.matchAll(/\]\(((?!https?:|#)[^)#]+)/g)) {
      assert.ok(existsSync(join(repoRoot, dirname(path), link!)), `${path} links to ${link}`);
    }
    for (const [, file] of text.matchAll(/`((?:scripts|tests|src|\.github|\.ci)\/[\w./]+\.\w+)`/g)) {
      assert.ok(existsSync(join(repoRoot, file!)), `${path} names ${file}`);
    }
  }
});

test("the program, its packages and the changelog are of one version, and name one home", async () => {
  assert.equal(VERSION, denoConfig.version);
  const changelog = await readFile(join(repoRoot, "CHANGELOG.md"), "utf8");
  assert.match(changelog, new RegExp(`^## ${denoConfig.version.replaceAll(".", "\\.")}\\b`, "m"));
  await using connected = await CLIENTS[0]!.connect();
  const { version, websiteUrl } = connected.client.getServerVersion();
  assert.deepEqual({ version, websiteUrl }, { version: denoConfig.version, websiteUrl: repository });
});

test("workflows use actions of one major version, run .ci/run, and publish only what it has passed", () => {
  const text = new Map(workflows.map(([path, text]) => [path.split("/").at(-1), text]));
  assert.deepEqual([...text.keys()].sort(), ["ci.yml", "release.yml"]);
  for (const [path, content] of workflows) {
    const used = [...content.matchAll(/uses: (\S+)/g)].map(([, action]) => action!);
    for (const action of used) assert.match(action, /^[\w-]+\/[\w-]+@v\d+$/, path);
    assert.match(content, /run: \.ci\/run\n/);
    assert.match(content, /\npermissions:\n {2}contents: read\n/);
  }
  assert.match(text.get("release.yml")!, /\n {2}publish:\n {4}needs: test\n/);
});

test("undocumented() finds entry points without description and without example", () => {
  const example = "Does it.\n\n```ts\nf();\n```";
  const nodes = {
    "a.ts": { module_doc: { doc: example } },
    "b.ts": { module_doc: { doc: "Does it.", tags: [{ kind: "example" }] } },
    "c.ts": { module_doc: { doc: "Does it." } },
    "d.ts": {},
  };
  assert.deepEqual(undocumented({ nodes }), [
    "c.ts has no example in its module documentation",
    "d.ts has no module documentation",
  ]);
});
