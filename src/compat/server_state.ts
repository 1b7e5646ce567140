/**
 * The one pool that the module-level functions share, as the Python module has it. The only global state of the
 * package; everything else is instances.
 *
 * @module
 */
import { DEFAULT_SETTINGS, type Settings } from "../../gen/settings.ts";
import type { ProxyRotator } from "../core/mod.ts";
import { createLogger, loadSettings, MCPAuth, ProxyWhirlService, VERSION } from "../service/mod.ts";
import { openPool } from "../service/open_pool.ts";
import { AsyncProxyRotator } from "./async_proxy_rotator.ts";

/** A rotator in use by the module-level functions. */
export interface ActiveRotator {
  /** The pool. */
  readonly rotator: ProxyRotator;
  /** The actions over it. */
  readonly service: ProxyWhirlService;
  /** Writes out what is only in memory, and ends. */
  close(): Promise<void>;
}

let active: Promise<ActiveRotator> | undefined;
let auth: MCPAuth | undefined;

/** The rotator in use; on first use the pool of the settings, `./proxywhirl.db` unless the environment says otherwise. */
export function activate(): Promise<ActiveRotator> {
  if (active !== undefined) return active;
  const opening = openDefault();
  active = opening;
  opening.catch(() => {
    if (active === opening) active = undefined; // so that the next call tries again
  });
  return opening;
}

/** Puts another rotator in place, or with `null` none. The one before is closed. */
export async function replace(rotator: ProxyRotator | null): Promise<void> {
  const before = active;
  active = rotator === null ? undefined : Promise.resolve(adopt(rotator));
  await before?.then((previous) => previous.close(), () => {});
}

/** Key check of the functions; `undefined` is that of the settings. */
export function authenticateWith(next: MCPAuth | null): void {
  auth = next ?? new MCPAuth();
  active?.then(({ service }) => service.setAuth(auth), () => {});
}

async function openDefault(): Promise<ActiveRotator> {
  const { settings } = await loadSettings();
  const { level, format } = settings.logging;
  const pool = await openPool({ settings, logger: createLogger({ level, format }) });
  pool.service.setAuth(auth);
  return pool;
}

/** A rotator of the caller's lives in memory: what happens to it is the caller's business. */
function adopt(rotator: ProxyRotator): ActiveRotator {
  const service = new ProxyWhirlService({ rotator, settings: settingsOf(rotator), auth, version: VERSION });
  return { rotator, service, close: () => Promise.resolve() };
}

function settingsOf(rotator: ProxyRotator): Settings {
  return rotator instanceof AsyncProxyRotator
    ? rotator.configuration.applyTo(DEFAULT_SETTINGS)
    : DEFAULT_SETTINGS;
}
