/**
 * Writes what the MCP registry is told: `deno task server-json [--mcpb FILE] [--output FILE]`, `dist/server.json` by
 * default. Needs the MCP bundle, whose checksum is in it.
 *
 * @module
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { SettingSpec } from "../src/contract/spec.ts";
import {
  askedSettings,
  description,
  downloadUrl,
  mcpbFile,
  mcpName,
  packageName,
  repository,
  title,
  version,
} from "./package_facts.ts";
import { sha256 } from "./sha256.ts";

/** An environment variable of the program, in the words of the registry. */
export interface RegistryVariable {
  /** Its name. */
  readonly name: string;
  /** What it is for. */
  readonly description: string;
  /** Kind of value. */
  readonly format: "string" | "number" | "boolean" | "filepath";
  /** Whether the program needs it. */
  readonly isRequired: boolean;
  /** Whether a client must hide it. */
  readonly isSecret: boolean;
  /** Value without it. */
  readonly default?: string;
}

/** Whole content of `server.json`; `mcpbSha256` is the checksum of the MCP bundle. */
export function serverJson(mcpbSha256: string): Record<string, unknown> {
  const transport = { type: "stdio" };
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name: mcpName,
    title,
    description,
    version,
    repository: { url: repository, source: "github" },
    websiteUrl: repository,
    packages: [
      {
        registryType: "npm",
        registryBaseUrl: "https://registry.npmjs.org",
        identifier: packageName,
        version,
        runtimeHint: "npx",
        transport,
        environmentVariables: askedSettings().flatMap(variables),
      },
      { registryType: "mcpb", identifier: downloadUrl(mcpbFile), fileSha256: mcpbSha256, transport },
    ],
  };
}

function variables(spec: SettingSpec): readonly RegistryVariable[] {
  return spec.env.slice(0, 1).map((name) => ({
    name,
    description: spec.help,
    format: spec.key === "db" ? "filepath" : formatOf(spec),
    isRequired: false,
    isSecret: spec.secret,
    ...(spec.default === null ? {} : { default: String(spec.default) }),
  }));
}

function formatOf(spec: SettingSpec): RegistryVariable["format"] {
  return spec.type === "integer" ? "number" : spec.type;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      mcpb: { type: "string", default: join("dist", mcpbFile) },
      output: { type: "string", default: join("dist", "server.json") },
    },
  });
  const path = resolve(values.output);
  const content = serverJson(sha256(await readFile(values.mcpb)));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
  console.log(path);
}
