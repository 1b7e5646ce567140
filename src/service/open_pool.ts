/**
 * A pool as the settings describe it: rotator, store and service, tied together.
 *
 * The store is loaded by dynamic import, so that a program which only wants the rotator does not pay for it.
 *
 * @module
 */
import type { Settings } from "../../gen/settings.ts";
import { type PoolProxy, ProxyRotator, type ProxyRotatorOptions, UnknownStrategyError } from "../core/mod.ts";
import type { PoolSync, Store } from "../store/mod.ts";
import { fileSystem } from "../runtime/mod.ts";
import { guardLogger, type Logger } from "./logger.ts";
import type { ServiceMetrics } from "./metrics.ts";
import { observedStore } from "./observed_store.ts";
import { ProxyWhirlService } from "./service.ts";
import { readStrategySetting } from "./strategy_spec.ts";
import { SettingsError } from "./setting_value.ts";
import { VERSION } from "./version.ts";

/** Options of {@linkcode openPool}. */
export interface OpenPoolOptions {
  /** Where the pool is and how it works. */
  readonly settings: Settings;
  /** Takes warnings. */
  readonly logger: Logger;
  /** A rotator to fill, instead of one made from the settings. */
  readonly rotator?: ProxyRotator;
}

/** A pool that opens when it is first used. */
export interface PreparedPool {
  /** The pool in memory; empty until it is open. */
  readonly rotator: ProxyRotator;
  /** The actions over it; each opens the pool first. */
  readonly service: ProxyWhirlService;
  /** Opens the pool, once; further calls wait for the same. */
  open(): Promise<OpenedPool>;
  /** Writes out what is only in memory, and ends. */
  close(): Promise<void>;
}

/** A pool in use. */
export interface OpenedPool {
  /** The pool in memory. */
  readonly rotator: ProxyRotator;
  /** The actions over it. */
  readonly service: ProxyWhirlService;
  /** Where it is kept, for people. */
  readonly location: string;
  /** Proxies that were loaded. */
  readonly loaded: number;
  /** Writes out what is only in memory, and ends. */
  close(): Promise<void>;
}

/** Whether there is a file; `:memory:` is none. */
export async function databaseExists(path: string): Promise<boolean> {
  // Not `access`: where a program may not ask for the user's number, Deno never answers it.
  return await fileSystem().promises.stat(path).then(() => true, () => false);
}

/**
 * Options of a rotator for some settings.
 *
 * @throws {RangeError} when the strategy cannot be read
 */
export function rotatorOptions(settings: Settings): ProxyRotatorOptions {
  const { failureThreshold, timeoutDurationS, windowDurationS } = settings.circuitBreaker;
  return {
    strategy: readStrategySetting(settings.strategy),
    circuitBreaker: {
      failureThreshold,
      timeoutDurationMs: timeoutDurationS * 1000,
      windowDurationMs: windowDurationS * 1000,
    },
    ...(settings.pacing === null ? {} : { pacing: settings.pacing }),
  };
}

/** The rotator checks what the table of settings cannot: names of strategies, and rates. */
function makeRotator(settings: Settings): ProxyRotator {
  try {
    return new ProxyRotator(rotatorOptions(settings));
  } catch (cause) {
    if (!(cause instanceof UnknownStrategyError) && !(cause instanceof RangeError)) throw cause;
    throw new SettingsError(cause.message, { cause });
  }
}

/**
 * Prepares a pool without touching the disk: who only asks what there is need not wait for a hundred thousand
 * proxies. Opening warns of an unusable database, leaves it alone, and the pool then lives in memory; an absent
 * one is made on the first write.
 *
 * @throws {SettingsError} The strategy or the pace of the settings.
 */
export function preparePool(options: OpenPoolOptions): PreparedPool {
  const { settings } = options;
  const logger = guardLogger(options.logger);
  const rotator = options.rotator ?? makeRotator(settings);
  let opening: Promise<Opened> | undefined;
  const opened = () => opening ??= openStoreFor(rotator, { settings, logger }, service.metrics);
  const service: ProxyWhirlService = new ProxyWhirlService({
    rotator,
    sync: {
      add: async (proxies) => (await opened()).sync.add(proxies),
      remove: async (id) => (await opened()).sync.remove(id),
    },
    notes: {
      loadNotes: async (prefix) => (await opened()).store.loadNotes(prefix),
      saveNotes: async (notes) => (await opened()).store.saveNotes(notes),
    },
    settings,
    logger,
    version: VERSION,
    ready: async () => (await opened()).store.isPersistent,
  });
  const close = async () => {
    await service.close();
    if (opening !== undefined) await (await opening).sync.close();
  };
  async function open(): Promise<OpenedPool> {
    const { store, loaded } = await opened();
    return { rotator, service, location: store.location, loaded, close };
  }
  return { rotator, service, open, close };
}

/**
 * Opens a pool at once; see {@linkcode preparePool}.
 *
 * @throws {SettingsError} The strategy or the pace of the settings.
 */
export function openPool(options: OpenPoolOptions): Promise<OpenedPool> {
  return preparePool(options).open();
}

interface Opened {
  readonly store: Store;
  readonly sync: PoolSync<PoolProxy>;
  readonly loaded: number;
}

async function openStoreFor(
  rotator: ProxyRotator,
  { settings, logger }: OpenPoolOptions,
  metrics: ServiceMetrics,
): Promise<Opened> {
  const { openStore, PoolSync } = await import("../store/mod.ts");
  if (settings.db !== ":memory:" && !await databaseExists(settings.db)) {
    logger.info(`No database at ${settings.db}, starting with empty pool`);
  }
  const { notices, store: opened, warning } = await openStore(settings.db);
  for (const notice of notices) logger.warning(notice);
  if (warning !== undefined) logger.warning(warning);
  const store = observedStore(opened, metrics);
  const sync = new PoolSync({ rotator, store, onWarning: (message) => logger.warning(message) });
  metrics.setReader("proxywhirl_store_pending", () => [[[], sync.pendingCount]]);
  const loaded = await sync.load();
  sync.start();
  logger.info("Pool opened", { database: store.location, proxies: loaded });
  return { store, sync, loaded };
}
