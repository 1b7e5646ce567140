/** Why a server cannot listen, for a person. */
import { CliError } from "./exit_codes.ts";

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there",
  EACCES: "this port needs more rights; take one above 1023",
  EADDRNOTAVAIL: "this machine does not have the address",
  EINVAL: "nobody can listen on this address here",
  ENOTFOUND: "there is no host of that name",
};

/** The error of the system in words. */
export function listenError(host: string, port: number, cause: unknown): CliError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const reason = REASONS[code] ?? (code === "" ? String(cause) : code);
  return new CliError(`Cannot listen on ${host} port ${port}: ${reason}`);
}
