/** Runs the table of cases against one form of the program, over every transport. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ACTIONS } from "../../../gen/actions.ts";
import type { Start } from "../../support/artefacts.ts";
import { Child, run } from "../../support/child.ts";
import { skipIf } from "../../support/skip.ts";
import { cleanEnvironment, type Connected } from "../support/clients.ts";
import type { Artefact } from "./artefacts.ts";
import { CASES, User } from "./cases.ts";
import { LINKS, LISTENING, startNetwork } from "./links.ts";
import { API_KEY, SECRETS, World } from "./world.ts";

/** Declares the tests of one form of the program. */
export function testSurface(artefact: Artefact): void {
  const options = { ...skipIf(artefact.missing), timeout: 120_000 };
  let world: World;
  let start: Start;
  describe(artefact.name, options, () => {
    before(async () => {
      world = await World.start();
      start = await artefact.start(world.folder.path);
    });
    after(() => world?.[Symbol.asyncDispose]());
    for (const link of LINKS) {
      describe(`over ${link.name}`, () => {
        const user = new User();
        let server: Connected;
        before(async () => {
          const args = ["--config", world.settings(":memory:")];
          server = await link.connect(start, { args, elicit: user.elicit });
        });
        after(() => server?.[Symbol.asyncDispose]());
        for (const { name, isOnline, run } of CASES) {
          test(name, skipIf(isOnline ? artefact.offline : undefined), async () => {
            const { proxies } = await server.ok({ action: "list" });
            for (const { id } of proxies) await server.ok({ action: "remove", proxy_id: id });
            await run({ server, world, link, user });
          });
        }

        test("every action was among them", skipIf(artefact.offline), () => {
          const published = ACTIONS.filter((action) => action.published).map(({ name }) => name);
          assert.deepEqual(published.filter((name) => !server.called.has(name)), []);
        });

        test("no secret is in anything that left the program", () => {
          assert.ok(server.received.length > 10_000 && server.stderr.length > 0);
          for (const secret of SECRETS) {
            for (const text of [server.received, server.stderr]) {
              const at = text.indexOf(secret);
              assert.equal(at, -1, `${secret}: …${text.slice(Math.max(0, at - 200), at + 60)}…`);
            }
          }
        });

        test("401: a server with a key answers those who show it", async () => {
          const args = ["--config", world.settings(":memory:")];
          const env = { PROXYWHIRL_API_KEY: API_KEY };
          await using keyed = await link.connect(start, { args, env });
          const error = { error: "Authentication failed: Invalid API key", code: 401 };
          for (const wrong of [{}, { api_key: "wrong" }, { api_key: null }]) {
            assert.partialDeepStrictEqual(await keyed.error({ action: "list", ...wrong }), error);
          }
          assert.equal((await keyed.ok({ action: "list", api_key: API_KEY })).total, 0);
          assert.equal((await keyed.ok({ action: "health" })).pool_status, "empty");
          // This client shows no forms; its host asks before a tool that says it is destructive.
          const { proxy } = await keyed.ok({ action: "add", proxy_url: "192.0.2.7:80", api_key: API_KEY });
          const removed = await keyed.ok({ action: "remove", proxy_id: proxy.id, api_key: API_KEY });
          assert.deepEqual([removed.success, removed.pool_size], [true, 0]);
          if (link.attach !== undefined) {
            const url = new URL(LISTENING.exec(keyed.stderr)![1]!);
            for (const headers of [{ authorization: `Bearer ${API_KEY}` }, { "x-api-key": API_KEY }]) {
              await using known = await link.attach(url, { args: [], headers });
              assert.equal((await known.ok({ action: "list" })).total, 0, Object.keys(headers)[0]);
              await known.resource("proxy://config");
            }
            const headers = { "x-api-key": "wrong" };
            await assert.rejects(link.attach(url, { args: [], headers }), /401|Unauthorized|Invalid/i);
          }
          assert.equal((keyed.received + keyed.stderr).includes(API_KEY), false);
        });
      });
    }

    describe("at its end", () => {
      const list = async (db: string) => {
        const args = [...start.args, "list", "--db", db, "--json"];
        const { code, stdout, stderr } = await run(start.command, args, { env: cleanEnvironment() });
        assert.equal(code, 0, stderr);
        return JSON.parse(stdout).proxies.map(({ url }: { url: string }) => url);
      };
      const add = { action: "add", proxy_url: "192.0.2.7:80" };
      const end = {
        "when its input ends": (child: Child) => (child.endInput(), child.exited),
        "on SIGTERM": (child: Child) => child.kill("SIGTERM"),
      };
      for (const [when, finish] of Object.entries(end)) {
        test(`writes the pool to disk and exits with 0 ${when}`, async () => {
          const db = world.newDatabase();
          await using child = new Child(start.command, [...start.args, "--db", db], {
            env: cleanEnvironment(),
          });
          const ask = async (id: number, method: string, params: object) => {
            child.writeLine(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
            return JSON.parse(await child.nextLine());
          };
          const clientInfo = { name: "raw", version: "1" };
          await ask(0, "initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
          await ask(1, "tools/call", { name: "proxywhirl", arguments: add });
          assert.deepEqual(await finish(child), { code: 0, signal: null }, child.stderr);
          for (const line of child.stdout.trimEnd().split("\n")) JSON.parse(line);
          assert.deepEqual(await list(db), ["http://192.0.2.7:80"]);
        });
      }
      for (const link of LINKS.filter(({ transport }) => transport !== "stdio")) {
        test(`does so on SIGTERM while a client listens over ${link.name}`, async () => {
          const db = world.newDatabase();
          const { child, url } = await startNetwork(start, link.transport as "http", { args: ["--db", db] });
          try {
            const connected = await link.attach!(url, { args: [] });
            await connected.subscribe("proxy://health", () => {});
            await connected.ok(add);
            assert.deepEqual(await child.kill("SIGTERM"), { code: 0, signal: null }, child.stderr);
            assert.equal(child.stdout, "");
            assert.deepEqual(await list(db), ["http://192.0.2.7:80"]);
            await connected.client.close().catch(() => {});
          } finally {
            await child[Symbol.asyncDispose]();
          }
        });
      }
    });
  });
}
