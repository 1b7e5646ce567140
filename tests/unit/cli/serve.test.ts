import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProxyWhirlService } from "../../../src/service/mod.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { runCli } from "./support.ts";

/** Runs the server with a client that does `work` and goes. */
async function serveOnce(
  args: readonly string[],
  work: (service: ProxyWhirlService) => Promise<void>,
  world: { readonly env?: Record<string, string>; readonly isInteractive?: boolean } = {},
) {
  return await runCli(args, {
    ...world,
    serve: async (service, { onClose }) => {
      await work(service);
      await onClose("input ended");
    },
  });
}

test("the server takes its settings from options and environment", async () => {
  const args = ["--db", ":memory:", "--strategy", "Least_Used", "--read-only", "--cb-failure-threshold", "2"];
  const env = { PROXYWHIRL_MCP_API_KEY: "s3cret", PROXYWHIRL_TIMEOUT: "7" };
  const { code, err } = await serveOnce(args, async (service) => {
    assert.partialDeepStrictEqual(await service.readResource("proxy://config"), {
      rotation_strategy: "LeastUsedStrategy",
      timeout: 7,
      read_only: true,
      circuit_breaker: { failure_threshold: 2 },
    });
    assert.equal(service.requiresKey, true);
    const result = await service.handle({ action: "add", proxy_url: "203.0.113.1:80", api_key: "s3cret" });
    assert.ok(!result.ok && result.error.code === 403);
  }, { env });
  assert.equal(code, 0, err);
  assert.ok(!err.includes("s3cret"));
});

test("the server keeps what was added and learned over a restart", async () => {
  using dir = new TempDir();
  const args = ["--db", dir.join("pool.db"), "--log-level", "warning"];
  let id = "";
  const first = await serveOnce(args, async (service) => {
    const added = await service.handle({
      action: "add",
      proxy_url: "bob:hunter2@203.0.113.1:80",
      region: "US",
    });
    assert.ok(added.ok);
    id = (added.value as { proxy: { id: string } }).proxy.id;
    for (let i = 0; i < 5; i++) {
      await service.handle({ action: "report", proxy_id: id, target: "a.example", outcome: "dead" });
    }
  });
  assert.deepEqual([first.code, first.err], [0, ""]);
  await serveOnce(args, async (service) => {
    const status = await service.handle({ action: "status", proxy_id: id });
    assert.partialDeepStrictEqual(status, {
      ok: true,
      value: {
        status: "dead",
        region: "US",
        metrics: { failed_requests: 5 },
        health: { circuit_breaker: "open" },
      },
    });
    assert.partialDeepStrictEqual(await service.readResource("proxy://config"), { persistent: true });
  });
});

test("the server works in memory, and says so, when the database cannot be used", async () => {
  using dir = new TempDir();
  const db = dir.write("notes.txt", "these are my notes, and no database");
  const { code, err } = await serveOnce(["--db", db], async (service) => {
    assert.partialDeepStrictEqual(await service.readResource("proxy://config"), { persistent: false });
    assert.ok((await service.handle({ action: "add", proxy_url: "203.0.113.1:80" })).ok);
  });
  assert.equal(code, 0);
  assert.match(err, /"level":"WARNING"/);
  assert.match(err, /notes\.txt/);
});

test("the server logs JSON lines to stderr and nothing to stdout", async () => {
  using dir = new TempDir();
  const { out, err } = await serveOnce(["--db", dir.join("absent.db")], async (service) => {
    await service.handle({ action: "health" });
  });
  assert.equal(out, "");
  const lines = err.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ level }) => level), ["INFO", "INFO", "INFO", "INFO"]);
  assert.match(lines[1].message, /^No database at .*absent\.db, starting with empty pool$/);
});

test("the server tells a person at a terminal what it is and how to connect a client", async () => {
  const work = () => Promise.resolve();
  const { err } = await serveOnce(["--db", ":memory:", "--log-level", "error"], work, {
    isInteractive: true,
  });
  assert.match(err, /is an MCP server: it waits here for an MCP client/);
  const json = /^\{$[\s\S]*?^\}$/m.exec(err)?.[0] ?? "";
  const { command, args } = JSON.parse(json).mcpServers.proxywhirl;
  assert.equal(typeof command, "string");
  assert.deepEqual(args.slice(-2), ["--db", ":memory:"]);
  const silent = await serveOnce(["--db", ":memory:", "--log-level", "error"], work);
  assert.equal(silent.err, "");
});
