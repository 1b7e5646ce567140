/** Rules about language features. */

import { isIn, isProduct, placeOf } from "./place.ts";

/** Node 22 cannot parse `using`. */
export const noUsing: Deno.lint.Rule = {
  create(context) {
    if (!isProduct(placeOf(context.filename))) return {};
    return {
      VariableDeclaration(node) {
        if (node.kind !== "using" && node.kind !== "await using") return;
        context.report({
          node,
          message: `Use try and finally instead of ${node.kind}`,
          hint: "Node 22 cannot parse it",
        });
      },
    };
  },
};

/** Node and Bun run the sources unbuilt, so types must be erasable. */
export const erasable: Deno.lint.Rule = {
  create(context) {
    const hint = "Node runs these sources unbuilt and can only erase types";
    return {
      TSEnumDeclaration: (node) =>
        context.report({ node, message: "Use a constant object and a union type instead of an enum", hint }),
      TSModuleDeclaration: (node) =>
        context.report({ node, message: "Use a module of its own instead of a namespace", hint }),
      TSParameterProperty: (node) =>
        context.report({ node, message: "Declare the field and assign it in the constructor", hint }),
    };
  },
};

/** Private is private at run time too. A constructor has no `#` form and may say `private`. */
export const noPrivateKeyword: Deno.lint.Rule = {
  create(context) {
    function check(node: Deno.lint.PropertyDefinition | Deno.lint.MethodDefinition) {
      if (node.accessibility !== "private") return;
      if (node.type === "MethodDefinition" && node.kind === "constructor") return;
      context.report({ node, message: "Use #name instead of the keyword private" });
    }
    return { PropertyDefinition: check, MethodDefinition: check };
  },
};

/** `as unknown as` switches the type checker off. (`any` is refused by `deno lint` itself.) */
export const noDoubleCast: Deno.lint.Rule = {
  create(context) {
    return {
      TSAsExpression(node) {
        const { expression } = node;
        if (expression.type !== "TSAsExpression" || expression.typeAnnotation.type !== "TSUnknownKeyword") {
          return;
        }
        context.report({
          node,
          message: "Do not cast through unknown",
          hint: "Narrow the value, or fix its type",
        });
      },
    };
  },
};

/** `!` is for tests: the product says what happens when the value is absent. */
export const noNonNull: Deno.lint.Rule = {
  create(context) {
    if (!isProduct(placeOf(context.filename))) return {};
    return {
      TSNonNullExpression: (node) =>
        context.report({ node, message: "Handle the absent value instead of asserting with !" }),
    };
  },
};

/** Exported functions are declared as functions: hoisted, named in stack traces, documented alike. */
export const noExportedArrow: Deno.lint.Rule = {
  create(context) {
    return {
      ExportNamedDeclaration(node) {
        if (node.declaration?.type !== "VariableDeclaration") return;
        for (const { id, init } of node.declaration.declarations) {
          if (init?.type !== "ArrowFunctionExpression" && init?.type !== "FunctionExpression") continue;
          const name = id.type === "Identifier" ? id.name : "it";
          context.report({ node: init, message: `Write "export function ${name}" instead of a constant` });
        }
      },
    };
  },
};

/** Deno counts `t.skip()` inside a body as passed, and no runner but Node's tells a reason. */
export const skipByOption: Deno.lint.Rule = {
  create(context) {
    if (!isIn(placeOf(context.filename), "tests")) return {};
    return {
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return;
        if (!/^(t|context|test|it|describe|suite)$/.test(callee.object.name)) return;
        if (callee.property.type !== "Identifier" || !/^(skip|only|todo)$/.test(callee.property.name)) return;
        context.report({
          node,
          message: `Do not call ${callee.object.name}.${callee.property.name}()`,
          hint: "Give the test skipIf(reason) of tests/support/skip.ts as its options",
        });
      },
    };
  },
};
