/** The machine of a command: where files of a person lie. */
import process from "node:process";
import { type Machine, MACHINE_VARIABLES } from "./clients/clients.ts";
import type { CliIo } from "./io.ts";

/** This machine, with the environment of the command. */
export function machineOf(io: CliIo): Machine {
  return {
    platform: process.platform,
    folder: process.cwd(),
    environment: io.readEnvironment(MACHINE_VARIABLES),
  };
}
