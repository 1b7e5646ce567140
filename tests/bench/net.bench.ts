/** Requests through many loopback proxies, next to `undici` doing the same. */

import process from "node:process";
import { fetch as undiciFetch, ProxyAgent } from "undici";
import { ProxyRotator } from "../../src/core/mod.ts";
import { ProxyClient } from "../../src/net/client.ts";
import { parseProxyUrl } from "../../src/core/mod.ts";
import { requestThrough } from "../../src/net/http_request.ts";
import { TlsLayer } from "../../src/net/tls_layer.ts";
import { Child } from "../support/child.ts";
import type { FarmAddresses } from "../support/faulty_proxy_farm.ts";
import { findRuntime, repoRoot } from "../support/runtimes.ts";
import type { BenchRow } from "./bench_row.ts";
import { median } from "./measure.ts";

const PROXIES = 150;
const WIDTH = 32;
const REQUESTS = 3_000;
const ROUNDS = 3;

type Go = (i: number) => Promise<unknown>;

interface Contestant {
  readonly name: string;
  readonly go: Go;
  readonly budget?: number;
}

/** 3 000 requests a second through 150 proxies, 32 at a time. */
export async function requestsThroughManyProxies(): Promise<readonly BenchRow[]> {
  await using farm = startFarm();
  const addresses: FarmAddresses = JSON.parse(await farm.nextLine());
  const { http, https, ca, ports } = addresses;
  const rows: BenchRow[] = [];
  for (const [scheme, root] of [["http", http], ["https", https]] as const) {
    const rotator = new ProxyRotator();
    for (const port of ports) rotator.addProxy(`http://127.0.0.1:${port}`);
    const client = new ProxyClient(rotator, { allowPrivateTargets: true, ca });
    const agents = ports.map((port) =>
      new ProxyAgent({ uri: `http://127.0.0.1:${port}`, requestTls: { ca }, connections: 10 })
    );
    const contestants: readonly Contestant[] = [
      {
        name: `${scheme} through ${PROXIES} proxies, ${WIDTH} at a time`,
        budget: 3_000,
        go: async () => await (await client.fetch(`${root}/ok`)).text(),
      },
      {
        name: `the same with undici's fetch and ProxyAgent`,
        go: async (i) => {
          const dispatcher = agents[i % agents.length];
          const response = await undiciFetch(`${root}/ok`, dispatcher === undefined ? {} : { dispatcher });
          return await response.text();
        },
      },
    ];
    rows.push(...await race(contestants));
    client.close();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }
  return rows;
}

/** One-shot requests, each on a connection of its own: what checking proxies costs. */
export async function oneShotRequests(): Promise<readonly BenchRow[]> {
  await using farm = startFarm();
  const { http, ca, ports }: FarmAddresses = JSON.parse(await farm.nextLine());
  const options = { allowPrivate: true, tls: new TlsLayer({ ca }) };
  const contestants: Contestant[] = [];
  for (const protocol of ["http", "socks5h"]) {
    const proxies = ports.map((port) => parseProxyUrl(`${protocol}://127.0.0.1:${port}`));
    contestants.push({
      name: `one-shot requests through ${protocol} proxies, 100 at a time`,
      budget: 1_500,
      go: async (i) => {
        const proxy = proxies[i % proxies.length];
        if (proxy !== undefined) await requestThrough(proxy, `${http}/ok`, options);
      },
    });
  }
  return await race(contestants, 100);
}

/** Lets contestants run in turn, several times; the median counts. */
async function race(contestants: readonly Contestant[], width: number = WIDTH): Promise<readonly BenchRow[]> {
  const rates = contestants.map(() => [] as number[]);
  for (const { go } of contestants) await runAll(500, width, go);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { go }] of contestants.entries()) {
      const cpu = process.cpuUsage();
      const start = performance.now();
      await runAll(REQUESTS, width, go);
      rates[index]?.push(REQUESTS * 1000 / (performance.now() - start));
      const { system, user } = process.cpuUsage(cpu);
      cpuOf.set(contestants[index]?.name ?? "", Math.round((system + user) / REQUESTS));
    }
  }
  return contestants.map(({ budget, name }, index) => ({
    name,
    value: median(rates[index] ?? []),
    unit: "/s",
    note: `${cpuOf.get(name)} µs CPU each`,
    ...(budget === undefined ? {} : { budget }),
  }));
}

const cpuOf = new Map<string, number>();

async function runAll(count: number, width: number, go: Go): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    for (let i = next++; i < count; i = next++) await go(i);
  }));
}

/** On Bun or Node, whichever is there: they are quicker as servers, so that the client is what is measured. */
function startFarm(): Child {
  const runtime = findRuntime("bun") ?? findRuntime("node") ?? findRuntime("deno");
  if (runtime === undefined) throw new Error("No runtime was found for the proxies");
  const script = `${repoRoot}/tests/support/faulty_proxy_farm.ts`;
  return new Child(runtime.command, runtime.args(script, String(PROXIES)));
}
