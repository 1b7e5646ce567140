/**
 * Which scopes the messages of a request need. The service checks calls once more; here the answer can still be a
 * status that lets the client ask for a better token.
 *
 * @module
 */
import { ACTIONS } from "../../../gen/actions.ts";
import { RESOURCES } from "../../../gen/resources.ts";
import { scopeOf } from "../call_context.ts";
import type { Caller } from "./exchange.ts";

/** The scopes that the messages need and the caller's token lacks; whoever shows the key needs none. */
export function missingScopes(body: unknown, { authInfo }: Caller): readonly string[] {
  if (authInfo?.extra?.["isScoped"] !== true) return [];
  const needed = new Set(messagesOf(body).flatMap(scopesOf));
  return [...needed].filter((scope) => !authInfo.scopes.includes(scope));
}

/** Whether a message wants to hear of resources that are not for everybody; the SDK's handler lets anybody listen. */
export function listensToGuarded(body: unknown): boolean {
  return messagesOf(body).some((message) => listened(message).some(isGuarded));
}

function scopesOf(message: unknown): readonly string[] {
  switch (valueAt(message, "method")) {
    case "tools/call": {
      const action = valueAt(valueAt(valueAt(message, "params"), "arguments"), "action");
      const spec = ACTIONS.find(({ name }) => name === action);
      return spec?.requiresKey === false ? [] : [scopeOf(spec?.effect ?? "read")];
    }
    case "resources/read":
    case "resources/subscribe":
      return isGuarded(valueAt(valueAt(message, "params"), "uri")) ? [scopeOf("read")] : [];
    case "subscriptions/listen":
      return listened(message).some(isGuarded) ? [scopeOf("read")] : [];
    default:
      return [];
  }
}

/** URIs of the resources that a message subscribes to. */
function listened(message: unknown): readonly unknown[] {
  if (valueAt(message, "method") !== "subscriptions/listen") return [];
  const uris = valueAt(valueAt(valueAt(message, "params"), "notifications"), "resourceSubscriptions");
  return Array.isArray(uris) ? uris : [];
}

/** What is not known to be for everybody is not. */
function isGuarded(uri: unknown): boolean {
  return RESOURCES.find((resource) => resource.uri === uri)?.requiresKey !== false;
}

function messagesOf(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? body : [body];
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
