/** Rules about whole files. */

import { isIn, placeOf } from "./place.ts";

const maxLines = 500;

/** A reader finds a thing by its file name, on every file system. */
export const fileName: Deno.lint.Rule = {
  create(context) {
    const name = placeOf(context.filename).split("/").at(-1) ?? "";
    if (/^[a-z0-9]+(_[a-z0-9]+)*(\.deno)?(\.(test|bench))?\.(ts|mjs|js)$/.test(name)) return {};
    return {
      Program: (node) =>
        context.report({
          node,
          message: `File name "${name}" must be snake_case, like "proxy_list.test.ts"`,
        }),
    };
  },
};

/** A file has one subject. Generated files are as long as they have to be. */
export const fileLength: Deno.lint.Rule = {
  create(context) {
    const lines = context.sourceCode.text.split("\n").length - 1;
    if (lines <= maxLines || isIn(placeOf(context.filename), "gen")) return {};
    return {
      Program: (node) =>
        context.report({
          node,
          message: `File has ${lines} lines; at most ${maxLines} are allowed`,
          hint: "It holds two subjects: split it",
        }),
    };
  },
};
