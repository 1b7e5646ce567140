/** Rules about global names. */

import { isIn, isProduct, placeOf } from "./place.ts";

type Refuse = (node: Deno.lint.Node, name: string) => void;

/** Calls back where one of the globals is named, alone or as a member of `globalThis`. */
function onGlobals(names: readonly string[], refuse: Refuse): Deno.lint.LintVisitor {
  return {
    Identifier(node) {
      if (names.includes(node.name) && !isLabel(node)) refuse(node, node.name);
    },
    MemberExpression(node) {
      if (node.object.type !== "Identifier" || node.object.name !== "globalThis") return;
      const { property } = node;
      const name = property.type === "Identifier" && !node.computed
        ? property.name
        : property.type === "Literal"
        ? property.value
        : undefined;
      if (typeof name === "string" && names.includes(name)) refuse(node, name);
    },
  };
}

/** Whether the name only labels a member or a key: `versions.Deno`, `{ Deno: 1 }`, `interface { Deno: X }`. */
function isLabel(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
      return parent.key === node && parent.value !== node && !parent.computed;
    case "TSPropertySignature":
    case "PropertyDefinition":
      return parent.key === node && !parent.computed;
    default:
      return false;
  }
}

/** Only `src/runtime` names what one runtime alone has. */
export const noRuntimeGlobal: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (!isProduct(place) || isIn(place, "src/runtime")) return {};
    return onGlobals(["Deno", "Bun"], (node, name) =>
      context.report({
        node,
        message: `Only src/runtime may name the global ${name}`,
        hint: "Use a node: module, which every runtime has, or add the difference to src/runtime",
      }));
  },
};

/** Stdout belongs to the protocol: only the CLI, and the seam below it, may print. (Redirecting console is fine.) */
export const noConsole: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (!isProduct(place) || isIn(place, "src/cli", "src/runtime")) return {};
    return {
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return;
        if (callee.object.name !== "console") return;
        context.report({
          node,
          message: "Only src/cli and src/runtime may print with console",
          hint: "Stdout belongs to the protocol; take a logger, which writes to stderr and redacts",
        });
      },
    };
  },
};
