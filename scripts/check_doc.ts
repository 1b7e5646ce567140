/**
 * Checks that everything public is documented: every symbol of every entry point in `deno.json` (`deno doc --lint`),
 * and each entry point itself, with an example.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import denoConfig from "../deno.json" with { type: "json" };
import { runToEnd } from "./run_to_end.ts";

/** The part of `deno doc --json` that is read here. */
interface Documentation {
  readonly nodes: Readonly<Record<string, { readonly module_doc?: ModuleDoc }>>;
}

interface ModuleDoc {
  readonly doc?: string;
  readonly tags?: readonly { readonly kind: string }[];
}

const root = fileURLToPath(new URL("../", import.meta.url));
const entries = Object.values(denoConfig.exports);

/** Entry points without a description, or without an example. */
export function undocumented({ nodes }: Documentation): readonly string[] {
  return Object.entries(nodes).flatMap(([module, { module_doc: { doc = "", tags = [] } = {} }]) => {
    if (doc.trim() === "") return [`${module} has no module documentation`];
    const hasExample = doc.includes("```") || tags.some(({ kind }) => kind === "example");
    return hasExample ? [] : [`${module} has no example in its module documentation`];
  });
}

if (import.meta.main) {
  const lint = new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", ...entries],
    cwd: root,
    stdout: "null",
  });
  const { code } = await lint.spawn().status;
  const gaps = undocumented(
    JSON.parse(await runToEnd(Deno.execPath(), ["doc", "--json", ...entries], { cwd: root })),
  );
  for (const gap of gaps) console.error(gap);
  Deno.exit(code !== 0 || gaps.length > 0 ? 1 : 0);
}
