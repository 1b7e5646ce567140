/** `region-data`: fetches files that tell in which country an address is. */
import { CliError, EXIT, type ExitCode } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { settingsOf } from "../setting_options.ts";
import { printable } from "../table.ts";

const DEFAULT_FOLDER = "./region-data";

/** Fetches npm packages of region files, and says how to use them. */
export async function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  const settings = await settingsOf(args, io);
  const { fetchRegionData, RegionDataError, SourceError, TlsLayer } = await import("../../sources/mod.ts");
  const registry = args.text("registry");
  const interruption = io.interruption();
  try {
    const packages = await fetchRegionData({
      folder: args.text("folder") ?? DEFAULT_FOLDER,
      ...(args.positionals.length === 0 ? {} : { packages: args.positionals }),
      // Who names a registry may name one of the own network.
      ...(registry === undefined ? {} : { registry, allowPrivate: true }),
      tls: new TlsLayer({ verify: settings.verifySsl }),
      signal: interruption.signal,
    });
    if (args.flag("json")) {
      io.out(JSON.stringify(packages, null, 2) + "\n");
      return EXIT.ok;
    }
    for (const { files, licence, name, version } of packages) {
      io.out(`${printable(name)} ${printable(version)}, licence ${printable(licence ?? "not stated")}\n`);
      for (const file of files) io.out(`  ${file}\n`);
    }
    const all = packages.flatMap(({ files }) => files).join(",");
    io.out(`To use them: --region-files ${all}, or "region_files" in the file of --config.\n`);
    return EXIT.ok;
  } catch (error) {
    if (interruption.signal.aborted) throw new CliError("Interrupted");
    if (error instanceof RegionDataError || error instanceof SourceError) throw new CliError(error.message);
    throw error;
  } finally {
    interruption.stop();
  }
}
