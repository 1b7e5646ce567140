/** The module-level functions of the Python library, in camelCase. */
import type { ActionErrorBody, ActionInputs, ActionName, ActionOutputs } from "../../gen/models.ts";
import type { ProxyRotator } from "../core/mod.ts";
import { type MCPAuth, redactValue } from "../service/mod.ts";
import { activate, authenticateWith, replace } from "./server_state.ts";

/** Keys of {@linkcode ProxywhirlCall} that differ from those on the wire. */
const WIRE_KEYS: Readonly<Record<string, string>> = { proxyId: "proxy_id", apiKey: "api_key" };

/** The input of an action, as on the wire; `proxyId` and `apiKey` are taken for `proxy_id` and `api_key`. */
export type ProxywhirlCall<Name extends ActionName = ActionName> =
  & { readonly action: Name; readonly proxyId?: string; readonly apiKey?: string }
  & Partial<Omit<ActionInputs[Name], "action">>;

/**
 * Does one action with the rotator in use. Never throws: an error is returned as `{ error, code }`.
 *
 * @example
 * ```ts
 * import { AsyncProxyRotator, proxywhirl, setRotator } from "@proxywhirl/mcp";
 *
 * await setRotator(new AsyncProxyRotator());
 * const result = await proxywhirl({ action: "health" });
 * if ("error" in result) console.error(result.error);
 * else console.log(`Pool status: ${result.pool_status}`);
 * ```
 */
export async function proxywhirl<Name extends ActionName>(
  call: ProxywhirlCall<Name>,
): Promise<ActionOutputs[Name] | ActionErrorBody> {
  const input = Object.fromEntries(
    Object.entries(call).map(([key, value]) => [WIRE_KEYS[key] ?? key, value]),
  );
  try {
    const { service } = await activate();
    const result = await service.handle(input);
    return result.ok ? result.value as ActionOutputs[Name] : result.error;
  } catch (error) {
    // Only the settings of the environment can fail here: the service itself never rejects.
    return redactValue({ error: error instanceof Error ? error.message : String(error), code: 500 });
  }
}

/** The rotator in use; made on first use, with the proxies of `./proxywhirl.db` if that exists. */
export async function getRotator(): Promise<ProxyRotator> {
  return (await activate()).rotator;
}

/** Uses this rotator from now on, or with `null` a fresh one on next use. The one before is closed. */
export async function setRotator(rotator: ProxyRotator | null): Promise<void> {
  await replace(rotator);
}

/** Ends the use of the rotator: writes out what is only in memory. May be called again. */
export async function cleanupRotator(): Promise<void> {
  await replace(null);
}

/** Asks callers for a key from now on; `null` lets everybody in. */
export function setAuth(auth: MCPAuth | null): void {
  authenticateWith(auth);
}
