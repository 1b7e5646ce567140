/** What a person is asked before an action that cannot be undone, and the answer when that person says no. */
import type { ActionInput, RemoveOutput } from "../../gen/models.ts";
import type { ProxyRotator } from "../core/mod.ts";
import { presentRegion } from "./presenters.ts";

/** A question for a person. */
export interface Confirmation {
  /** Names the deed and its object: an answer to one question is none to another. */
  readonly key: string;
  /** The question, without credentials. */
  readonly message: string;
  /** The output of the action that was not done. */
  readonly declined: object;
}

/** The question for an input; `undefined` when there is nothing to ask, also since the action is going to fail. */
export function confirmationFor(input: ActionInput, rotator: ProxyRotator): Confirmation | undefined {
  if (input.action !== "remove") return undefined;
  const proxy = rotator.getProxy(input.proxy_id);
  if (proxy === undefined) return undefined;
  const { id, publicUrl, region, status, totalRequests } = proxy;
  const declined: RemoveOutput = {
    success: false,
    proxy_id: id,
    message: `Nothing was removed: the user did not agree to remove proxy ${id}`,
    pool_size: rotator.size,
    next_step: "Leave the proxy where it is, unless the user asks for its removal again.",
  };
  return {
    key: `remove ${id}`,
    message:
      `Remove the proxy ${publicUrl} (${presentRegion(region)}, ${status}, ${totalRequests} requests) from ` +
      "the pool, with all that was learned about it? This cannot be undone.",
    declined,
  };
}
