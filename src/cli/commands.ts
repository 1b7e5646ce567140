/** The commands of the program: what they are called, what they take, where they live. */
import type { CommandSpec, OptionSpec } from "./command.ts";
import { CRITERIA_OPTIONS, PROTOCOL_NAMES } from "./criteria_options.ts";
import { settingOptions } from "./setting_options.ts";

const TEXT_OR_JSON: OptionSpec = {
  name: "format",
  short: "f",
  type: "string",
  placeholder: "NAME",
  values: ["text", "json"],
  help: "Form of the output",
  defaultText: "text",
};

const DATABASE: readonly OptionSpec[] = settingOptions(["db", "config"]);

/** The program without a command. */
export const SERVE: CommandSpec = {
  name: "",
  summary: "a pool of proxies for AI assistants, scripts and people",
  details: [
    "Without a command it is an MCP server on standard input and output. Every option can also be set by an " +
    "environment variable (--log-level: PROXYWHIRL_LOG_LEVEL) or in the file of --config.",
    "Exit codes: 0 done, 1 failed, 2 wrong command line or setting, 3 not found, 4 nothing available.",
  ],
  arguments: [],
  options: [...settingOptions(), { name: "version", short: "V", type: "boolean", help: "Show the version" }],
  examples: [
    { line: "", says: "serve the pool in ./proxywhirl.db" },
    { line: "--db pool.db --strategy least-used", says: "another pool, another strategy" },
    { line: "import http.txt socks5.txt", says: "fill the pool" },
  ],
  load: async () => (await import("./commands/serve.ts")).run,
};

/** All commands, in the order of `--help`. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "import",
    summary: "Read proxy lists into the pool",
    details: [
      "A line is host:port, a URL, user:pass@host:port or host:port:user:pass; blank lines, comments and notes " +
      "behind an address are skipped. JSON, as export writes it, is read too. A bad line stops nothing: it is listed with its number and the reason. " +
      "Importing a list again adds nothing, and changes no id.",
      "Lines without a scheme get the protocol that the file name tells (socks5.txt, socks4.txt), else http. " +
      '"https" lists hold HTTP proxies that tunnel HTTPS, so https.txt is read as http too; --protocol https ' +
      "means TLS to the proxy itself.",
    ],
    arguments: [{ name: "FILE", help: "A list, or - for standard input", isVariadic: true }],
    options: [
      ...DATABASE,
      {
        name: "protocol",
        type: "string",
        placeholder: "NAME",
        values: PROTOCOL_NAMES,
        help: "Protocol of lines without a scheme",
        defaultText: "as the file name tells",
      },
      {
        name: "region",
        type: "string",
        placeholder: "CC",
        help: "Country of all these proxies, for example US",
      },
      {
        name: "tag",
        type: "string",
        placeholder: "LABEL",
        isRepeatable: true,
        help: "Label of all these proxies",
      },
      TEXT_OR_JSON,
    ],
    examples: [
      { line: "import http.txt socks5.txt", says: "two lists" },
      { line: "import vendor.txt --region US --tag vendor", says: "with what is known of them" },
      { line: "import - --protocol socks5 < list", says: "from standard input" },
    ],
    load: async () => (await import("./commands/import.ts")).run,
  },
  {
    name: "export",
    summary: "Write the pool as a list, as JSON or as CSV",
    arguments: [],
    options: [
      ...DATABASE,
      {
        name: "format",
        short: "f",
        type: "string",
        placeholder: "NAME",
        values: ["txt", "json", "csv"],
        help: "Form of the output",
        defaultText: "txt",
      },
      { name: "output", short: "o", type: "string", placeholder: "FILE", help: "Write to a file instead" },
      { name: "with-credentials", type: "boolean", help: "Include user names and passwords" },
      ...CRITERIA_OPTIONS,
    ],
    examples: [
      { line: "export > proxies.txt", says: "addresses only" },
      {
        line: "export --format json --with-credentials -o backup.json",
        says: "everything; keep the file safe",
      },
      { line: "export --status healthy --region DE", says: "only some" },
    ],
    load: async () => (await import("./commands/export.ts")).run,
  },
  {
    name: "list",
    summary: "Show the proxies of the pool",
    arguments: [],
    options: [
      ...DATABASE,
      ...CRITERIA_OPTIONS,
      {
        name: "limit",
        short: "n",
        type: "integer",
        placeholder: "N",
        help: "At most so many, 1-1000",
        defaultText: "100",
      },
      { name: "cursor", type: "string", placeholder: "CURSOR", help: "Where the page before ended" },
      TEXT_OR_JSON,
    ],
    examples: [
      { line: "list --status healthy", says: "what works" },
      { line: "list --region US --limit 10 --format json", says: "for a program" },
    ],
    load: async () => (await import("./commands/list.ts")).run,
  },
  {
    name: "health",
    summary: "Show the state of the pool",
    arguments: [],
    options: [...DATABASE, TEXT_OR_JSON],
    examples: [{ line: "health", says: "at a glance" }],
    load: async () => (await import("./commands/health.ts")).run,
  },
];
