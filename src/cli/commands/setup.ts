import { CliError } from "../exit_codes.ts";

/** Not there yet. */
export function run(): Promise<never> {
  return Promise.reject(new CliError("Not there yet"));
}
