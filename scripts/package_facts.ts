/**
 * What every form in which the program is published says about it. The version, the licence and the name come from
 * `deno.json`, the settings from the contract, so that no two forms can differ.
 */

import denoConfig from "../deno.json" with { type: "json" };
import { SETTINGS } from "../gen/settings.ts";
import type { SettingSpec } from "../src/contract/spec.ts";

/** Name on JSR and on npm. */
export const packageName: string = denoConfig.name;
/** Version of all that is published. */
export const version: string = denoConfig.version;
/** SPDX name of the licence. */
export const licence: string = denoConfig.license;
/** Name for people. */
export const title = "ProxyWhirl";
/** One line; the MCP registry allows 100 characters. */
export const description = "A pool of proxies that learns which of them works for which site";
/** Home of the sources. */
export const repository = "https://github.com/wyattowalsh/proxywhirl";
/** Name in the MCP registry, which grants `io.github.<owner>/…` to the owner of the repository. */
export const mcpName = "io.github.wyattowalsh/proxywhirl";
/** Who publishes it. */
export const author = "The ProxyWhirl maintainers";
/** What people search for. */
export const keywords: readonly string[] = [
  "mcp",
  "mcp-server",
  "proxy",
  "proxy-pool",
  "proxy-rotation",
  "rotating-proxy",
  "socks5",
  "web-scraping",
];
/** The versions of Node that have what the program needs, above all `node:sqlite`. */
export const nodeRange = ">=22.13.0";
/** File name of the MCP bundle; the registry wants "mcp" in its URL. */
export const mcpbFile = "proxywhirl.mcpb";
/** Where a file of this version's release is downloaded from. */
export function downloadUrl(file: string): string {
  return `${repository}/releases/download/v${version}/${file}`;
}

/** Settings that whoever installs the program is asked for, in this order. The others have good defaults. */
const ASKED = ["db", "api_key", "strategy", "pacing", "read_only", "allow_private_targets", "region_files"];

/** The settings to ask for. */
export function askedSettings(): readonly SettingSpec[] {
  return ASKED.map((key) => {
    const spec = SETTINGS.find((spec) => spec.key === key);
    if (spec === undefined) throw new Error(`Cannot ask for setting "${key}": the contract has none`);
    return spec;
  });
}
