/**
 * The few things that differ between Deno, Node and Bun. Everything else goes through `node:` modules, which all
 * three have; no other folder names a runtime's own global.
 *
 * @example
 * ```ts ignore
 * import { isMain, readEnvironment } from "./src/runtime/mod.ts";
 *
 * if (isMain(import.meta)) await main(readEnvironment(["PROXYWHIRL_DB"]));
 * ```
 *
 * @module
 */

export { cryptography, fileSystem, network } from "./builtin.ts";
export { environmentNames, readEnvironment } from "./environment.ts";
export {
  type FetchHandler,
  type HttpListener,
  type HttpListenerOptions,
  isLoopback,
  listenHttp,
  type RequestOrigin,
} from "./http_listener.ts";
export { isMain } from "./main_module.ts";
export { type MainProgram, mainProgram } from "./main_program.ts";
export { type Ability, isAllowed } from "./permissions.ts";
export { type RuntimeInfo, runtimeInfo } from "./runtime_info.ts";
export { isTerminal, type StandardStream } from "./terminal.ts";
