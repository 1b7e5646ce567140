/**
 * What the program may do where it is started by a command of ours, in one place.
 *
 * It uses the network, files, and the variables with its own settings. It starts no other program, loads no library
 * and asks for nothing about the system.
 */

/** Variables that the program looks at, as `--allow-env` names them. */
const ENVIRONMENT = ["PROXYWHIRL_*", "NO_COLOR", "FORCE_COLOR"];

/**
 * The permissions of an executable, fixed when it is made. Where it is denied something it goes on without, and never
 * asks.
 */
export function binaryPermissions(): readonly string[] {
  return [
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--deny-import", // code from some hosts is allowed otherwise
    `--allow-env=${ENVIRONMENT.join(",")}`,
  ];
}

/** The same for a server that keeps to one folder. */
export function serverPermissions(folder: string): readonly string[] {
  return [
    "--no-prompt",
    "--allow-net",
    `--allow-read=${folder}`,
    `--allow-write=${folder}`,
    "--allow-env=PROXYWHIRL_*",
  ];
}
