/** The pool of every program here: the file given as first argument, tied to a rotator. */

import process from "node:process";
import { ProxyRotator } from "../../../src/core/mod.ts";
import { openStore, PoolSync, type Store } from "../../../src/store/mod.ts";

/** A loaded pool that keeps itself stored. */
export interface Pool {
  readonly rotator: ProxyRotator;
  readonly store: Store;
  readonly sync: PoolSync;
}

/** Opens the file. */
export async function openPool(path: string = process.argv[2] ?? ""): Promise<Pool> {
  const { store, warning } = await openStore(path);
  if (warning !== undefined) throw new Error(warning);
  // A breaker would take proxies out of turn.
  const rotator = new ProxyRotator({ circuitBreaker: { failureThreshold: 1e9 } });
  const sync = new PoolSync({ rotator, store });
  await sync.load();
  sync.start();
  return { rotator, store, sync };
}

/** URLs of made-up proxies. */
export function urls(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `http://user${i}:secret@10.0.${i >> 8}.${i & 255}:8080`);
}
