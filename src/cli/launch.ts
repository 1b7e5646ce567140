/** The command with which an MCP client would start this very program again. */
import { dirname, resolve } from "node:path";
import type { Settings } from "../../gen/settings.ts";
import { type MainProgram, mainProgram, type RuntimeInfo, runtimeInfo } from "../runtime/mod.ts";
import { textsSetting } from "../service/list_setting.ts";
import { VERSION } from "../service/version.ts";

/** What a client runs. */
export interface LaunchCommand {
  /** Program. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
}

/** What the command depends on. */
export interface LaunchOptions {
  /** The database and other files that the server opens. */
  readonly settings: Pick<Settings, "db" | "config" | "regionFiles">;
  /** Further arguments of the server, as they are. */
  readonly more?: readonly string[];
  /** How this program was started. @default {mainProgram()} */
  readonly program?: MainProgram;
  /** What runs it. @default {runtimeInfo()} */
  readonly runtime?: RuntimeInfo;
}

/** What npx and bunx have fetched; they keep that in a folder that may go away. */
const BY_NPX = /[\\/]_npx[\\/]/;
const BY_BUNX = /[\\/]bunx-/;
/** Name of this program on npm. */
const PACKAGE = "@proxywhirl/mcp";
/** Variables that the server reads: its settings. */
const ENVIRONMENT = "PROXYWHIRL_*";

/** A client starts the server in a folder of its own choice, so that every path is absolute. */
export function launchCommand(options: LaunchOptions): LaunchCommand {
  const { more = [], program = mainProgram(), runtime = runtimeInfo(), settings } = options;
  const { executable, script } = program;
  const db = settings.db === ":memory:" ? settings.db : resolve(settings.db);
  const config = settings.config === null ? [] : ["--config", resolve(settings.config)];
  const server = ["--db", db, ...config, ...more];
  if (script === undefined) return { command: executable, args: server };
  const own = `${PACKAGE}@${VERSION}`;
  if (BY_NPX.test(script)) return { command: "npx", args: ["-y", own, ...server] };
  if (BY_BUNX.test(script)) return { command: "bunx", args: ["--bun", own, ...server] };
  const start = runtime.name === "Deno" ? ["run", ...permissions(settings), specifier(script)] : [script];
  return throughNpx([...start, ...server], executable, runtime) ??
    { command: executable, args: [...start, ...server] };
}

/** The network, the folder of the database, the files of the settings; nothing else, and never a question. */
function permissions({ config, db, regionFiles }: LaunchOptions["settings"]): readonly string[] {
  const folders = db === ":memory:" ? [] : [dirname(resolve(db))];
  const files = [...config === null ? [] : [config], ...textsSetting(regionFiles, "region_files")];
  const read = [...folders, ...files.map((path) => resolve(path))];
  return [
    "--no-prompt",
    "--allow-net",
    ...read.length === 0 ? [] : [`--allow-read=${listed(read)}`],
    ...folders.length === 0 ? [] : [`--allow-write=${listed(folders)}`],
    `--allow-env=${ENVIRONMENT}`,
  ];
}

/** Deno takes two commas for one that belongs to a path. */
function listed(paths: readonly string[]): string {
  return paths.map((path) => path.replaceAll(",", ",,")).join(",");
}

/** What is at `https://jsr.io/@scope/name/1.2.3/mod.ts` has a shorter name. */
function specifier(script: string): string {
  const [, name, version] = /^https:\/\/jsr\.io\/(@[\w-]+\/[\w-]+)\/([^/]+)\/mod\.ts$/.exec(script) ?? [];
  return name === undefined ? script : `jsr:${name}@${version}`;
}

/** Of a Deno that npx has fetched: the client then calls npx, too. */
function throughNpx(
  args: readonly string[],
  executable: string,
  runtime: RuntimeInfo,
): LaunchCommand | undefined {
  if (runtime.name !== "Deno" || !BY_NPX.test(executable)) return undefined;
  return { command: "npx", args: ["-y", `deno@${runtime.version}`, ...args] };
}
