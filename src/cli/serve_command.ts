/** The server as a command: alone in its file, since a client that starts it waits for nothing else. */
import type { CommandSpec } from "./command.ts";
import { settingOptions } from "./setting_options.ts";

/** Without a command the program is the server. */
export const SERVE: CommandSpec = {
  name: "serve",
  group: "setup",
  summary: "Serve the pool to MCP clients, as without a command",
  details: [
    "An MCP server on standard input and output, for a client that starts it (setup tells a client how), or with " +
    "--transport http on a port, for clients that connect. Every option can also be set by an environment variable " +
    "(--log-level: PROXYWHIRL_LOG_LEVEL) or in the file of --config.",
  ],
  arguments: [],
  options: [...settingOptions(), { name: "version", short: "V", type: "boolean", help: "Show the version" }],
  examples: [
    { line: "", says: "serve the pool in ./proxywhirl.db" },
    { line: "--db pool.db --strategy least-used", says: "another pool, another strategy" },
    { line: "serve --transport http", says: "for clients that connect" },
  ],
  load: async () => (await import("./commands/serve.ts")).run,
};
