/** Have the MCP clients of this machine an entry for this program, and does it lead anywhere? */
import { delimiter, isAbsolute, join } from "node:path";
import process from "node:process";
import { type ClientFile, readClientFile } from "../clients/client_file.ts";
import { type Client, CLIENTS, type Machine, projectFileOf } from "../clients/clients.ts";
import { fileSystem, isAllowed } from "../../runtime/mod.ts";
import { type Checked, fail, ok, reasonOf, warn } from "./check.ts";
import { isRecord } from "../is_record.ts";

/** What the doctor knows of the machine besides. */
export interface ClientCheckOptions {
  /** Where the files are. */
  readonly machine: Machine;
  /** Folders in which programs are looked for, as in `PATH`. */
  readonly searchPath: string | undefined;
}

/** Every file that is there. */
export async function checkClients(options: ClientCheckOptions): Promise<readonly Checked[]> {
  const { machine } = options;
  const checks: Checked[] = [];
  let hidden = 0;
  for (const client of CLIENTS) {
    const [user, project] = [client.userFile(machine), projectFileOf(client, machine)];
    // In the home folder they are the same.
    for (const path of new Set([user, project])) {
      if (path === undefined) continue;
      if (!isAllowed({ kind: "read", path })) hidden++;
      else checks.push(...await checkFile(client, path, { ...options, isProject: path !== user }));
    }
  }
  if (hidden > 0) {
    checks.push(warn(`Not looked at: ${hidden} files that the runtime hides`, "Allow to read them."));
  }
  return checks.length > 0 ? checks : [warn("No MCP client is set up", "proxywhirl setup CLIENT shows how.")];
}

async function checkFile(
  client: Client,
  path: string,
  options: ClientCheckOptions & { readonly isProject: boolean },
): Promise<readonly Checked[]> {
  let file: ClientFile;
  try {
    file = await readClientFile(path, client);
  } catch (error) {
    return [fail(`${client.title}: ${reasonOf(error)}`, "Repair the file; an editor shows where.")];
  }
  if (file.text === undefined) return [];
  const entries = Object.entries(file.servers).filter(([name, entry]) => isOurs(name, entry));
  if (entries.length > 0) {
    return entries.map(([name, entry]) =>
      checkEntry(`${client.title}, "${name}" in ${path}`, entry, options)
    );
  }
  const command = `proxywhirl setup ${client.name}${options.isProject ? " --project" : ""} --write`;
  return [warn(`${client.title} has no entry for ProxyWhirl in ${path}`, command)];
}

/** By its name, or by what it starts. */
function isOurs(name: string, entry: unknown): boolean {
  return /proxy-?whirl/i.test(`${name} ${JSON.stringify(entry)}`);
}

function checkEntry(where: string, entry: unknown, { searchPath }: ClientCheckOptions): Checked {
  const again = "Write it again with proxywhirl setup.";
  if (!isRecord(entry)) return fail(`${where} is not an object`, again);
  if (typeof entry["url"] === "string") return ok(`${where} connects to a server that runs already`);
  const { args = [], command } = entry;
  if (typeof command !== "string" || command === "") return fail(`${where} names no command`, again);
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === "string")) {
    return fail(`${where} has args that are not a list of texts`, again);
  }
  if (!isProgram(command, searchPath)) return fail(`${where} starts "${command}", which is not there`, again);
  const missing = pathsIn(args).find((path) => !fileSystem().existsSync(path));
  if (missing !== undefined) return fail(`${where} names "${missing}", which is not there`, again);
  if (args.includes("-A") || args.includes("--allow-all")) {
    return warn(`${where} lets the program do anything (-A)`, `${again} It then names what is needed.`);
  }
  return ok(`${where} starts a program that is there`);
}

/** The script, and the folder of the database; the database itself is made when it is missing. */
function pathsIn(args: readonly string[]): readonly string[] {
  const script = args.find((arg) => /\.[cm]?[jt]s$/.test(arg) && isAbsolute(arg));
  const db = args.flatMap((arg, index) => {
    if (arg === "--db") return [args[index + 1] ?? ""];
    return arg.startsWith("--db=") ? [arg.slice("--db=".length)] : [];
  })[0];
  const folder = db !== undefined && isAbsolute(db) ? [join(db, "..")] : [];
  return [...script === undefined ? [] : [script], ...folder];
}

function isProgram(command: string, searchPath = ""): boolean {
  const fs = fileSystem();
  if (/[\\/]/.test(command)) return fs.existsSync(command);
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat", ""] : [""];
  return searchPath.split(delimiter).filter((folder) => folder !== "")
    .some((folder) => endings.some((ending) => fs.existsSync(join(folder, command + ending))));
}
