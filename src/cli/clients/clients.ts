/** The MCP clients that `setup` and `doctor` know, and where each keeps its configuration. */
import { posix, win32 } from "node:path";

/** The machine as far as paths depend on it. */
export interface Machine {
  /** As `process.platform` has it. */
  readonly platform: string;
  /** Folder that the program was started in. */
  readonly folder: string;
  /** Environment variables of {@linkcode MACHINE_VARIABLES} that are set. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Variables that say where files of a person lie. */
export const MACHINE_VARIABLES: readonly string[] = [
  "HOME",
  "USERPROFILE",
  "APPDATA",
  "XDG_CONFIG_HOME",
  "CLAUDE_CONFIG_DIR",
];

/** An MCP client. */
export interface Client {
  /** As on the command line. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Key under which the servers stand. */
  readonly key: "mcpServers" | "servers";
  /** Further members of an entry. */
  readonly extra: Readonly<Record<string, string>>;
  /** Whether its file may hold comments and commas at the end. */
  readonly isRelaxed: boolean;
  /** File of a person; `undefined` when it cannot be told where that is. */
  readonly userFile: (machine: Machine) => string | undefined;
  /** File of a folder, where the client has such. */
  readonly projectFile?: readonly string[];
}

/** All clients. */
export const CLIENTS: readonly Client[] = [
  {
    name: "claude-desktop",
    title: "Claude Desktop",
    key: "mcpServers",
    extra: {},
    isRelaxed: false,
    userFile: (machine) => inApplicationData(machine, "Claude", "claude_desktop_config.json"),
  },
  {
    name: "claude-code",
    title: "Claude Code",
    key: "mcpServers",
    extra: {},
    isRelaxed: false,
    userFile: (machine) =>
      inFolder(machine, machine.environment["CLAUDE_CONFIG_DIR"] ?? homeOf(machine), ".claude.json"),
    projectFile: [".mcp.json"],
  },
  {
    name: "cursor",
    title: "Cursor",
    key: "mcpServers",
    extra: {},
    isRelaxed: false,
    userFile: (machine) => inFolder(machine, homeOf(machine), ".cursor", "mcp.json"),
    projectFile: [".cursor", "mcp.json"],
  },
  {
    name: "vscode",
    title: "VS Code",
    key: "servers",
    extra: { type: "stdio" },
    isRelaxed: true,
    userFile: (machine) => inApplicationData(machine, "Code", "User", "mcp.json"),
    projectFile: [".vscode", "mcp.json"],
  },
];

/** File of a client for the folder that the program was started in. */
export function projectFileOf({ projectFile }: Client, machine: Machine): string | undefined {
  return projectFile === undefined ? undefined : inFolder(machine, machine.folder, ...projectFile);
}

function homeOf({ environment, platform }: Machine): string | undefined {
  const { HOME, USERPROFILE } = environment;
  return notEmpty(platform === "win32" ? USERPROFILE ?? HOME : HOME);
}

/** Where programs of a person keep their settings. */
function inApplicationData(machine: Machine, ...names: readonly string[]): string | undefined {
  const { environment, platform } = machine;
  const home = homeOf(machine);
  if (platform === "win32") {
    const folder = notEmpty(environment["APPDATA"]) ?? inFolder(machine, home, "AppData", "Roaming");
    return inFolder(machine, folder, ...names);
  }
  if (platform === "darwin") return inFolder(machine, home, "Library", "Application Support", ...names);
  // A relative path there is to be ignored: XDG Base Directory Specification.
  const configured = notEmpty(environment["XDG_CONFIG_HOME"]);
  const folder = configured?.startsWith("/") === true ? configured : inFolder(machine, home, ".config");
  return inFolder(machine, folder, ...names);
}

function inFolder(
  { platform }: Machine,
  folder: string | undefined,
  ...names: readonly string[]
): string | undefined {
  if (folder === undefined) return undefined;
  return (platform === "win32" ? win32 : posix).join(folder, ...names);
}

function notEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
