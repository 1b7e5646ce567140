import assert from "node:assert/strict";
import { test } from "node:test";
import { deferBuiltins } from "../../../scripts/defer_builtins.ts";

const cases: readonly (readonly [string, string])[] = [
  [
    'import { connect as dial, type Socket } from "node:net";',
    'const { connect: dial } = globalThis.process.getBuiltinModule("node:net");\n' +
    'import type { Socket } from "node:net";',
  ],
  ['import zlib from "node:zlib";', 'const zlib = globalThis.process.getBuiltinModule("node:zlib");'],
  ['import * as tls from "node:tls";', 'const tls = globalThis.process.getBuiltinModule("node:tls");'],
  [
    'import {\n  createServer,\n  Agent,\n} from "node:http";',
    'const { createServer, Agent } = globalThis.process.getBuiltinModule("node:http");',
  ],
];

for (const [before, after] of cases) {
  test(`deferBuiltins() turns ${JSON.stringify(before)} into a call`, () => {
    assert.equal(deferBuiltins(before), after);
  });
}

test("deferBuiltins() leaves types, own modules, packages and what every start needs alone", () => {
  const source = [
    'import type { Socket } from "node:net";',
    'import process from "node:process";',
    'import { dial } from "./dial.ts";',
    'import { Parser } from "htmlparser2";',
    'const text = `import { x } from "node:net";`;',
  ].join("\n");
  assert.equal(deferBuiltins(source), source);
});
