/**
 * Lets a module load the platform's modules when it runs, not when the file that contains it is read.
 *
 * A bundle holds modules that most starts of the program never run: dialers, parsers, checks. Their imports of
 * `node:http` and its like would still be hoisted to the top of the bundle, and cost every start some 25 ms. As
 * `process.getBuiltinModule(…)` they stay where they are.
 */

const IMPORT = /^import\s+(?!type\b)([^;]*?)\s+from\s+"(node:[\w/]+)";$/gms;
/** Needed by every start anyway. On Deno the first call of `getBuiltinModule` would cost it another 5 ms. */
const EAGER: ReadonlySet<string> = new Set(["node:process", "node:timers", "node:buffer", "node:util"]);

/** The source of a TypeScript module with its imports of built-in modules deferred. */
export function deferBuiltins(source: string): string {
  return source.replace(IMPORT, (whole, clause: string, name: string) => {
    if (EAGER.has(name)) return whole;
    const [names, others] = splitClause(clause);
    const load = `globalThis.process.getBuiltinModule("${name}")`;
    const lines = names.length === 0 ? [] : [`const { ${names.join(", ")} } = ${load};`];
    if (others !== "") lines.push(`const ${others.replace(/^\*\s+as\s+/, "")} = ${load};`);
    const types = typesOf(clause);
    if (types.length > 0) lines.push(`import type { ${types.join(", ")} } from "${name}";`);
    return lines.join("\n");
  });
}

/** The named imports as a destructuring pattern, and what stands before them: a default or a namespace. */
function splitClause(clause: string): readonly [readonly string[], string] {
  const named = namesOf(clause).filter((name) => !name.startsWith("type "));
  return [named.map((name) => name.replace(/\s+as\s+/, ": ")), clause.replace(/,?\s*\{[^}]*\}/s, "").trim()];
}

function typesOf(clause: string): readonly string[] {
  return namesOf(clause).filter((name) => name.startsWith("type ")).map((name) => name.slice(5));
}

function namesOf(clause: string): readonly string[] {
  const inner = /\{([^}]*)\}/s.exec(clause)?.[1] ?? "";
  return inner.split(",").map((name) => name.trim()).filter((name) => name !== "");
}
