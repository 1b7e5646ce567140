/** `setup`: what an MCP client needs to start this program, shown or written. */
import { resolve } from "node:path";
import { SETTINGS } from "../../../gen/settings.ts";
import { type Client, CLIENTS, type Machine, projectFileOf } from "../clients/clients.ts";
import {
  type ClientFile,
  readClientFile,
  replaceClientFile,
  type ServerEntry,
  withEntry,
} from "../clients/client_file.ts";
import { CliError, EXIT, type ExitCode, UsageError } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import { launchCommand } from "../launch.ts";
import { machineOf } from "../machine.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { settingsOf } from "../setting_options.ts";

/** Shows the configuration of a client, or writes it. */
export async function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  const client = CLIENTS.find(({ name }) => name === args.positionals[0]);
  if (client === undefined) throw new UsageError(`Unknown client "${args.positionals[0]}"`);
  const name = args.text("name") ?? "proxywhirl";
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(name)) {
    throw new UsageError(`Option --name is "${name}", allowed: up to 64 letters, digits, "_", "-" and "."`);
  }
  const path = fileOf(client, machineOf(io), args);
  const settings = await settingsOf(args, io);
  const entry: ServerEntry = { ...client.extra, ...launchCommand({ settings, more: handedOn(args) }) };
  const file = await readClientFile(path, client);
  const text = withEntry(file, client, name, entry);
  const isNew = text !== file.text;
  const backup = args.flag("write") && isNew ? await replaceClientFile(file, text) : undefined;
  const told = { file: file.path, entry: { [client.key]: { [name]: entry } } };
  if (args.flag("json")) {
    const written = args.flag("write") && isNew;
    io.out(JSON.stringify({ client: client.name, ...told, written, backup: backup ?? null }, null, 2) + "\n");
  } else if (args.flag("write")) {
    tellWritten(client, { file, isNew, backup }, io);
  } else tellWhat(client, { ...told, isThere: !isNew }, io);
  return EXIT.ok;
}

function fileOf(client: Client, machine: Machine, args: ParsedArguments): string {
  const given = args.text("file");
  if (given !== undefined && args.flag("project")) {
    throw new UsageError("Options --file and --project exclude each other");
  }
  if (given !== undefined) return resolve(given);
  if (args.flag("project")) {
    const path = projectFileOf(client, machine);
    if (path !== undefined) return path;
    throw new UsageError(`${client.title} has no configuration of a folder: leave out --project`);
  }
  const path = client.userFile(machine);
  if (path !== undefined) return path;
  throw new CliError(
    `Cannot tell where ${client.title} keeps its configuration: HOME is not set; use --file`,
  );
}

/** Options of the server that were given here; those with paths go another way. */
function handedOn(args: ParsedArguments): readonly string[] {
  return SETTINGS.filter(({ flag, key }) => args.has(flag) && key !== "db" && key !== "config")
    .flatMap(({ flag, key, type }) => {
      if (type === "boolean") return [args.flag(flag) ? `--${flag}` : `--no-${flag}`];
      const value = args.text(flag) ?? "";
      return [`--${flag}`, key === "region_files" ? absolute(value) : value];
    });
}

function absolute(paths: string): string {
  if (paths.trimStart().startsWith("[")) return paths;
  return paths.split(",").map((path) => resolve(path.trim())).join(",");
}

function tellWhat(
  client: Client,
  { entry, file, isThere }: { readonly entry: object; readonly file: string; readonly isThere: boolean },
  io: CliIo,
): void {
  io.err(
    isThere
      ? `${client.title} has this already, in ${file}:\n\n`
      : `For ${client.title}, in ${file} (--write puts it there):\n\n`,
  );
  io.out(JSON.stringify(entry, null, 2) + "\n");
}

function tellWritten(
  client: Client,
  { backup, file, isNew }: {
    readonly backup: string | undefined;
    readonly file: ClientFile;
    readonly isNew: boolean;
  },
  io: CliIo,
): void {
  if (!isNew) {
    io.out(`Nothing to do: ${file.path} has it already.\n`);
    return;
  }
  io.out(`${io.paint("green", "Written")} to ${file.path}.\n`);
  if (backup !== undefined) io.out(`The file before is in ${backup}.\n`);
  io.out(`Start ${client.title} again, so that it reads it.\n`);
}
