/** `export`: the pool as a list, as JSON or as CSV. Credentials only when asked for. */
import type { HealthStatus, PoolProxy, Protocol } from "../../core/mod.ts";
import { proxyFilter } from "../criteria_options.ts";
import { CliError, EXIT, type ExitCode } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { withPool } from "../with_pool.ts";

/** What is exported of a proxy; `import` reads the URLs back. */
interface ExportedProxy {
  readonly id: string;
  readonly url: string;
  readonly protocol: Protocol;
  readonly region: string | null;
  readonly city: string | null;
  readonly asn: number | null;
  readonly tags: readonly string[];
  readonly source: string | null;
  readonly status: HealthStatus;
  readonly total_requests: number;
  readonly total_successes: number;
  readonly total_failures: number;
  readonly avg_latency_ms: number | null;
}

/** Writes the proxies that match to standard output, or to a file that only its owner may read. */
export function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  return withPool(args, io, async ({ rotator }) => {
    const proxies = [...rotator.proxies(proxyFilter(args))];
    if (proxies.length === 0) throw new CliError("No proxy matches: nothing exported", EXIT.nothingAvailable);
    const isOpen = args.flag("with-credentials");
    const text = format(
      proxies.map((proxy) => toExported(proxy, isOpen)),
      args.flag("json") ? "json" : args.text("format") ?? "txt",
    );
    const path = args.text("output");
    if (path === undefined) io.out(text);
    else await io.writeTextFile(path, text);
    const hidden = isOpen ? 0 : proxies.filter((proxy) => proxy.url !== proxy.publicUrl).length;
    if (hidden > 0) {
      io.err(`Note: ${hidden} proxies have a user name or password, left out here; see --with-credentials\n`);
    }
    return EXIT.ok;
  });
}

function toExported(proxy: PoolProxy, isOpen: boolean): ExportedProxy {
  const { id, protocol, region, city, asn, tags, source, status, totalRequests, totalSuccesses } = proxy;
  return {
    id,
    url: isOpen ? proxy.url : proxy.publicUrl,
    protocol,
    region,
    city,
    asn,
    tags,
    source,
    status,
    total_requests: totalRequests,
    total_successes: totalSuccesses,
    total_failures: proxy.totalFailures,
    avg_latency_ms: proxy.avgLatencyMs === 0 ? null : proxy.avgLatencyMs,
  };
}

function format(proxies: readonly ExportedProxy[], name: string): string {
  switch (name) {
    case "json":
      return JSON.stringify(proxies, null, 2) + "\n";
    case "csv":
      return toCsv(proxies);
    default:
      return proxies.map((proxy) => proxy.url + "\n").join("");
  }
}

/** RFC 4180. Text that a spreadsheet would run as a formula gets an apostrophe in front. */
function toCsv(proxies: readonly ExportedProxy[]): string {
  const header = Object.keys(proxies[0] ?? {});
  const rows = proxies.map((proxy) => Object.values(proxy).map(csvField));
  return [header, ...rows].map((row) => row.join(",") + "\r\n").join("");
}

function csvField(value: unknown): string {
  const text = Array.isArray(value) ? value.join(" ") : value === null ? "" : String(value);
  const safe = /^[=+@-]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
