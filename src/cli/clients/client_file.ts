/** The configuration file of a client: read, checked, and changed in one place without touching the rest. */
import { basename, dirname, join } from "node:path";
import { getNodeValue, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { setMember } from "./json_edit.ts";
import { cryptography, fileSystem } from "../../runtime/mod.ts";
import { CliError } from "../exit_codes.ts";
import type { Client } from "./clients.ts";
import { isRecord } from "../is_record.ts";

/** An entry for a server. */
export interface ServerEntry {
  /** Program. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** What a client wants besides. */
  readonly [key: string]: unknown;
}

/** A file as it is. */
export interface ClientFile {
  /** The file itself, links followed. */
  readonly path: string;
  /** What it holds; `undefined` when there is none. */
  readonly text: string | undefined;
  /** Its mode. */
  readonly mode: number;
  /** The servers in it. */
  readonly servers: Readonly<Record<string, unknown>>;
}

const BYTE_ORDER_MARK = "\uFEFF";
const LARGEST_BYTES = 64 * 1024 * 1024;

/**
 * Reads a file.
 *
 * @throws {CliError} It cannot be read, or does not hold what such a file must hold.
 */
export async function readClientFile(path: string, client: Client): Promise<ClientFile> {
  const { promises: fs } = fileSystem();
  const real = await realPath(path);
  const stats = await fs.stat(real).catch((error) => ignoreMissing(error, path));
  if (stats === undefined) return { path: real, text: undefined, mode: 0o600, servers: {} };
  if (!stats.isFile()) throw new CliError(`Cannot use "${path}": it is not a file`);
  if (stats.size > LARGEST_BYTES) throw new CliError(`Cannot use "${path}": it has ${stats.size} bytes`);
  const text = await fs.readFile(real, "utf8").catch((error) => failReading(error, path));
  return { path: real, text, mode: stats.mode & 0o777, servers: serversIn(text, path, client) };
}

/** The file, with the entry put in or brought up to date; the same text when nothing is to be done. */
export function withEntry(file: ClientFile, client: Client, name: string, entry: ServerEntry): string {
  const mark = file.text?.startsWith(BYTE_ORDER_MARK) === true ? BYTE_ORDER_MARK : "";
  const before = (file.text ?? "").slice(mark.length);
  const known = Object.hasOwn(file.servers, name) ? file.servers[name] : undefined;
  // What a person has put beside, such as variables, stays.
  const changes: readonly (readonly [readonly string[], unknown])[] = isRecord(known)
    ? Object.entries(entry).filter(([key, value]) => !isSame(known[key], value))
      .map(([key, value]) => [[client.key, name, key], value])
    : [[[client.key, name], entry]];
  if (changes.length === 0) return file.text ?? "";
  let text = before.trim() === "" ? "{}\n" : before;
  for (const [path, value] of changes) text = setMember(text, path, value);
  return mark + text;
}

/**
 * Writes the file in one step, so that whoever reads it finds the old text or the new one; a copy of the old one
 * is kept beside it.
 *
 * @returns Path of the copy, if there was something to copy
 * @throws {CliError} It cannot be written, or somebody else has changed it meanwhile.
 */
export async function replaceClientFile(file: ClientFile, text: string): Promise<string | undefined> {
  const { promises: fs } = fileSystem();
  const { mode, path } = file;
  const mark = cryptography().randomUUID().slice(0, 8);
  const draft = join(dirname(path), `.${basename(path)}.${mark}.tmp`);
  try {
    await fs.mkdir(dirname(path), { recursive: true });
    const handle = await fs.open(draft, "wx", mode);
    try {
      await handle.writeFile(text);
      await handle.chmod(mode); // whatever the umask
      await handle.sync();
    } finally {
      await handle.close();
    }
    const now = await fs.readFile(path, "utf8").catch((error) => ignoreMissing(error, path));
    if (now !== file.text) {
      throw new CliError(`Cannot write "${path}": another program has just changed it; try again`);
    }
    const backup = file.text === undefined ? undefined : await keepCopy(path, mode, file.text);
    await fs.rename(draft, path);
    return backup;
  } catch (error) {
    await fs.rm(draft, { force: true }).catch(() => {});
    if (error instanceof CliError) throw error;
    throw new CliError(`Cannot write "${path}": ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `mcp.json.1.bak`, `mcp.json.2.bak` …: an older copy is never overwritten. */
async function keepCopy(path: string, mode: number, text: string): Promise<string> {
  for (let number = 1; number < 1000; number++) {
    const backup = `${path}.${number}.bak`;
    try {
      await fileSystem().promises.writeFile(backup, text, { flag: "wx", mode });
      return backup;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
  throw new CliError(`Cannot write "${path}": remove the copies ${path}.1.bak … first`);
}

function serversIn(text: string, path: string, client: Client): Readonly<Record<string, unknown>> {
  const bare = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  if (bare.trim() === "") return {};
  const errors: ParseError[] = [];
  const { isRelaxed, key } = client;
  const root = parseTree(bare, errors, { disallowComments: !isRelaxed, allowTrailingComma: isRelaxed });
  const [error] = errors;
  if (error !== undefined || root === undefined) {
    const place = error === undefined
      ? ""
      : ` at ${placeOf(bare, error.offset)}: ${printParseErrorCode(error.error)}`;
    throw new CliError(`Cannot use "${path}": it is not JSON${place}. It was left as it is: repair it first`);
  }
  const content: unknown = getNodeValue(root);
  if (!isRecord(content)) throw new CliError(`Cannot use "${path}": it must hold one JSON object`);
  const servers = content[key] ?? {};
  if (!isRecord(servers)) throw new CliError(`Cannot use "${path}": its "${key}" must be an object`);
  return servers;
}

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

/** A link stays a link: what it leads to is written. */
async function realPath(path: string): Promise<string> {
  const { promises: fs } = fileSystem();
  try {
    return await fs.realpath(path);
  } catch (error) {
    ignoreMissing(error, path);
  }
  const link = await fs.lstat(path).catch(() => undefined);
  if (link?.isSymbolicLink() === true) throw new CliError(`Cannot use "${path}": it is a link to nothing`);
  return path;
}

function ignoreMissing(error: unknown, path: string): undefined {
  if (codeOf(error) === "ENOENT") return undefined;
  return failReading(error, path);
}

function failReading(error: unknown, path: string): never {
  throw new CliError(`Cannot read "${path}": ${error instanceof Error ? error.message : String(error)}`);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, "code") : undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
