/**
 * Puts the command `proxywhirl` where Deno keeps commands, `~/.deno/bin`: `deno task install`. It runs the bundle,
 * which is made anew, with named permissions.
 *
 * @module
 */

import process from "node:process";
import { bundle } from "./bundle.ts";
import { binaryPermissions } from "./permissions.ts";

const { path } = await bundle("dist/proxywhirl.mjs");
const args = [
  "install",
  "--global",
  "--force",
  "--name",
  "proxywhirl",
  "--no-config",
  ...binaryPermissions(),
  path,
];
const { code } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
process.exitCode = code;
