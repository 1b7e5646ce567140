/** What starts of the program load that do not serve over HTTP: nothing of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "../../../support/child.ts";

interface Graph {
  readonly roots: readonly string[];
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
}

/** Everything that is loaded with a module, without what it loads later. */
async function loadedWith(path: string): Promise<ReadonlySet<string>> {
  const file = fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
  const { stdout } = await run(Deno.execPath(), ["info", "--json", file]);
  const { roots, modules }: Graph = JSON.parse(stdout);
  const loaded = new Set(roots);
  for (const specifier of loaded) {
    const { dependencies = [] } = modules.find((module) => module.specifier === specifier) ?? {};
    for (const { isDynamic, code } of dependencies) {
      if (isDynamic !== true && code?.specifier !== undefined) loaded.add(code.specifier);
    }
  }
  return loaded;
}

test("a server on stdio and the command line load nothing of the HTTP server", async () => {
  for (const path of ["mod.ts", "src/mcp/stdio.ts", "src/cli/mod.ts", "src/cli/commands/serve.ts"]) {
    const loaded = [...await loadedWith(path)];
    assert.ok(loaded.length > 5, path);
    const heavy = loaded.filter((specifier) =>
      /src\/mcp\/http\/|http_listener_|node:https?$|\bjose\b/.test(specifier)
    );
    assert.deepEqual(heavy, [], path);
  }
});

test("the HTTP server loads what checks tokens only with the first token", async () => {
  const loaded = [...await loadedWith("src/mcp/http/program.ts")];
  assert.ok(loaded.some((specifier) => specifier.endsWith("/http/handler.ts")));
  assert.deepEqual(loaded.filter((specifier) => /oauth\.ts|\bjose\b/.test(specifier)), []);
});
