/** Worlds worth trying a strategy in. */

import type { WorldOptions } from "./world.ts";

/** A world with a name and a reason. */
export interface NamedWorld {
  /** Short name. */
  readonly name: string;
  /** What it shows. */
  readonly purpose: string;
  /** The world. */
  readonly world: WorldOptions;
  /** Pace to be tried in it besides none. */
  readonly pacing?: string;
}

/** Worlds that the documentation reports on. */
export const WORLDS: readonly NamedWorld[] = [
  {
    name: "refusals",
    purpose: "one site refuses 35 % of the live proxies with a fast 403, another 10 %",
    world: { sites: [{ name: "a.example", refusing: 0.35 }, { name: "b.example", refusing: 0.1 }] },
  },
  {
    name: "fast-403",
    purpose: "one site refuses 35 % of the live proxies, in a fifth of the time that serving takes",
    world: { sites: [{ name: "a.example", refusing: 0.35 }] },
  },
  {
    name: "burn",
    purpose: "more than 20 requests a minute through one proxy get it banned for five minutes",
    world: { sites: [{ name: "shop.example", banAbovePerMinute: 20 }] },
    pacing: "15/min",
  },
  {
    name: "burn-groups",
    purpose: "as burn, and a ban takes the /24 along every other time and the network every fifth",
    world: { sites: [{ name: "shop.example", banAbovePerMinute: 20, banSubnet: 0.5, banAsn: 0.2 }] },
    pacing: "15/min",
  },
  {
    name: "hidden-5",
    purpose: "as fast-403, but the rotator is told of 5 % of the refusals only",
    world: { reported: 0.05, sites: [{ name: "a.example", refusing: 0.35 }] },
  },
  {
    name: "hidden-0",
    purpose: "as fast-403, but the rotator is told of no refusal",
    world: { reported: 0, sites: [{ name: "a.example", refusing: 0.35 }] },
  },
  {
    name: "public-list",
    purpose: "2 000 proxies of which 90 % are dead, as on public lists",
    world: { proxies: 2000, dead: 0.9, sites: [{ name: "a.example", refusing: 0.2 }] },
  },
];

/** The world with this name, if there is one. */
export function worldNamed(name: string): NamedWorld | undefined {
  return WORLDS.find((world) => world.name === name);
}
