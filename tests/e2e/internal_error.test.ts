/** A fault of the program itself, over the wire: part of it is taken away while it runs, as a careless update does. */

import assert from "node:assert/strict";
import { cpSync, rmSync, symlinkSync } from "node:fs";
import { describe, test } from "node:test";
import { findRuntime, repoRoot, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";
import { CLIENTS } from "./support/clients.ts";

describe("A server that has lost a part of itself", skipIf(runtimesMissing("node")), () => {
  for (const kind of CLIENTS) {
    test(`answers 500 for what needs that part, and does the rest (${kind.name})`, async () => {
      using folder = new TempDir();
      for (const name of ["mod.ts", "gen", "src"]) {
        cpSync(`${repoRoot}${name}`, folder.join(name), { recursive: true });
      }
      symlinkSync(`${repoRoot}node_modules`, folder.join("node_modules"));
      folder.write("package.json", '{"type":"module"}');
      const node = findRuntime("node")!;
      const start = { command: node.command, args: node.args(folder.join("mod.ts"), "--db", ":memory:") };
      await using server = await kind.connect({ start });
      await server.ok({ action: "add", proxy_url: "192.0.2.1:80" });

      rmSync(folder.join("src/net"), { recursive: true }); // loaded by the first request
      const { error, code } = await server.error({ action: "request", url: "http://shop.example/" });
      assert.equal(code, 500);
      assert.match(error, /^Internal error: Cannot find module .*src\/net\/mod\.ts/);
      assert.equal((await server.ok({ action: "rotate" })).proxy.url, "http://192.0.2.1:80");
      assert.equal((await server.ok({ action: "health" })).total_proxies, 1);
    });
  }
});
