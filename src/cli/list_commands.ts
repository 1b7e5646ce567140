/** The commands that are written by hand: lists in and out, and what surrounds them. */
import { JSON_OPTION } from "./action_commands.ts";
import type { CommandSpec, OptionSpec } from "./command.ts";
import { CRITERIA_OPTIONS, PROTOCOL_NAMES } from "./criteria_options.ts";
import type { ListFormat } from "./lists/list_format.ts";
import { settingOptions } from "./setting_options.ts";

/** The forms of lists; written out, since reading them loads more than `--help` needs. */
const LIST_FORMATS: readonly ListFormat[] = ["text", "json", "csv", "toml"];

const DATABASE: readonly OptionSpec[] = settingOptions(["db", "config"]);

/** Settings of commands that read lists. */
const SOURCE_OPTIONS: readonly OptionSpec[] = settingOptions(["sources.extra", "sources.allow_private"]);

/** Proxy lists, and what is asked about them. */
export const LIST_COMMANDS: readonly CommandSpec[] = [
  {
    name: "import",
    group: "lists",
    summary: "Read proxy lists into the pool",
    details: [
      "A line is host:port, a URL, user:pass@host:port or host:port:user:pass; blank lines, comments and notes " +
      "behind an address are skipped. A bad line stops nothing: it is listed with its number and the reason. " +
      "Importing a list again adds nothing, and changes no id.",
      "JSON, CSV and TOML are read as export and the Python program write them, with regions, tags, weights, costs " +
      "and the past of each proxy. What is broken as a whole is refused with the place of the fault, before " +
      "anything is imported.",
      "Lines without a scheme get the protocol that the file name tells (socks5.txt, socks4.txt), else http. " +
      '"https" lists hold HTTP proxies that tunnel HTTPS, so https.txt is read as http too; --protocol https ' +
      "means TLS to the proxy itself.",
    ],
    arguments: [{ name: "FILE", help: "A list, or - for standard input", isVariadic: true }],
    options: [
      ...DATABASE,
      {
        name: "format",
        short: "f",
        type: "string",
        placeholder: "NAME",
        values: LIST_FORMATS,
        help: "Form of the lists",
        defaultText: "as name and content tell",
      },
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
      JSON_OPTION,
    ],
    examples: [
      { line: "import http.txt socks5.txt", says: "two lists" },
      { line: "import vendor.txt --region US --tag vendor", says: "with what is known of them" },
      { line: "import ~/.config/proxywhirl/config.toml", says: "from the Python program" },
      { line: "import - --protocol socks5 < list", says: "from standard input" },
    ],
    load: async () => (await import("./commands/import.ts")).run,
  },
  {
    name: "export",
    group: "lists",
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
      { ...JSON_OPTION, help: "The same as --format json" },
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
    name: "sources",
    group: "lists",
    summary: "Show the proxy lists, and how good each has been",
    arguments: [],
    options: [...DATABASE, ...SOURCE_OPTIONS, JSON_OPTION],
    examples: [{ line: "sources", says: "which lists there are, and how many of their proxies worked" }],
    load: async () => (await import("./commands/sources.ts")).run,
  },
  {
    name: "judge",
    group: "lists",
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
    group: "lists",
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
      JSON_OPTION,
    ],
    examples: [{ line: "region-data", says: "countries, public domain" }],
    load: async () => (await import("./commands/region_data.ts")).run,
  },
];
