/** Rules about who may import whom. */

import { posix } from "node:path";
import { isIn, isProduct, placeOf } from "./place.ts";

/** What the files of a layer may import besides their own layer. `packages`: npm packages and `node:` modules. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "src/core": [],
  "src/runtime": ["packages"],
  "gen": ["src/core", "src/contract", "packages"],
  "src/contract": ["gen", "src/core", "src/runtime", "packages"],
  "src/net": ["src/core", "src/contract", "gen", "src/runtime", "packages"],
  "src/store": ["src/core", "src/contract", "gen", "src/runtime", "packages"],
  "src/sources": ["src/core", "src/net", "src/contract", "gen", "src/runtime", "packages"],
};

/** Above those: free to use everything below, but not each other, and never what only builds or tests the program. */
const service = [
  "src/core",
  "src/contract",
  "gen",
  "src/runtime",
  "src/net",
  "src/store",
  "src/sources",
  "packages",
];
const front = [...service, "src/service"];
const layersAbove: Readonly<Record<string, readonly string[]>> = {
  "src/service": service,
  "src/mcp": front,
  "src/cli": front,
  "src/gateway": front,
};

type Report = (node: Deno.lint.Node, source: string) => void;

/** Calls back for everything that a file imports from: import, export … from, import() and `typeof import()`. */
function onImports(report: Report): Deno.lint.LintVisitor {
  return {
    ImportDeclaration: (node) => report(node.source, node.source.value),
    ExportAllDeclaration: (node) => report(node.source, node.source.value),
    ExportNamedDeclaration(node) {
      if (node.source !== null) report(node.source, node.source.value);
    },
    ImportExpression(node) {
      const { source } = node;
      if (source.type === "Literal" && typeof source.value === "string") report(source, source.value);
    },
  };
}

/** Dependencies point one way: core ← net, sources, store ← service ← mcp, cli, gateway. */
export const layers: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (!isProduct(place) && !isIn(place, "gen")) return {};
    const own = layerOf(place);
    return onImports((node, source) => {
      const target = targetOf(place, source);
      if (target === own || isAllowed(own, target)) return;
      context.report({
        node,
        message: `${own} must not import ${target === "packages" ? `"${source}"` : target}`,
        hint: own === "src/core"
          ? "The core is pure: what it needs from outside is handed in"
          : "Dependencies point one way: core <- net, sources, store <- service <- mcp, cli, gateway",
      });
    });
  },
};

/** Only `src/store` talks to SQLite. */
export const sqliteInStore: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (!isProduct(place) || isIn(place, "src/store")) return {};
    return onImports((node, source) => {
      if (!/^(node|bun):sqlite$/.test(source)) return;
      context.report({
        node,
        message: `Only src/store may import "${source}"`,
        hint: "Go through its Store interface",
      });
    });
  },
};

/** Everything comes from npm or is built in: nothing is loaded from JSR or an address. */
export const noRemoteImport: Deno.lint.Rule = {
  create(context) {
    return onImports((node, source) => {
      if (/^(jsr|https?|npm):/.test(source)) {
        context.report({
          node,
          message: `"${source}" must not be imported`,
          hint: 'Use a bare name of "imports" in deno.json: Node and Bun resolve only those',
        });
      }
    });
  },
};

function layerOf(place: string): string {
  const [first = "", second = "", third] = place.split("/");
  if (first !== "src") return place.includes("/") ? first : place;
  return third === undefined ? "src" : `src/${second}`;
}

function targetOf(place: string, source: string): string {
  if (!source.startsWith(".")) return "packages";
  return layerOf(posix.join(posix.dirname(place), source));
}

function isAllowed(own: string, target: string): boolean {
  const allowed = mayImport[own] ?? layersAbove[own];
  if (allowed !== undefined) return allowed.includes(target);
  // mod.ts, src/*.ts and folders that are no layer put the layers together.
  return target === "packages" || target === "mod.ts" || target === "gen" || target.startsWith("src");
}
