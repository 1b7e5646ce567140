/** The commands around the program: connecting clients, settings, what is wrong, the shell. */
import { JSON_OPTION } from "./action_commands.ts";
import type { CommandSpec } from "./command.ts";
import { settingOptions } from "./setting_options.ts";

/** Programs that `setup` knows. */
export const CLIENT_NAMES: readonly string[] = ["claude-desktop", "claude-code", "cursor", "vscode"];

/** Shells that `completions` knows. */
export const SHELL_NAMES: readonly string[] = ["bash", "zsh", "fish", "powershell"];

/** Settings that a started server takes from its command line; the others may hold keys, and belong into a file. */
const LAUNCH_SETTINGS: readonly string[] = [
  "db",
  "config",
  "strategy",
  "read_only",
  "allow_actions",
  "tools",
  "confirm",
  "pacing",
  "region_files",
  "care.enabled",
  "care.min_proxies",
  "allow_private_targets",
];

/** Set-up and diagnosis. */
export const SETUP_COMMANDS: readonly CommandSpec[] = [
  {
    name: "setup",
    group: "setup",
    summary: "Tell an MCP client how to start this server",
    details: [
      "Shows what belongs into the client's configuration; with --write it is put there. The rest of the file, " +
      "comments included, stays as it is, a copy of the file before is kept beside it, and a file that cannot be " +
      "read as JSON is left alone.",
      "Under Deno the server gets the network and the folder of its database, and nothing else. Options given " +
      "here, such as --strategy, are handed on. Keys do not belong on a command line: put them into the file of " +
      "--config.",
    ],
    arguments: [{ name: "CLIENT", help: "The program to connect", values: CLIENT_NAMES }],
    options: [
      { name: "write", short: "w", type: "boolean", help: "Write it into the client's file" },
      { name: "project", type: "boolean", help: "For this folder only, instead of for you everywhere" },
      { name: "file", type: "string", placeholder: "FILE", help: "Another file than the client's usual one" },
      {
        name: "name",
        type: "string",
        placeholder: "NAME",
        help: "What the client calls the server",
        defaultText: "proxywhirl",
      },
      JSON_OPTION,
      ...settingOptions(LAUNCH_SETTINGS),
    ],
    examples: [
      { line: "setup claude-desktop", says: "look first" },
      { line: "setup claude-desktop --write --db ~/pool.db", says: "then write" },
      { line: "setup vscode --project --write", says: "into .vscode/mcp.json of this folder" },
    ],
    load: async () => (await import("./commands/setup.ts")).run,
  },
  {
    name: "doctor",
    group: "setup",
    summary: "Look for what is wrong, and say what to do",
    details: [
      "Looks at the runtime and its permissions, the settings, the database and the configuration of the MCP clients. " +
      "Changes nothing, and connects to nothing outside this machine unless --online or --target says so. " +
      "Ends with 1 when something does not work; a warning is no failure.",
    ],
    arguments: [],
    options: [
      { name: "online", type: "boolean", help: "Ask the judges that validation uses, directly" },
      {
        name: "target",
        type: "string",
        placeholder: "URL",
        help: "Ask this site, directly: it sees your own address",
      },
      JSON_OPTION,
      ...settingOptions(["db", "config", "validation.judges"]),
    ],
    examples: [
      { line: "doctor", says: "without touching the network" },
      { line: "doctor --online", says: "and whether judges can be reached" },
    ],
    load: async () => (await import("./commands/doctor.ts")).run,
  },
  {
    name: "config",
    group: "setup",
    summary: "Show the settings and where each comes from, or check them",
    details: [
      "Options win over environment variables, these over the file of --config, and that over the defaults. A key " +
      "is only said to be set or not set. check names everything that is wrong, and ends with 2 then.",
    ],
    arguments: [{ name: "WHAT", help: "What to do", values: ["show", "check"] }],
    options: [JSON_OPTION, ...settingOptions()],
    examples: [
      { line: "config show --config pool.json", says: "what would be in force" },
      { line: "config check --config pool.json", says: "everything that is wrong with it" },
    ],
    load: async () => (await import("./commands/config.ts")).run,
  },
  {
    name: "completions",
    group: "setup",
    summary: "Write the completions of a shell",
    arguments: [{ name: "SHELL", help: "The shell", values: SHELL_NAMES }],
    options: [],
    examples: [
      { line: "completions bash > ~/.local/share/bash-completion/completions/proxywhirl", says: "bash" },
      { line: 'completions zsh > "${fpath[1]}/_proxywhirl"', says: "zsh" },
      { line: "completions fish > ~/.config/fish/completions/proxywhirl.fish", says: "fish" },
      { line: "completions powershell >> $PROFILE", says: "PowerShell" },
    ],
    load: async () => (await import("./commands/completions.ts")).run,
  },
];
