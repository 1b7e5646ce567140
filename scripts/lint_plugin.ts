/**
 * The house rules that `deno lint` enforces besides its own. Each rule sits in `scripts/lint/`, by subject.
 *
 * A place that has to break a rule says so: `// deno-lint-ignore proxywhirl/<rule> -- why`.
 *
 * @module
 */

import { fileLength, fileName } from "./lint/files.ts";
import { noConsole, noRuntimeGlobal } from "./lint/globals.ts";
import { layers, noRemoteImport, sqliteInStore } from "./lint/imports.ts";
import {
  erasable,
  noDoubleCast,
  noExportedArrow,
  noNonNull,
  noPrivateKeyword,
  noUsing,
  skipByOption,
} from "./lint/syntax.ts";

const plugin: Deno.lint.Plugin = {
  name: "proxywhirl",
  rules: {
    "layers": layers,
    "sqlite-in-store": sqliteInStore,
    "no-remote-import": noRemoteImport,
    "no-runtime-global": noRuntimeGlobal,
    "no-console": noConsole,
    "no-using": noUsing,
    "erasable": erasable,
    "no-private-keyword": noPrivateKeyword,
    "no-double-cast": noDoubleCast,
    "no-non-null": noNonNull,
    "no-exported-arrow": noExportedArrow,
    "skip-by-option": skipByOption,
    "file-name": fileName,
    "file-length": fileLength,
  },
};

export default plugin;
