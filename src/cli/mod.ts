/**
 * The program: its commands, and the way into them.
 *
 * @module
 */
export { EXIT, type ExitCode } from "./exit_codes.ts";
export { type CliIo, processIo, type Serve, type ServeOptions } from "./io.ts";
export { main } from "./main.ts";
