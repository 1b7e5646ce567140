/**
 * Modules of the platform that are loaded when first used instead of at the start.
 *
 * A server is started for every chat window, and a static import of `node:fs` alone costs it 8 ms on Deno;
 * in a bundle even a dynamic one of our own files is hoisted to the top. `process.getBuiltinModule` is there on
 * Node ≥ 22.3, Deno and Bun.
 */

import process from "node:process";

/** `node:fs`. */
export function fileSystem(): typeof import("node:fs") {
  return process.getBuiltinModule("node:fs");
}

/** `node:crypto`. */
export function cryptography(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}

/** `node:net`. */
export function network(): typeof import("node:net") {
  return process.getBuiltinModule("node:net");
}

/** `node:url`. */
export function urls(): typeof import("node:url") {
  return process.getBuiltinModule("node:url");
}
