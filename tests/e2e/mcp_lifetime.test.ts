/** How the program ends: orderly, with 0, and with nothing but the protocol on stdout. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Child, run } from "../support/child.ts";
import { type RuntimeName, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";
import { cleanEnvironment, program } from "./support/clients.ts";

const hello = '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",' +
  '"capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}';
const add = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"proxywhirl","arguments":' +
  '{"action":"add","proxy_url":"http://192.0.2.1:80"}}}';
const list = '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"proxywhirl","arguments":' +
  '{"action":"list"}}}';

function start(db: string, runtime?: RuntimeName): Child {
  const { command, args } = program(["--db", db], runtime);
  return new Child(command, args, { env: cleanEnvironment() });
}

async function total(db: string): Promise<number> {
  await using child = start(db);
  child.writeLine(hello);
  await child.nextLine();
  child.writeLine(list);
  return JSON.parse(await child.nextLine()).result.structuredContent.total;
}

for (const runtime of ["deno", "node", "bun"] as const) {
  describe(`The server on stdio, on ${runtime}`, skipIf(runtimesMissing(runtime)), () => {
    test("answers all that was asked before its input ended, then exits with 0", async () => {
      using folder = new TempDir();
      const db = folder.join("pool.db");
      const { command, args } = program(["--db", db], runtime);
      const { code, stdout } = await run(command, args, {
        env: cleanEnvironment(),
        input: `${hello}\n${add}\n${list}\n`,
      });
      assert.equal(code, 0);
      const ids = stdout.trimEnd().split("\n").map((line) => JSON.parse(line).id);
      assert.deepEqual(ids.toSorted(), [0, 1, 2]);
      assert.equal(await total(db), 1);
    });

    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      test(`writes the pool to disk and exits with 0 on ${signal}`, async () => {
        using folder = new TempDir();
        const db = folder.join("pool.db");
        await using child = start(db, runtime);
        child.writeLine(hello);
        await child.nextLine();
        child.writeLine(add);
        await child.nextLine();
        assert.deepEqual(await child.kill(signal), { code: 0, signal: null });
        for (const line of child.stdout.trimEnd().split("\n")) JSON.parse(line);
        assert.equal(await total(db), 1);
      });
    }

    test("exits with 0 when it is told to end before anybody has spoken to it", async () => {
      using folder = new TempDir();
      const { command, args } = program(["--db", folder.join("pool.db")], runtime);
      assert.equal((await run(command, args, { env: cleanEnvironment() })).code, 0);
    });

    test("exits with 0 when its reader goes away", async () => {
      // `head` takes the first line and goes; the next answer meets a closed pipe. Stdin stays open.
      const { command, args } = program(undefined, runtime);
      const shell = '(printf "%s\\n" "$HELLO"; while printf "%s\\n" "$LIST" 2>/dev/null; do :; done) | ' +
        '{ "$@"; echo "code $?" >&2; } | head -n 1';
      const { stdout, stderr } = await run("sh", ["-c", shell, "sh", command, ...args], {
        env: { ...cleanEnvironment(), HELLO: hello, LIST: list },
      });
      assert.equal(JSON.parse(stdout).id, 0);
      assert.match(stderr, /code 0$/m);
      assert.doesNotMatch(stderr, /Uncaught|EPIPE/);
    });
  });
}
