/** What a host learns of the MCP bundle: how to start it, and what to ask whoever installs it. */

import { TOOL } from "../gen/actions.ts";
import type { SettingSpec } from "../src/contract/spec.ts";
import {
  askedSettings,
  author,
  description,
  keywords,
  licence,
  nodeRange,
  repository,
  title,
  version,
} from "./package_facts.ts";

/** A question to whoever installs the bundle. */
export interface UserConfig {
  /** What the host shows: a text field or a switch. */
  readonly type: "string" | "boolean";
  /** Its name for people. */
  readonly title: string;
  /** What it is for. */
  readonly description: string;
  /** Whether there must be an answer. */
  readonly required: boolean;
  /** Whether the host hides the answer and keeps it safe. */
  readonly sensitive?: boolean;
  /** Answer at the start. An empty text reaches the program as an empty variable, which counts as not set. */
  readonly default: string | boolean;
}

/** The `manifest.json` of a bundle whose program is at `program`. */
export function mcpbManifest(program: string): Record<string, unknown> {
  const asked = askedSettings();
  return {
    manifest_version: "0.4",
    name: "proxywhirl",
    display_name: title,
    version,
    description,
    author: { name: author, url: repository },
    repository: { type: "git", url: `${repository}.git` },
    homepage: repository,
    documentation: `${repository}#readme`,
    support: `${repository}/issues`,
    license: licence,
    keywords,
    server: {
      type: "node",
      entry_point: program,
      mcp_config: {
        command: "node",
        args: [`\${__dirname}/${program}`],
        env: Object.fromEntries(
          asked.map((spec) => [variableOf(spec), `\${user_config.${spec.key}}`]),
        ),
      },
    },
    tools: [{ name: TOOL.name, description: TOOL.description.split("\n")[0] }],
    prompts_generated: true,
    compatibility: { platforms: ["darwin", "linux", "win32"], runtimes: { node: nodeRange } },
    user_config: Object.fromEntries(asked.map((spec) => [spec.key, question(spec)])),
  };
}

function question(spec: SettingSpec): UserConfig {
  const isDatabase = spec.key === "db";
  return {
    type: spec.type === "boolean" ? "boolean" : "string",
    title: titleOf(spec),
    description: spec.help,
    required: isDatabase,
    ...(spec.secret ? { sensitive: true } : {}),
    // A host starts the program in any folder, so the usual place beside it will not do.
    default: isDatabase
      ? "${HOME}/proxywhirl.db"
      : typeof spec.default === "number"
      ? ""
      : spec.default ?? "",
  };
}

function titleOf(spec: SettingSpec): string {
  if (spec.key === "db") return "Database";
  if (spec.key === "api_key") return "API key";
  const words = spec.key.replaceAll(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function variableOf(spec: SettingSpec): string {
  const [name] = spec.env;
  if (name === undefined) {
    throw new Error(`Cannot pass setting "${spec.key}": it has no environment variable`);
  }
  return name;
}
