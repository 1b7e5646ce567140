/** Options that narrow a command to some proxies: the criteria and the status of the contract. */
import type { Criteria, HealthStatus, Protocol } from "../core/mod.ts";
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

/** The options given, as `criteria` and `status` of an action. */
export function criteriaInput(args: ParsedArguments): Readonly<Record<string, unknown>> {
  const criteria = { region: args.text("region"), protocol: args.text("protocol"), tag: args.text("tag") };
  const given = Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== undefined));
  const status = args.text("status");
  return {
    ...(Object.keys(given).length === 0 ? {} : { criteria: given }),
    ...(status === undefined ? {} : { status }),
  };
}

/** The options given, for `rotator.proxies`. */
export function proxyFilter(args: ParsedArguments): Criteria & { readonly status?: HealthStatus } {
  const [region, protocol, tag, status] = ["region", "protocol", "tag", "status"].map((name) =>
    args.text(name)
  );
  return {
    ...(region === undefined ? {} : { region }),
    // The parser has let only the listed ones through.
    ...(protocol === undefined ? {} : { protocol: protocol as Protocol }),
    ...(tag === undefined ? {} : { tag }),
    ...(status === undefined ? {} : { status: status as HealthStatus }),
  };
}
