/**
 * The main job in a few seconds, offline: a list is imported, the real server is started as a child process, and
 * the official MCP client works with the pool. The addresses are from the ranges set aside for documentation, and
 * nothing is dialled: what "happens" to the requests is made up here and reported.
 */
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import type { ActionErrorBody, ActionName, ActionOutputs } from "../gen/models.ts";

const PROGRAM = fileURLToPath(new URL("../mod.ts", import.meta.url));
const LIST = fileURLToPath(new URL("demo_list.txt", import.meta.url));
const SITE = "https://shop.example/";

const folder = mkdtempSync(join(tmpdir(), "proxywhirl-demo-"));
const db = join(folder, "pool.db");

try {
  importList();
  const before = await withClient(firstVisit);
  await withClient((client) => secondVisit(client, before));
  say(`\nDone in ${(performance.now() / 1000).toFixed(1)} s. The database was temporary and is gone.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Fills the database through the command line, one region of the list at a time. */
function importList(): void {
  title("A list is imported", "proxywhirl import - --region US --db pool.db");
  const parts = readFileSync(LIST, "utf8").split(/^# region: (\w\w)$/m);
  for (let i = 1; i < parts.length; i += 2) {
    const region = parts[i] ?? "";
    // Blank lines for what stands before, so that the line numbers are those of the file.
    const lines = parts.slice(0, i).join("").replace(/[^\n]+/g, "") + (parts[i + 1] ?? "");
    const args = ["import", "-", "--region", region, "--db", db];
    const { status, stdout, stderr } = spawnSync(process.execPath, programArgs(args), {
      input: lines,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`import ended with ${status}: ${stderr}`);
    say(`${styleText("bold", region)} ${stdout.replace(/^The pool in .* has/m, "The pool has").trimEnd()}`);
  }
}

/** Looks around, learns, breaks a proxy and mends it. */
async function firstVisit(client: Client): Promise<ActionOutputs["status"]> {
  title("The server starts, and a client connects", "proxywhirl --db pool.db");
  const { tools } = await client.listTools();
  say(`${client.getServerVersion()?.title} ${client.getServerVersion()?.version}: tools ${names(tools)}`);

  const { proxies, total } = await call(client, "list", { limit: 4 });
  for (const proxy of proxies) say(`  ${proxy.url.padEnd(28)} ${proxy.region}  ${proxy.status}`);
  say(`  … ${total} in all. No user name or password is ever shown.`);

  await someTraffic(client);

  const health = await call(client, "health");
  say(
    `  ${health.pool_status}: ${health.healthy_proxies} healthy, ${health.degraded_proxies} degraded, ` +
      `${health.failed_proxies} failed, ${health.unknown_proxies} not tried yet`,
  );
  say(
    `  success ${percent(health.average_success_rate)}, latency ${health.average_latency_ms} ms on average`,
  );

  const { recommendation } = await call(client, "recommend", {
    criteria: { region: "US", performance: "high" },
  });
  say(`  ${recommendation.url}, score ${recommendation.score}: ${recommendation.reason}`);
  for (const other of recommendation.alternatives) {
    say(`  or ${other.url}, score ${other.score}: ${other.reason}`);
  }

  for (let turn = 1; turn <= 3; turn++) {
    const { proxy } = await call(client, "rotate", {}, { isQuiet: turn > 1 });
    say(`  ${turn}. ${proxy.url} (${proxy.region}, ${proxy.status})`);
  }
  return await breakAndMend(client, recommendation.id);
}

/** Every request is reported; that is how the pool learns. */
async function someTraffic(client: Client): Promise<void> {
  const requests = 90;
  title(`${requests} requests, each reported`, '{"action":"rotate"} {"action":"report","lease_id":"…",…}');
  const counts = { ok: 0, dead: 0 };
  for (let i = 0; i < requests; i++) {
    const { lease_id } = await call(client, "rotate", { criteria: { target: SITE } }, { isQuiet: true });
    const outcome = i % 7 === 3 ? "dead" : "ok";
    counts[outcome]++;
    const latency_ms = 60 + (i * 37) % 400;
    await call(client, "report", { lease_id, outcome, latency_ms }, { isQuiet: true });
  }
  say(`  ${counts.ok} ok, ${counts.dead} dead`);
}

/** Reports failures until the circuit breaker opens, and closes it by hand. */
async function breakAndMend(client: Client, proxy_id: string): Promise<ActionOutputs["status"]> {
  title("Its best proxy breaks", '{"action":"report","proxy_id":"…","target":"…","outcome":"dead"}');
  let status: ActionOutputs["status"];
  let failures = 0;
  do {
    await call(client, "report", { proxy_id, target: SITE, outcome: "dead" }, { isQuiet: true });
    status = await call(client, "status", { proxy_id }, { isQuiet: true });
    say(`  failure ${++failures}: ${status.status}, circuit breaker ${status.health.circuit_breaker}`);
  } while (status.health.circuit_breaker !== "open" && failures < 10);

  const { recommendation } = await call(client, "recommend", {
    criteria: { region: "US", performance: "high" },
  });
  say(`  ${recommendation.url} now: one with an open breaker is never recommended, nor chosen`);

  const reset = await call(client, "reset_cb", { proxy_id });
  say(`  ${reset.previous_state} → ${reset.new_state}: ${reset.message}`);

  status = await call(client, "status", { proxy_id });
  show(status);
  return status;
}

/** A new process on the same database. */
async function secondVisit(client: Client, before: ActionOutputs["status"]): Promise<void> {
  title("The server was stopped and started again", "proxywhirl --db pool.db");
  const after = await call(client, "status", { proxy_id: before.proxy_id });
  show(after);
  const isSame = JSON.stringify(after.metrics) === JSON.stringify(before.metrics);
  if (!isSame) throw new Error(`The pool forgot: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
  const { total } = await call(client, "list", { limit: 1 });
  say(`  ${total} proxies, same ids, same counters: nothing was lost`);
}

/** Starts the server, connects the official client, and ends both. */
async function withClient<T>(visit: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ name: "proxywhirl-demo", version: "1" });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: programArgs(["--db", db, "--log-level", "warning"]),
    stderr: "inherit",
  });
  await client.connect(transport);
  try {
    return await visit(client);
  } finally {
    await client.close();
  }
}

/** Calls one action of the tool, and shows the call unless told not to. */
async function call<Name extends ActionName>(
  client: Client,
  action: Name,
  input: Readonly<Record<string, unknown>> = {},
  options: { readonly isQuiet?: boolean } = {},
): Promise<ActionOutputs[Name]> {
  if (!options.isQuiet) title(action, JSON.stringify({ action, ...input }));
  const result = await client.callTool({ name: "proxywhirl", arguments: { action, ...input } });
  if (result.isError) throw new Error(`${action}: ${(result.structuredContent as ActionErrorBody).error}`);
  return result.structuredContent as ActionOutputs[Name];
}

function programArgs(args: readonly string[]): string[] {
  return ["run", "-A", "--cached-only", PROGRAM, ...args];
}

function show({ url, status, metrics, health }: ActionOutputs["status"]): void {
  say(`  ${url}: ${status}, circuit breaker ${health.circuit_breaker}`);
  say(
    `  ${metrics.successful_requests} of ${metrics.total_requests} requests ok (${
      percent(metrics.success_rate)
    }), ` +
      `${metrics.avg_latency_ms} ms, ${health.consecutive_failures} failures in a row`,
  );
}

function title(text: string, detail: string): void {
  say(`\n${styleText("bold", text)}  ${styleText("dim", detail)}`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function names(items: readonly { readonly name: string }[]): string {
  return items.map(({ name }) => name).join(", ");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
