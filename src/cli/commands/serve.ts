/** The program without a command: the MCP server, on standard input and output or over HTTP. */
import type { Settings } from "../../../gen/settings.ts";
import { createLogger, type OpenedPool, preparePool, VERSION } from "../../service/mod.ts";
import { EXIT, type ExitCode, UsageError } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { settingsOf } from "../setting_options.ts";

/** Long enough for a client's first message, ms. */
const OPEN_AFTER_MS = 100;

/** Serves until the client goes or the process is told to end; then writes out the pool and exits. */
export async function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  const settings = await settingsOf(args, io);
  const logger = createLogger({
    level: settings.logging.level,
    format: settings.logging.format,
    write: io.err,
  });
  const pool = preparePool({ settings, logger });
  const { transport } = settings;
  const serve = await io.loadServer(transport);
  const onError = (error: Error) => logger.warning(`Problem on ${transport}`, { error });
  logger.info(`Serving MCP on ${transport}`, { version: VERSION });
  if (io.isInteractive && transport === "stdio") io.err(await greeting(settings, await pool.open()));
  // The handshake needs no pool: it is answered before the database is read.
  const open = () => pool.open().then(() => pool.service.startCare());
  const opening = setTimeout(() => void open().catch(onError), OPEN_AFTER_MS);
  try {
    await serve(pool.service, {
      settings,
      onListening: (url) => io.err(`Listening on ${url}\n`),
      onClose: async (reason) => {
        clearTimeout(opening);
        await pool.close();
        logger.info("Ended", { reason });
      },
      onError,
    });
  } catch (error) {
    clearTimeout(opening);
    await pool.close();
    // The settings contradict each other, or one cannot be used.
    if (error instanceof RangeError) throw new UsageError(error.message);
    if (transport === "stdio") throw error;
    const { listenError } = await import("../listen_error.ts");
    throw listenError(settings.http.host, settings.http.port, error);
  }
  return EXIT.ok;
}

/** For a person who starts the server by hand, and wonders why nothing happens. */
async function greeting(settings: Settings, pool: OpenedPool): Promise<string> {
  const { launchCommand } = await import("../launch.ts");
  const entry = { mcpServers: { proxywhirl: launchCommand({ settings }) } };
  return [
    `ProxyWhirl ${VERSION} is an MCP server: it waits here for an MCP client on standard input and output.`,
    `Pool: ${pool.location}, ${pool.loaded} proxies. Started by hand it only shows its log.`,
    "",
    "To connect an MCP client, run proxywhirl setup, or put this into its configuration:",
    "",
    JSON.stringify(entry, null, 2),
    "",
    "To fill the pool: proxywhirl import FILE. All commands: proxywhirl --help. To end: Ctrl+C.",
    "",
    "",
  ].join("\n");
}
