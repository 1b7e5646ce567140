/** Why a proxy is left out, in words for people and models. */
import type { RejectionReason } from "../core/mod.ts";

/** Of one proxy: "it …". `{target}` stands for the site. */
const ONE: Readonly<Record<RejectionReason, string>> = {
  region: "it is in another region",
  protocol: "it speaks another protocol",
  tag: "it does not carry the tag",
  strategy: "the strategy never chooses it",
  circuit_open: "it rests after failures of its own (circuit breaker open)",
  probe_in_flight: "another request is finding out whether it works again",
  in_exclusive_use: "a session or a lease has it for itself",
  already_tried: "this request has tried it already",
  target_cooling_down: "{target} has asked everybody to wait",
  ejected_on_target: "{target} refused it, or it failed there",
  paced: "it waits for its pace on {target}",
};

/** Of several: "3 …". */
const MANY: Readonly<Record<RejectionReason, string>> = {
  region: "in another region",
  protocol: "of another protocol",
  tag: "without the tag",
  strategy: "never chosen by the strategy",
  circuit_open: "resting after failures",
  probe_in_flight: "being probed",
  in_exclusive_use: "in exclusive use",
  already_tried: "already tried",
  target_cooling_down: "held back since the site asked everybody to wait",
  ejected_on_target: "refused by the site lately",
  paced: "waiting for their pace",
};

/** One sentence about one proxy. */
export function sayWhy(reason: RejectionReason, target: string | undefined, freeInS?: number): string {
  const why = ONE[reason].replace("{target}", () => target ?? "the site");
  return freeInS === undefined ? why : `${why}; free again in ${freeInS} s`;
}

/** `6 in another region, 1 resting after failures`: the most frequent first. */
export function sayCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${count} ${MANY[reason as RejectionReason] ?? reason}`)
    .join(", ");
}
