/** Options that narrow a command to some proxies: the criteria and the status of the contract. */
import type { Criteria, HealthStatus } from "../core/mod.ts";
import type { OptionSpec } from "./command.ts";
import type { ParsedArguments } from "./parse_arguments.ts";

/** Protocols, as in the contract. */
export const PROTOCOL_NAMES: readonly string[] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

const STATUS_NAMES: readonly string[] = ["healthy", "degraded", "unhealthy", "dead", "unknown"];

/** `--region`, `--protocol`, `--tag`, `--status`. */
export const CRITERIA_OPTIONS: readonly OptionSpec[] = [
  { name: "region", type: "string", placeholder: "CC", help: "Only proxies in this country, for example US" },
  {
    name: "protocol",
    type: "string",
    placeholder: "NAME",
    values: PROTOCOL_NAMES,
    help: "Only this protocol",
  },
  { name: "tag", type: "string", placeholder: "LABEL", help: "Only proxies with this label" },
  { name: "status", type: "string", placeholder: "NAME", values: STATUS_NAMES, help: "Only this health" },
];

/** The options given, for `rotator.proxies`. */
export function proxyFilter(args: ParsedArguments): Criteria & { readonly status?: HealthStatus } {
  const names = ["region", "performance", "protocol", "tag", "target", "status"];
  const given = names.flatMap((name) => args.has(name) ? [[name, args.text(name)]] : []);
  // The parser has let only the listed values through.
  return Object.fromEntries(given) as Criteria & { readonly status?: HealthStatus };
}
