/** From an empty pool to one that works, over MCP: lists, a judge and proxies in processes of their own. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Child } from "../support/child.ts";
import { FaultyProxy } from "../support/faulty_proxy.ts";
import { type RuntimeName, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";
import { deadProxyUrl } from "../unit/service/actions/sources_world.ts";
import { ListServer } from "../unit/sources/list_server.ts";
import { cleanEnvironment, program, type Wire } from "./support/clients.ts";

const EXIT = "127.0.0.2";

/** A client that speaks JSON-RPC by hand, to see every notification. */
class RawClient {
  readonly child: Child;
  readonly progress: Wire[] = [];
  #lastId = 0;

  private constructor(child: Child) {
    this.child = child;
  }

  static async start(args: readonly string[], runtime: RuntimeName): Promise<RawClient> {
    const { command, args: all } = program(args, runtime);
    const client = new RawClient(new Child(command, all, { env: cleanEnvironment() }));
    await client.request("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "raw", version: "1" },
    });
    client.notify("notifications/initialized", {});
    return client;
  }

  notify(method: string, params: unknown): void {
    this.child.writeLine(JSON.stringify({ jsonrpc: "2.0", method, params }));
  }

  /** Sends a request and answers with its id. */
  send(method: string, params: unknown): number {
    const id = ++this.#lastId;
    this.child.writeLine(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return id;
  }

  async request(method: string, params: unknown): Promise<Wire> {
    const id = this.send(method, params);
    for (;;) {
      const message = await this.next();
      if (message.id === id) return message.result;
    }
  }

  async next(): Promise<Wire> {
    const message = JSON.parse(await this.child.nextLine());
    if (message.method === "notifications/progress") this.progress.push(message.params);
    return message;
  }

  call(input: object): unknown {
    return { name: "proxywhirl", arguments: input, _meta: { progressToken: "p" } };
  }

  async tool(input: object): Promise<Wire> {
    this.progress.length = 0;
    const result = await this.request("tools/call", this.call(input));
    assert.notEqual(result.isError, true, JSON.stringify(result));
    return result.structuredContent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}

for (const runtime of ["deno", "node", "bun"] as const) {
  describe(`Lists and trials over MCP, on ${runtime}`, skipIf(runtimesMissing(runtime)), () => {
    test("fetch fills the pool, validate tries it again, health tells; progress is told on the way", async () => {
      using folder = new TempDir();
      const judge = program(["judge", "--port", "0"], runtime);
      await using judging = new Child(judge.command, judge.args, { env: cleanEnvironment() });
      const judgeUrl = await judging.nextLine();
      await using http = await FaultyProxy.start({ exit: EXIT, credentials: "bob:hunter2" });
      await using socks = await FaultyProxy.start({ exit: EXIT });
      await using liar = await FaultyProxy.start({ fault: "garbage" });
      await using lists = await ListServer.start({
        "/http.txt": `${http.url("http")}\n${liar.url("http")}\n`,
        "/socks5.json": JSON.stringify({
          proxies: [{ ip: "127.0.0.1", port: socks.port, protocol: "socks5" }],
        }),
      });
      const config = folder.write(
        "p.json",
        JSON.stringify({
          db: folder.join("pool.db"),
          allow_private_targets: true,
          logging: { level: "WARNING" },
          sources: {
            extra: [
              { name: "mine-http", url: `${lists.origin}/http.txt` },
              { name: "mine-socks", url: `${lists.origin}/socks5.json` },
            ],
          },
          validation: { judges: [judgeUrl], timeout: 5 },
        }),
      );
      await using client = await RawClient.start(["--config", config], runtime);

      const fetched = await client.tool({ action: "fetch", sources: ["mine-http", "mine-socks"] });
      assert.partialDeepStrictEqual(fetched, {
        success: true,
        fetched: 3,
        added: 2,
        rejected: 1,
        pool_size: 2,
      });
      assert.deepEqual(fetched.sources.map(({ name, count }: Wire) => [name, count]), [
        ["mine-http", 2],
        ["mine-socks", 1],
      ]);
      const steps = client.progress.map(({ progress }) => progress);
      assert.ok(steps.length >= 2 && client.progress.every(({ progressToken }) => progressToken === "p"));
      assert.deepEqual(steps, steps.toSorted((a, b) => a - b));
      assert.deepEqual([client.progress.at(-1).progress, client.progress.at(-1).total], [5, 5]);

      socks.fault = "close";
      const validated = await client.tool({ action: "validate" });
      assert.partialDeepStrictEqual(validated, { validated: 2, valid: 1, invalid: 1 });
      assert.partialDeepStrictEqual(validated.results[0], {
        url: `http://127.0.0.1:${http.port}`,
        valid: true,
        anonymity: "elite",
        https: true,
        exit_ip: EXIT,
      });
      assert.ok(client.progress.length >= 1);

      const health = await client.tool({ action: "health" });
      assert.partialDeepStrictEqual(health, { total_proxies: 2, healthy_proxies: 1, total_successes: 3 });
      assert.doesNotMatch(client.child.stdout + client.child.stderr, /hunter2/);
      client.child.endInput();
      assert.deepEqual(await client.child.exited, { code: 0, signal: null });
    });

    test("validate that is cancelled ends, and the server goes on", async () => {
      using folder = new TempDir();
      const judge = program(["judge", "--port", "0"], runtime);
      await using judging = new Child(judge.command, judge.args, { env: cleanEnvironment() });
      const judges = await judging.nextLine();
      await using good = await FaultyProxy.start();
      await using hanging = await FaultyProxy.start({ fault: "hang" });
      const args = ["--db", folder.join("pool.db"), "--allow-private-targets", "--judges", judges];
      await using client = await RawClient.start(args, runtime);
      const proxy_urls = [good.url("http"), hanging.url("http")];
      await client.tool({ action: "add", proxy_urls });

      const requestId = client.send("tools/call", client.call({ action: "validate" }));
      while ((await client.next()).method !== "notifications/progress");
      client.notify("notifications/cancelled", { requestId });
      await hanging.sockets.none();
      const health = await client.tool({ action: "health" });
      assert.partialDeepStrictEqual(health, { healthy_proxies: 1, unknown_proxies: 1, failed_proxies: 0 });
    });
  });
}

test("A server that cares for its pool refills it, finds what has died, and ends at once", async () => {
  using folder = new TempDir();
  const judge = program(["judge", "--port", "0"]);
  await using judging = new Child(judge.command, judge.args, { env: cleanEnvironment() });
  const judgeUrl = await judging.nextLine();
  await using one = await FaultyProxy.start();
  await using two = await FaultyProxy.start();
  await using lists = await ListServer.start({ "/a.txt": `${one.url("http")}\n${two.url("socks5")}` });
  const config = folder.write(
    "p.json",
    JSON.stringify({
      db: folder.join("pool.db"),
      allow_private_targets: true,
      sources: { extra: [`${lists.origin}/a.txt`] },
      validation: { judges: [judgeUrl], timeout: 2 },
      care: { enabled: true, interval: 1, min_proxies: 3 },
    }),
  );
  await using client = await RawClient.start(["--config", config], "deno");
  const dead = await deadProxyUrl();
  await client.tool({ action: "add", proxy_url: dead });
  await client.request("resources/subscribe", { uri: "proxy://health" });
  for (;;) {
    const { healthy_proxies, unknown_proxies } = await client.tool({ action: "health" });
    if (healthy_proxies === 2 && unknown_proxies === 0) break;
    while ((await client.next()).method !== "notifications/resources/updated");
  }
  const { proxies } = await client.tool({ action: "list", status: "degraded" });
  assert.deepEqual(proxies.map(({ url }: Wire) => url), [dead]);
  client.child.endInput();
  assert.deepEqual(await client.child.exited, { code: 0, signal: null });
});
