/** The pace of a pool in words. */
import type { ProxyRotator } from "../core/mod.ts";

/** `At most 15/min per proxy and site, 2 sites have their own pace`; undefined when nothing is paced. */
export function paceText(rotator: ProxyRotator): string | undefined {
  const { rate, targets = {}, burst = 1 } = rotator.pacing;
  const own = Object.entries(targets);
  const [first] = own;
  if (rate === undefined && first === undefined) return undefined;
  const general = rate === undefined ? [] : [`at most ${rate} per proxy and site`];
  const others = own.length === 1 && first !== undefined
    ? [`${rate === undefined ? "at most " : ""}${first[1]} per proxy on ${first[0]}`]
    : own.length > 1
    ? [`${own.length} sites have a pace of their own`]
    : [];
  const bursts = burst > 1 ? [`up to ${burst} at once after a rest`] : [];
  const text = [...general, ...others, ...bursts].join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
