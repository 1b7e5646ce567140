/**
 * The main promise: from a cold start, with a fifth of the pool dead and a third of it refused by the site, nearly every
 * request gets through, within its budget of attempts. Nothing is simulated: 200 proxies, a site that refuses by
 * address, real connections.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { DEFAULT_SETTINGS } from "../../gen/settings.ts";
import { ProxyRotator } from "../../src/core/mod.ts";
import { ProxyClient } from "../../src/net/client.ts";
import { clientOptionsFrom } from "../../src/net/client_options.ts";
import type { ProxiedResponse } from "../../src/net/proxied_response.ts";
import { type Fault, FaultyProxy } from "../support/faulty_proxy.ts";
import { Site } from "../support/site.ts";

const POOL = 200;
const DEAD: readonly (Fault | "nobody listens")[] = [
  "nobody listens",
  "close",
  "auth",
  "bad_gateway",
  "reset",
  "hang",
];
const PROTOCOLS = ["http", "socks5h", "socks4a", "socks5"];

let site: Site;
const proxies: FaultyProxy[] = [];

before(async () => {
  site = await Site.start();
  for (let i = 0; i < POOL; i++) {
    const exit = `127.1.0.${i + 1}`;
    // Of every 20: 4 dead, 7 refused, 9 good, in an order that is the same each time.
    const kind = (i * 7) % 20;
    const fault = kind < 4 ? DEAD[i % DEAD.length] ?? "close" : "none";
    const proxy = await FaultyProxy.start({ exit, fault: fault === "nobody listens" ? "none" : fault });
    if (fault === "nobody listens") await proxy.stop();
    proxies.push(proxy);
  }
  const refused = new Set(proxies.flatMap((_, i) => ((i * 7) % 20) >= 13 ? [`127.1.0.${i + 1}`] : []));
  site.refuse = (exit) => refused.has(exit) ? 403 : undefined;
});
after(async () => {
  await Promise.all(proxies.map((proxy) => proxy[Symbol.asyncDispose]()));
  await site[Symbol.asyncDispose]();
});

interface Tally {
  readonly isFine: boolean;
  readonly attempts: number;
}

/** Runs `count` requests, `width` at a time; the answers in the order of starting. */
async function runAll(count: number, width: number, one: (i: number) => Promise<Tally>): Promise<Tally[]> {
  const tallies: Tally[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    for (let i = next++; i < count; i = next++) tallies[i] = await one(i);
  }));
  return tallies;
}

async function tally(response: Promise<ProxiedResponse>): Promise<Tally> {
  try {
    const answer = await response;
    await answer.text();
    return { isFine: answer.status === 200, attempts: answer.attempts.length };
  } catch (error) {
    const { attempts = [] } = error as { readonly attempts?: readonly unknown[] };
    return { isFine: false, attempts: attempts.length };
  }
}

function share(tallies: readonly Tally[]): number {
  return tallies.filter(({ isFine }) => isFine).length / tallies.length;
}

function mean(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { attempts }) => sum + attempts, 0) / tallies.length;
}

for (const [strategy, mostAttempts] of [["adaptive", 1.2], ["round-robin", 2]] as const) {
  describe(`A pool of ${POOL}, a fifth dead and a third refused, with ${strategy}`, () => {
    function start(): ProxyClient {
      const rotator = new ProxyRotator({ strategy });
      proxies.forEach((proxy, i) => rotator.addProxy(proxy.url(PROTOCOLS[i % PROTOCOLS.length] ?? "http")));
      // The defaults, but for the patience with proxies that hang: a test has no ten seconds.
      const timeouts = { handshakeMs: 500, firstByteMs: 2_000 };
      const options = clientOptionsFrom(DEFAULT_SETTINGS);
      return new ProxyClient(rotator, { ...options, allowPrivateTargets: true, ca: site.ca, timeouts });
    }

    test("serves 1 000 GETs, ten at a time, from a cold start", async () => {
      const client = start();
      const tallies = await runAll(1_000, 10, (i) => tally(client.fetch(`${site.https}/ok?i=${i}`)));
      client.close();
      const later = tallies.slice(100);
      const figures = `${share(tallies)} fine, later ${share(later)}, attempts ${mean(tallies)}, later ${
        mean(later)
      }`;
      assert.ok(share(tallies) >= 0.99, figures);
      assert.ok(share(later) >= 0.999, figures);
      assert.ok(mean(later) <= mostAttempts, figures);
      const budget = 2 * DEFAULT_SETTINGS.retryPolicy.maxAttempts - 1;
      assert.ok(tallies.every(({ attempts }) => attempts <= budget), figures);
    });

    test("sends no POST twice", async () => {
      const client = start();
      site.requests.length = 0;
      const tallies = await runAll(
        300,
        10,
        (i) =>
          tally(
            client.fetch(`${site.http}/echo?post=${i}`, { method: "POST", body: "x", tunnel: i % 2 === 0 }),
          ),
      );
      client.close();
      const seen = site.requests.map(({ url }) => url);
      assert.equal(new Set(seen).size, seen.length);
      assert.ok(share(tallies) > 0.5);
    });
  });
}
