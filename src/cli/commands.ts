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

/** Settings of commands that try proxies. */
const TRIAL_OPTIONS: readonly OptionSpec[] = settingOptions([
  "validation.judges",
  "validation.concurrency",
  "validation.timeout",
  "region_files",
  "allow_private_targets",
]);

/** Settings of commands that read lists. */
const SOURCE_OPTIONS: readonly OptionSpec[] = settingOptions(["sources.extra", "sources.allow_private"]);

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
      ...settingOptions(["region_files"]),
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
    name: "fetch",
    summary: "Fill the pool from public proxy lists",
    details: [
      "Lists are read side by side; proxies that are new are tried against judges, and those that work are added. " +
      "Ctrl+C ends it and keeps what was found. The database is made when there is none.",
    ],
    arguments: [{
      name: "LIST",
      help: "Names (see sources), recommended, all, a protocol, or URLs; recommended when left out",
      isVariadic: true,
      isOptional: true,
    }],
    options: [
      ...DATABASE,
      {
        name: "max-proxies",
        short: "n",
        type: "integer",
        placeholder: "N",
        help: "Add at most so many",
        defaultText: "100",
      },
      { name: "validate", type: "boolean", help: "Add only proxies that work", defaultText: "on" },
      ...SOURCE_OPTIONS,
      ...TRIAL_OPTIONS,
      TEXT_OR_JSON,
    ],
    examples: [
      { line: "fetch", says: "a hundred that work, from the best lists" },
      { line: "fetch socks5 -n 20", says: "from all lists of one protocol" },
      { line: "fetch https://lists.example/http.txt --no-validate", says: "another list, as it is" },
    ],
    load: async () => (await import("./commands/fetch.ts")).run,
  },
  {
    name: "validate",
    summary: "Try the proxies of the pool, and remember how each did",
    details: [
      "Each is asked for a small page of a judge. What that shows is kept: whether it works, how fast, where it " +
      "leaves from, and as tags what it tells of its user (transparent, anonymous, elite) and whether it reaches " +
      "https sites (https). Proxies never tried come first. Ctrl+C ends it and keeps what was found.",
    ],
    arguments: [{
      name: "ID",
      help: "Proxies, all that match when left out",
      isVariadic: true,
      isOptional: true,
    }],
    options: [
      ...DATABASE,
      ...CRITERIA_OPTIONS,
      {
        name: "limit",
        short: "n",
        type: "integer",
        placeholder: "N",
        help: "At most so many",
        defaultText: "all",
      },
      ...TRIAL_OPTIONS,
      TEXT_OR_JSON,
    ],
    examples: [
      { line: "validate", says: "the whole pool" },
      { line: "validate --status dead --validation-timeout 20", says: "another chance, with more time" },
      { line: "validate --judges http://judge.example:8090/", says: "with a judge of your own" },
    ],
    load: async () => (await import("./commands/validate.ts")).run,
  },
  {
    name: "sources",
    summary: "Show the proxy lists, and how good each has been",
    arguments: [],
    options: [...DATABASE, ...SOURCE_OPTIONS, TEXT_OR_JSON],
    examples: [{ line: "sources", says: "which lists there are, and how many of their proxies worked" }],
    load: async () => (await import("./commands/sources.ts")).run,
  },
  {
    name: "judge",
    summary: "Run a judge, which validation asks through proxies",
    details: [
      "A judge answers with what it sees of a request: run one where your proxies can reach it. It stores " +
      "nothing. The address is written to standard output.",
    ],
    arguments: [],
    options: [
      {
        name: "host",
        type: "string",
        placeholder: "ADDRESS",
        help: "Where to listen",
        defaultText: "127.0.0.1",
      },
      {
        name: "port",
        short: "p",
        type: "integer",
        placeholder: "N",
        help: "Port; 0 takes a free one",
        defaultText: "8090",
      },
      { name: "cert", type: "string", placeholder: "FILE", help: "Certificate (PEM), to speak HTTPS" },
      { name: "key", type: "string", placeholder: "FILE", help: "Its private key (PEM)" },
    ],
    examples: [{ line: "judge --host 0.0.0.0", says: "for a team, on port 8090" }],
    load: async () => (await import("./commands/judge.ts")).run,
  },
  {
    name: "region-data",
    summary: "Fetch a file that tells in which country an address is",
    details: [
      "Takes MaxMind DB files (.mmdb) out of npm packages; without a name the package is public domain, some 10 MB, and tells " +
      "countries. Names like @ip-location-db/… have others, each with its licence.",
    ],
    arguments: [{
      name: "PACKAGE",
      help: "npm packages with .mmdb files",
      isVariadic: true,
      isOptional: true,
    }],
    options: [
      ...settingOptions(["config", "verify_ssl"]),
      {
        name: "folder",
        type: "string",
        placeholder: "DIR",
        help: "Where to put the files",
        defaultText: "./region-data",
      },
      {
        name: "registry",
        type: "string",
        placeholder: "URL",
        help: "npm registry",
        defaultText: "https://registry.npmjs.org",
      },
    ],
    examples: [{ line: "region-data", says: "countries, public domain" }],
    load: async () => (await import("./commands/region_data.ts")).run,
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
