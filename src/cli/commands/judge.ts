/** `judge`: runs a judge, which validation asks through proxies. */
import { CliError, EXIT, type ExitCode, UsageError } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import { listenError } from "../listen_error.ts";
import type { ParsedArguments } from "../parse_arguments.ts";

/** Serves until the person ends it. */
export async function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  const { startJudge } = await import("../../sources/judge.ts");
  const host = args.text("host") ?? "127.0.0.1";
  const port = args.number("port") ?? 8090;
  if (port < 0 || port > 65_535) throw new UsageError(`Option --port is ${port}, allowed: 0 to 65535`);
  const tls = await readCertificate(args, io);
  const interruption = io.interruption();
  try {
    const judge = await startJudge({ host, port, ...tls }).catch((cause) => {
      throw listenError(host, port, cause);
    });
    io.out(`${judge.url}\n`);
    io.err(
      "The judge runs until Ctrl+C. Use it with --judges URL, where URL is how proxies reach this machine.\n",
    );
    await aborted(interruption.signal);
    await judge.close();
    return EXIT.ok;
  } finally {
    interruption.stop();
  }
}

async function readCertificate(
  args: ParsedArguments,
  io: CliIo,
): Promise<{ readonly key?: string; readonly cert?: string }> {
  const [key, cert] = [args.text("key"), args.text("cert")];
  if (key === undefined && cert === undefined) return {};
  if (key === undefined || cert === undefined) throw new UsageError("Options --key and --cert go together");
  const read = (path: string) =>
    io.readTextFile(path).catch((cause) => {
      throw new CliError(`Cannot read "${path}": ${cause instanceof Error ? cause.message : String(cause)}`);
    });
  return { key: await read(key), cert: await read(cert) };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
