/** How fast the server is there, and how fast it answers, as a client sees it: in a process of its own, over stdio. */

import { bundle as makeBundle } from "../../scripts/bundle.ts";
import { Child, run } from "../support/child.ts";
import { repoRoot } from "../support/runtimes.ts";
import { TempDir } from "../support/temp_dir.ts";
import type { BenchRow } from "./bench_row.ts";
import { median, medianMs } from "./measure.ts";
import { proxyUrl } from "./proxies.ts";

const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
};
const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };

/** Spawn to the answer to `initialize`; sources and bundle, an empty pool and 10 000 proxies on disk. */
export async function start(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const programs = { bundle: await bundled(dir), sources: `${repoRoot}mod.ts` };
  const pools = { "empty pool": dir.join("empty.db"), "10 000 proxies": await poolOf(10_000, dir) };
  const empty = dir.write("empty.mjs", 'process.stdout.write("\\n")');
  const floor = await medianMs(() => run(Deno.execPath(), ["run", "-A", empty]), { rounds: 11, warmups: 2 });
  const rows: BenchRow[] = [{
    name: "an empty program, start to end",
    value: floor,
    unit: "ms",
    note: "the floor",
  }];
  for (const [form, program] of Object.entries(programs)) {
    for (const [size, db] of Object.entries(pools)) {
      const value = await medianStartMs(program, db);
      const budget = size === "empty pool" ? 100 : 200;
      rows.push({
        name: `start to initialize, ${form}, ${size}`,
        value,
        unit: "ms",
        ...(form === "bundle" ? { budget } : {}),
      });
    }
  }
  return rows;
}

/** One `rotate` after the other over stdio. */
export async function rotate(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const db = await poolOf(1000, dir);
  await using server = startServer(await bundled(dir), db);
  await server.nextLine();
  server.writeLine(JSON.stringify(initialized));
  const durations: number[] = [];
  for (let id = 1; id <= 4000; id++) {
    const line = JSON.stringify({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "proxywhirl", arguments: { action: "rotate" } },
    });
    const before = performance.now();
    server.writeLine(line);
    const answer = await server.nextLine();
    durations.push((performance.now() - before) * 1000);
    if (id === 1 && !answer.includes("lease_id")) {
      throw new Error(`No lease in the answer to rotate: ${answer}`);
    }
  }
  // The first half warms both processes up.
  const value = median(durations.slice(2000));
  return [{ name: "rotate over stdio, median, n = 1000", value, unit: "µs", budget: 150 }];
}

/** Size of the program as one file. */
export async function bundle(): Promise<readonly BenchRow[]> {
  using dir = new TempDir();
  const { bytes } = await makeBundle(dir.join("proxywhirl.mjs"));
  return [{ name: "bundle", value: bytes / 1024, unit: "KiB" }];
}

async function bundled(dir: TempDir): Promise<string> {
  return (await makeBundle(dir.join("proxywhirl.mjs"))).path;
}

async function poolOf(size: number, dir: TempDir): Promise<string> {
  const db = dir.join(`${size}.db`);
  const lines = Array.from({ length: size }, (_, i) => `${proxyUrl(i)}\n`);
  const list = dir.write(`${size}.txt`, lines.join(""));
  const { code, stderr } = await run(Deno.execPath(), [
    "run",
    "-A",
    `${repoRoot}mod.ts`,
    "import",
    list,
    "--db",
    db,
  ]);
  if (code !== 0) throw new Error(`Cannot import ${size} proxies: ${stderr}`);
  return db;
}

function startServer(program: string, db: string): Child {
  const server = new Child(Deno.execPath(), ["run", "-A", "--no-prompt", program, "--db", db]);
  server.writeLine(JSON.stringify(initialize));
  return server;
}

async function medianStartMs(program: string, db: string): Promise<number> {
  const durations: number[] = [];
  for (let i = -2; i < 11; i++) {
    const before = performance.now();
    await using server = startServer(program, db);
    const answer = await server.nextLine();
    if (i >= 0) durations.push(performance.now() - before);
    if (!answer.includes("serverInfo")) throw new Error(`Unexpected answer to initialize: ${answer}`);
    server.endInput();
    await server.exited; // its end takes no time from the next one
  }
  return median(durations);
}
