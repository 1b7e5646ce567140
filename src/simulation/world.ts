/**
 * A world to try strategies in: proxies that are dead or slow, sites that refuse some of them, and ban those
 * that come too often.
 *
 * It answers what would happen to one request at one time, and remembers the bans that this causes. It knows
 * nothing of rotators.
 */

import type { Random, Verdict } from "../core/mod.ts";
import { normal, seededRandom } from "./seeded_random.ts";

/** A site of the world. */
export interface SiteOptions {
  /** Host. */
  readonly name: string;
  /** Share of the live proxies that it refuses, 0–1. @default {0} */
  readonly refusing?: number;
  /** How long it takes to refuse, ms. @default {60} */
  readonly refusalMs?: number;
  /** Requests a minute from one proxy that it tolerates. @default {Infinity} */
  readonly banAbovePerMinute?: number;
  /** How long a ban lasts, ms. @default {300_000} */
  readonly banMs?: number;
  /** Probability that a ban takes the other proxies of the same /24 along, 0–1. @default {0} */
  readonly banSubnet?: number;
  /** Probability that a ban takes the other proxies of the same network (ASN) along, 0–1. @default {0} */
  readonly banAsn?: number;
  /** Share of the requests that go there, relative to the other sites. @default {1} */
  readonly share?: number;
}

/** A world. */
export interface WorldOptions {
  /** Same seed, same world. @default {1} */
  readonly seed?: number;
  /** Proxies. @default {200} */
  readonly proxies?: number;
  /** Share of them that is dead, 0–1. @default {0.08} */
  readonly dead?: number;
  /** How long a request through a dead proxy takes to fail, ms. @default {5000} */
  readonly deadMs?: number;
  /** Median latency of a live proxy, ms. @default {300} */
  readonly medianMs?: number;
  /** Spread of the median between proxies: deviation of its logarithm. @default {1} */
  readonly spread?: number;
  /** Spread of one proxy's latencies: deviation of their logarithm. @default {0.3} */
  readonly jitter?: number;
  /** Share of requests through a live proxy that fail for no reason, 0–1. @default {0.02} */
  readonly errors?: number;
  /** Share of the proxies that change (dead to live and back, refused or not) each period, 0–1. @default {0.03} */
  readonly drift?: number;
  /** Requests in a period of drift. @default {2000} */
  readonly driftEvery?: number;
  /**
   * Share of refusals that the rotator is told of, 0–1; the others it takes for an ok, as it must behind a
   * TLS tunnel. The caller sees them all and tries again.
   * @default {1}
   */
  readonly reported?: number;
  /** Proxies in one /24. @default {4} */
  readonly perSubnet?: number;
  /** Proxies in one network. @default {20} */
  readonly perAsn?: number;
  /** Sites. @default {one that refuses nobody} */
  readonly sites?: readonly SiteOptions[];
}

/** What became of one request. */
export interface WorldOutcome {
  /** What the rotator is told. */
  readonly seen: Verdict;
  /** Whether the site really served it. */
  readonly isServed: boolean;
  /** How long it took, ms. */
  readonly latencyMs: number;
}

interface SimulatedProxy {
  isDead: boolean;
  medianMs: number;
  readonly refusedBy: Set<number>;
}

interface Ban {
  until: number;
  /** Start of the minute that is counted, and requests in it. */
  since: number;
  count: number;
}

/** Proxies and sites, and the bans between them. */
export class World {
  readonly #options: Required<WorldOptions>;
  readonly #sites: readonly Required<SiteOptions>[];
  readonly #random: Random;
  readonly #proxies: SimulatedProxy[];
  readonly #bans: Map<number, Ban> = new Map();
  #requests = 0;
  #bansCaused = 0;

  /**
   * Makes a world.
   *
   * @param options Size, faults and seed
   */
  constructor(options: WorldOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#sites = this.#options.sites.map((site) => ({ ...SITE_DEFAULTS, ...site }));
    this.#random = seededRandom(this.#options.seed);
    this.#proxies = Array.from({ length: this.#options.proxies }, () => this.#newProxy());
    this.#kill(Math.round(this.#options.dead * this.#proxies.length));
  }

  /** Proxies. */
  get size(): number {
    return this.#proxies.length;
  }

  /** Bans that use has caused so far, those that spread included. */
  get bansCaused(): number {
    return this.#bansCaused;
  }

  /** URL of a proxy: neighbours share a /24. */
  url(index: number): string {
    const subnet = Math.floor(index / this.#options.perSubnet);
    return `http://10.${(subnet >> 8) & 255}.${subnet & 255}.${1 + (index % this.#options.perSubnet)}:8080`;
  }

  /** Network of a proxy. */
  asn(index: number): number {
    return 64_512 + Math.floor(index / this.#options.perAsn);
  }

  /** Chooses the site of the next request. */
  nextSite(): number {
    const total = this.#sites.reduce((sum, site) => sum + site.share, 0);
    let left = this.#random() * total;
    const index = this.#sites.findIndex((site) => (left -= site.share) < 0);
    return Math.max(index, 0);
  }

  /** URL of a site. */
  siteUrl(site: number): string {
    return `https://${this.#sites[site]?.name}/`;
  }

  /** What becomes of a request through a proxy to a site that starts at `now`, ms. */
  request(index: number, site: number, now: number): WorldOutcome {
    if (++this.#requests % this.#options.driftEvery === 0) this.#drift();
    const proxy = this.#proxies[index] as SimulatedProxy;
    const { deadMs, errors, jitter, reported } = this.#options;
    if (proxy.isDead) return { seen: "dead", isServed: false, latencyMs: deadMs };
    const latencyMs = proxy.medianMs * Math.exp(jitter * normal(this.#random));
    if (this.#random() < errors) return { seen: "dead", isServed: false, latencyMs };
    if (!this.#isRefused(index, site, now)) return { seen: "ok", isServed: true, latencyMs };
    const isSeen = this.#random() < reported;
    const { refusalMs } = this.#sites[site] as Required<SiteOptions>;
    return { seen: isSeen ? "blocked" : "ok", isServed: false, latencyMs: refusalMs };
  }

  #isRefused(index: number, site: number, now: number): boolean {
    const { banAbovePerMinute } = this.#sites[site] as Required<SiteOptions>;
    if (this.#proxies[index]?.refusedBy.has(site)) return true;
    if (banAbovePerMinute === Infinity) return false;
    const ban = this.#ban(index, site);
    if (ban.until > now) return true;
    if (now - ban.since >= 60_000) {
      ban.since = now;
      ban.count = 0;
    }
    if (++ban.count <= banAbovePerMinute) return false;
    this.#banAround(index, site, now);
    return true;
  }

  #banAround(index: number, site: number, now: number): void {
    const { banMs, banSubnet, banAsn } = this.#sites[site] as Required<SiteOptions>;
    const { perSubnet, perAsn } = this.#options;
    this.#banOne(index, site, now + banMs);
    if (this.#random() < banSubnet) this.#banGroup(index, perSubnet, site, now + banMs);
    if (this.#random() < banAsn) this.#banGroup(index, perAsn, site, now + banMs);
  }

  #banGroup(index: number, size: number, site: number, until: number): void {
    const first = Math.floor(index / size) * size;
    for (let other = first; other < Math.min(first + size, this.#proxies.length); other++) {
      if (other !== index) this.#banOne(other, site, until);
    }
  }

  #banOne(index: number, site: number, until: number): void {
    this.#ban(index, site).until = until;
    this.#bansCaused++;
  }

  #ban(index: number, site: number): Ban {
    const key = index * this.#sites.length + site;
    let ban = this.#bans.get(key);
    if (ban === undefined) {
      ban = { until: -Infinity, since: -Infinity, count: 0 };
      this.#bans.set(key, ban);
    }
    return ban;
  }

  /** Makes that many proxies dead, chosen at random: exactly so many, so that worlds of any seed compare. */
  #kill(count: number): void {
    for (let left = count; left > 0;) {
      const proxy = this.#anyProxy();
      if (proxy.isDead) continue;
      proxy.isDead = true;
      left--;
    }
  }

  /** Some proxies become others; those that were dead trade places with any, so that their number stays. */
  #drift(): void {
    const changes = Math.round(this.#options.drift * this.#proxies.length);
    for (let change = 0; change < changes; change++) {
      const index = Math.floor(this.#random() * this.#proxies.length);
      const wasDead = this.#proxies[index]?.isDead ?? false;
      this.#proxies[index] = { ...this.#newProxy(), isDead: wasDead };
      const other = this.#anyProxy();
      const changed = this.#proxies[index] as SimulatedProxy;
      [changed.isDead, other.isDead] = [other.isDead, changed.isDead];
    }
  }

  #anyProxy(): SimulatedProxy {
    return this.#proxies[Math.floor(this.#random() * this.#proxies.length)] as SimulatedProxy;
  }

  #newProxy(): SimulatedProxy {
    const { medianMs, spread } = this.#options;
    const refusedBy = new Set<number>();
    this.#sites.forEach((site, index) => {
      if (this.#random() < site.refusing) refusedBy.add(index);
    });
    return {
      isDead: false,
      medianMs: medianMs * Math.exp(spread * normal(this.#random)),
      refusedBy,
    };
  }
}

const DEFAULTS: Required<WorldOptions> = {
  seed: 1,
  proxies: 200,
  dead: 0.08,
  deadMs: 5000,
  medianMs: 300,
  spread: 1,
  jitter: 0.3,
  errors: 0.02,
  drift: 0.03,
  driftEvery: 2000,
  reported: 1,
  perSubnet: 4,
  perAsn: 20,
  sites: [{ name: "site.example" }],
};

const SITE_DEFAULTS: Required<Omit<SiteOptions, "name">> = {
  refusing: 0,
  refusalMs: 60,
  banAbovePerMinute: Infinity,
  banMs: 300_000,
  banSubnet: 0,
  banAsn: 0,
  share: 1,
};
