/**
 * What the program may do where it is started by a command of ours, in one place.
 *
 * It uses the network, files, and the variables with its own settings. It starts no other program, loads no library
 * and asks for nothing about the system.
 */

import { MACHINE_VARIABLES } from "../src/cli/clients/clients.ts";
import { COLOUR_VARIABLES } from "../src/cli/paint.ts";

/** The settings of the program, as `--allow-env` names them. */
const SETTINGS = "PROXYWHIRL_*";

/**
 * The permissions of an executable, which are fixed when it is made: those that its commands need somewhere. Where it
 * is denied something it goes on without, and never asks.
 */
export function binaryPermissions(): readonly string[] {
  return [
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--deny-import", // code from some hosts is allowed otherwise
    `--allow-env=${binaryVariables().join(",")}`,
  ];
}

/** The environment variables that an executable may read. */
export function binaryVariables(): readonly string[] {
  return [SETTINGS, ...COLOUR_VARIABLES, ...MACHINE_VARIABLES];
}

/** The permissions of a server that keeps to one folder. */
export function serverPermissions(folder: string): readonly string[] {
  return [
    "--no-prompt",
    "--allow-net",
    `--allow-read=${folder}`,
    `--allow-write=${folder}`,
    `--allow-env=${SETTINGS}`,
  ];
}
