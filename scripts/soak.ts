/**
 * Runs the client at full load against proxies that fail in every way, and checks that all it took is given back:
 * sockets, memory, timers.
 *
 * `deno run -A scripts/soak.ts [--seconds 600] [--runtime deno|node|bun]` (all that are installed by default). Each
 * runtime runs in a process of its own, which must end by itself: a timer or socket left behind would keep it alive.
 *
 * @module
 */

import { readdirSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ProxyRotator } from "../src/core/mod.ts";
import { ProxyClient } from "../src/net/client.ts";
import { Child } from "../tests/support/child.ts";
import type { FarmAddresses } from "../tests/support/faulty_proxy_farm.ts";
import { findRuntime, type Runtime, type RuntimeName } from "../tests/support/runtimes.ts";

const WIDTH = 64;
const PROXIES = 60;
const FAULTS = [
  ...Array.from({ length: 12 }, () => "none"),
  ...["hang", "close", "reset", "auth", "bad_gateway", "garbage", "huge_header", "drip", "stall", "truncate"],
  ...["reset_after_request", "intercept"],
];
/** What may be open or held more at the end than at the start. */
const SPARE_FILES = 3;
const SPARE_MB = 24;

interface Figures {
  readonly files: number;
  readonly heapMb: number;
  readonly rssMb: number;
}

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    runtime: { type: "string" },
    worker: { type: "string" },
  },
});
const seconds = Number(values.seconds);

if (values.worker !== undefined) await work(JSON.parse(values.worker));
else process.exitCode = await supervise();

/** Runs one worker on each runtime; answers the exit code. */
async function supervise(): Promise<number> {
  const names: readonly RuntimeName[] = ["deno", "node", "bun"];
  const runtimes = names.filter((name) => values.runtime === undefined || values.runtime === name)
    .map(findRuntime).filter((runtime) => runtime !== undefined);
  let passed = 0;
  for (const runtime of runtimes) if (await soak(runtime)) passed++;
  console.log(`${passed} passed, ${runtimes.length - passed} failed`);
  return passed === runtimes.length && passed > 0 ? 0 : 1;
}

async function soak(runtime: Runtime): Promise<boolean> {
  const farmRuntime = findRuntime("bun") ?? runtime;
  const farmScript = fileURLToPath(new URL("../tests/support/faulty_proxy_farm.ts", import.meta.url));
  await using farm = new Child(farmRuntime.command, farmRuntime.args(farmScript, String(PROXIES), ...FAULTS));
  const addresses = await farm.nextLine();
  const flags = { deno: ["--v8-flags=--expose-gc"], node: ["--expose-gc"], bun: [] }[runtime.name];
  const [first = "", ...rest] = runtime.args(fileURLToPath(import.meta.url));
  const script = rest.length === 0 ? [...flags, first] : [first, ...flags, ...rest];
  await using worker = new Child(runtime.command, [
    ...script,
    "--seconds",
    String(seconds),
    "--worker",
    addresses,
  ]);
  const exitTimer = setTimeout(() => worker.kill("SIGKILL"), (seconds + 60) * 1000);
  const { code } = await worker.exited;
  clearTimeout(exitTimer);
  process.stdout.write(worker.stdout);
  if (code !== 0) process.stderr.write(worker.stderr.slice(-4_000));
  return code === 0;
}

/** The load itself; the exit code says whether everything was given back. */
async function work({ ca, http, https, ports }: FarmAddresses): Promise<void> {
  const started = performance.now();
  const warmUpMs = Math.min(seconds * 1000 / 4, 30_000);
  await run(warmUpMs);
  const before = await measure();
  const { failed, fine } = await run(seconds * 1000 - warmUpMs);
  const after = await measure();
  const took = Math.round((performance.now() - started) / 1000);
  const shown = ({ files, heapMb, rssMb }: Figures) =>
    `${files} files, ${heapMb} MB heap, ${rssMb} MB resident`;
  const isBack = after.files <= before.files + SPARE_FILES && after.heapMb <= before.heapMb + SPARE_MB;
  const runtime = process.versions["deno"] !== undefined
    ? "deno"
    : process.versions["bun"] !== undefined
    ? "bun"
    : "node";
  console.log(
    `${runtime}: ${fine} answers, ${failed} failures in ${took} s; ${isBack ? "all given back" : "LEAKS"}`,
  );
  console.log(`  before ${shown(before)}\n  after  ${shown(after)}`);
  process.exitCode = isBack && fine > 0 ? 0 : 1;
  // Nothing must keep the process alive now; the supervisor ends it when something does.

  async function run(ms: number): Promise<{ readonly fine: number; readonly failed: number }> {
    const rotator = new ProxyRotator({
      strategy: "random",
      circuitBreaker: { timeoutDurationMs: 500 },
      ejectionBaseMs: 500,
    });
    const protocols = ["http", "socks5h", "socks4a"];
    ports.forEach((port, i) => rotator.addProxy(`${protocols[i % 3]}://127.0.0.1:${port}`));
    const timeouts = { handshakeMs: 300, tlsMs: 300, firstByteMs: 300, bodyIdleMs: 300, unreadMs: 1_000 };
    const client = new ProxyClient(rotator, { allowPrivateTargets: true, ca, timeouts, timeoutMs: 2_000 });
    const end = performance.now() + ms;
    const counts = { fine: 0, failed: 0 };
    await Promise.all(Array.from({ length: WIDTH }, async (_, lane) => {
      for (let i = lane; performance.now() < end; i++) {
        try {
          await one(client, i);
          counts.fine++;
        } catch {
          counts.failed++;
        }
      }
    }));
    client.close();
    for (const proxy of rotator.proxies()) {
      if (proxy.inFlight !== 0) {
        throw new Error(`${proxy.inFlight} leases of ${proxy.publicUrl} were never ended`);
      }
    }
    return counts;
  }

  async function one(client: ProxyClient, i: number): Promise<void> {
    const root = i % 3 === 0 ? http : https;
    const paths = [
      "/ok",
      "/html",
      "/large?bytes=300000",
      "/compressed?coding=br",
      "/redirect",
      "/cut",
      "/chunked?count=9",
    ];
    const url = root + paths[i % paths.length];
    switch (i % 11) {
      case 0:
        await (await client.fetch(`${root}/echo`, { method: "POST", body: "x".repeat(5_000) })).json();
        return;
      case 1: {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), i % 29);
        await (await client.fetch(url, { signal: controller.signal })).text();
        return;
      }
      case 2: {
        const response = await client.fetch(`${root}/large?bytes=5000000`);
        const reader = response.body?.getReader();
        await reader?.read();
        await reader?.cancel();
        return;
      }
      case 3:
        await (await client.fetch(url, { hedgeAfterMs: 20 })).text();
        return;
      case 4:
        await client.fetch(url); // and nobody reads it
        return;
      default:
        await (await client.fetch(url)).text();
    }
  }
}

async function measure(): Promise<Figures> {
  // Connections that were just destroyed close in the turns that follow; unread bodies after their second.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  for (let i = 0; i < 5; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, rss } = process.memoryUsage();
  const mb = (bytes: number) => Math.round(bytes / 1e5) / 10;
  return { files: openFiles(), heapMb: mb(heapUsed), rssMb: mb(rss) };
}

function collect(): void {
  const { Bun, gc } = globalThis as {
    readonly gc?: () => void;
    readonly Bun?: { gc(isSync: boolean): void };
  };
  if (Bun !== undefined) Bun.gc(true);
  else gc?.();
}

/** Files and sockets that are open; only Linux tells. */
function openFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}
