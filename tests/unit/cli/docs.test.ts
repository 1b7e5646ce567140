import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { parseArguments } from "../../../src/cli/parse_arguments.ts";
import { SERVE } from "../../../src/cli/serve_command.ts";

const root = new URL("../../../", import.meta.url);

/** Every command line of the documentation, with the place where it stands. */
async function commandLines(): Promise<readonly (readonly [place: string, line: string])[]> {
  const names = (await readdir(new URL("docs/", root))).filter((name) => name.endsWith(".md"));
  const lines: [string, string][] = [];
  for (const path of ["README.md", ...names.map((name) => `docs/${name}`)]) {
    const text = await readFile(new URL(path, root), "utf8");
    for (const [, block = ""] of text.matchAll(/^```sh\n([\s\S]*?)^```/gm)) {
      for (const line of block.replaceAll("\\\n", " ").split("\n")) {
        const found = /(?:^|\$\()proxywhirl( [^|;)]*)?/.exec(line);
        if (found !== null) lines.push([path, found[1] ?? ""]);
      }
    }
  }
  return lines;
}

test("every command line of the documentation is one that the program takes", async () => {
  const lines = await commandLines();
  assert.ok(lines.length > 10, "they are found");
  for (const [path, line] of lines) {
    const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map((match) =>
      match[1] ?? match[2] ?? match[3] ?? ""
    );
    const end = words.findIndex((word) => /^(#|>|<|2>)/.test(word));
    const [first = "", ...rest] = end < 0 ? words : words.slice(0, end);
    const command = first === "" || first.startsWith("-")
      ? SERVE
      : COMMANDS.find(({ name }) => name === first);
    assert.ok(command !== undefined, `${path}: proxywhirl ${line}`);
    assert.doesNotThrow(
      () =>
        parseArguments(
          command,
          command === SERVE && first !== "serve" ? [first, ...rest].filter(Boolean) : rest,
        ),
      `${path}: proxywhirl ${line}`,
    );
  }
});
