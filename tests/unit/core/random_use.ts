/** Uses a rotator at random: whatever a program might do with it, in any order. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { NoProxyAvailableError } from "../../../src/core/errors.ts";
import type { Lease, Outcome } from "../../../src/core/lease.ts";
import type { ProxyRotator } from "../../../src/core/rotator.ts";
import type { AcquireOptions, ProxyRotatorOptions } from "../../../src/core/rotator_options.ts";
import type { ProxyMetadata, Verdict } from "../../../src/core/types.ts";
import { bench, type FakeClock } from "./support.ts";

/** How many different proxies there can be. */
export const PROXIES = 12;

/** One thing that a program does. Proxies are named by number, leases by their place among the open ones. */
export type Use =
  | { readonly do: "add"; readonly proxy: number; readonly metadata: ProxyMetadata }
  | { readonly do: "acquire"; readonly ask: Ask }
  | { readonly do: "end"; readonly lease: number; readonly outcome: Outcome }
  | { readonly do: "wait"; readonly ms: number }
  | UseOfOne;

type UseOfOne =
  | { readonly do: "describe"; readonly proxy: number; readonly metadata: ProxyMetadata }
  | { readonly do: "remove"; readonly proxy: number }
  | { readonly do: "resetCircuit"; readonly proxy: number }
  | { readonly do: "restore"; readonly proxy: number }
  | {
    readonly do: "report";
    readonly proxy: number;
    readonly target: string | undefined;
    readonly outcome: Outcome;
  };

/** What is asked for; `exclude` holds numbers of proxies. */
export interface Ask extends Omit<AcquireOptions, "exclude"> {
  readonly exclude?: readonly number[];
}

const REGIONS = ["DE", "US", "FR"];
const TAGS = ["a", "b"];
const TARGETS = ["x.example", "y.example", "z.example"];

const proxy = fc.nat(PROXIES - 1);
const metadata: fc.Arbitrary<ProxyMetadata> = fc.record({
  region: fc.constantFrom(...REGIONS, null),
  city: fc.constantFrom("Berlin", "Boston", null),
  asn: fc.constantFrom(1, 2, null),
  tags: fc.subarray(TAGS),
  weight: fc.constantFrom(0.5, 1, 10, null),
  cost: fc.constantFrom(0, 1, 2, null),
}, { requiredKeys: [] });

const verdict = fc.constantFrom<Verdict>("ok", "ok", "blocked", "dead", "dead", "target_error", "aborted");
const outcome: fc.Arbitrary<Outcome> = fc.record({
  verdict,
  latencyMs: fc.double({ min: 0, max: 20_000, noNaN: true }),
  retryAfterMs: fc.constantFrom(1000, 60_000),
}, { requiredKeys: ["verdict"] }).map(({ retryAfterMs, ...rest }) =>
  // Rarely, since it holds everything back.
  retryAfterMs === 1000 ? { ...rest, retryAfterMs } : rest
);

/** What may be asked for: few criteria, so that some proxies meet them. */
export const ask: fc.Arbitrary<Ask> = fc.record({
  region: fc.constantFrom(...REGIONS, "de"),
  protocol: fc.constantFrom("http" as const, "socks5" as const),
  tag: fc.constantFrom(...TAGS, "missing"),
  target: fc.constantFrom(...TARGETS),
  session: fc.constantFrom("s", "t"),
  renew: fc.boolean(),
  exclusive: fc.boolean(),
  exclude: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]),
  ttlMs: fc.constantFrom(1000, 60_000),
}, { requiredKeys: [] }).map(({ region, protocol, tag, ...rest }) => ({
  ...rest,
  ...(region === "DE" && { region }),
  ...(protocol === "socks5" && { protocol }),
  ...(tag === "a" && { tag }),
}));

const use: fc.Arbitrary<Use> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), proxy, metadata }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("describe" as const), proxy, metadata }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), proxy }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("resetCircuit" as const), proxy }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restore" as const), proxy }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("acquire" as const), ask }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("end" as const), lease: fc.nat(4), outcome }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("report" as const),
      proxy,
      target: fc.constantFrom(...TARGETS, undefined),
      outcome,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.oneof(fc.nat(5000), fc.nat(100_000), fc.nat(5_000_000)),
    }),
  },
);

/** A program's life. It starts with a few proxies. */
export const uses: fc.Arbitrary<readonly Use[]> = fc.array(use, { maxLength: 80, size: "max" }).map((
  rest,
) => [
  ...Array.from({ length: 5 }, (_, index): Use => ({
    do: "add",
    proxy: index,
    metadata: index % 2 === 0 ? { region: "DE", tags: ["a"] } : {},
  })),
  ...rest,
]);

/** Settings that are worth trying together with {@linkcode uses}. */
export const settings: fc.Arbitrary<ProxyRotatorOptions> = fc.record({
  pacing: fc.constantFrom("1/s", { rate: "6/min", burst: 2 }),
  targets: fc.constantFrom({ maxTargets: 2 }, { maxPairs: 3 }, { maxTargets: 1, maxPairs: 2 }),
}, { requiredKeys: [] });

/** A rotator in use. */
export class Program {
  readonly rotator: ProxyRotator;
  readonly clock: FakeClock;
  /** Leases that were handed out and not ended by the program; some may have expired. */
  readonly leases: Lease[] = [];

  /** @param options Of the rotator */
  constructor(options: ProxyRotatorOptions) {
    const made = bench(options);
    this.rotator = made.rotator;
    this.clock = made.clock;
  }

  /** Does one thing. A lease, or the error that none could be had, is the answer to `acquire`. */
  apply(use: Use): Lease | NoProxyAvailableError | undefined {
    const { rotator } = this;
    if (use.do === "wait") this.clock.advance(use.ms);
    else if (use.do === "acquire") return this.#acquire(use.ask);
    else if (use.do === "end") this.leases.splice(use.lease, 1)[0]?.report(use.outcome);
    else if (use.do === "add") rotator.addProxy(urlOfProxy(use.proxy), use.metadata);
    else this.#applyTo(use);
    return undefined;
  }

  /** The id of a proxy by its number, if it is in the pool. */
  idOf(proxy: number): string | undefined {
    return this.rotator.findByUrl(urlOfProxy(proxy))?.id;
  }

  /** What the rotator is asked, with ids for numbers. */
  optionsOf({ exclude, ...rest }: Ask): AcquireOptions {
    if (exclude === undefined) return rest;
    return { ...rest, exclude: exclude.map((proxy) => this.idOf(proxy) ?? "nobody") };
  }

  #acquire(ask: Ask): Lease | NoProxyAvailableError {
    try {
      const lease = this.rotator.acquire(this.optionsOf(ask));
      this.leases.push(lease);
      return lease;
    } catch (error) {
      assert.ok(error instanceof NoProxyAvailableError, `${error}`);
      return error;
    }
  }

  #applyTo(use: UseOfOne): void {
    const { rotator } = this;
    const id = this.idOf(use.proxy);
    if (id === undefined) return;
    if (use.do === "describe") rotator.describeProxy(id, use.metadata);
    else if (use.do === "remove") rotator.removeProxy(id);
    else if (use.do === "resetCircuit") rotator.resetCircuit(id);
    else if (use.do === "restore") rotator.restore(rotator.snapshot(id));
    else rotator.report(id, { ...use.outcome, ...(use.target !== undefined && { target: use.target }) });
  }
}

function urlOfProxy(proxy: number): string {
  return `${proxy % 3 === 2 ? "socks5" : "http"}://10.0.0.${proxy + 1}:8080`;
}
