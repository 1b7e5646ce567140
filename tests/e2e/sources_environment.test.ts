/**
 * Nothing of the environment has a say in where a connection goes: lists come directly, whatever `HTTP_PROXY` says,
 * and a proxy is tried through itself, whatever `NO_PROXY` says. Clients that come with the runtimes do otherwise.
 */

import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { startJudge } from "../../src/sources/judge.ts";
import { run } from "../support/child.ts";
import { FaultyProxy } from "../support/faulty_proxy.ts";
import { findRuntime, repoRoot, type RuntimeName, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { ListServer } from "../unit/sources/list_server.ts";

const EXIT = "127.0.0.2";
const names: readonly RuntimeName[] = ["deno", "node", "bun"];

for (const name of names) {
  test(
    `fetchSources() and validateProxies() heed no proxy settings of the environment on ${name}`,
    skipIf(runtimesMissing(name)),
    async () => {
      await using proxy = await FaultyProxy.start({ exit: EXIT });
      const gone = await unusedPort();
      const dead = [`http://127.0.0.1:${gone}`, `socks5://127.0.0.1:${gone}`];
      const alive = [proxy.url("http"), proxy.url("socks5"), proxy.url("socks4a")];
      await using lists = await ListServer.start({ "/list.txt": [...alive, ...dead].join("\n") });
      const judge = await startJudge({ port: 0 });
      const runtime = findRuntime(name)!;
      const trap = `http://127.0.0.1:${gone}`;
      const settings: Record<string, string>[] = [
        {
          HTTP_PROXY: trap,
          HTTPS_PROXY: trap,
          ALL_PROXY: trap,
          http_proxy: trap,
          https_proxy: trap,
          NODE_USE_ENV_PROXY: "1",
        },
        { NO_PROXY: "*", no_proxy: "*" },
        { NO_PROXY: "127.0.0.1,localhost", HTTP_PROXY: trap, NODE_USE_ENV_PROXY: "1" },
      ];
      for (const env of settings) {
        const args = runtime.args(
          join(repoRoot, "tests/e2e/sources_program.ts"),
          `${lists.origin}/list.txt`,
          judge.url,
        );
        const { code, stderr, stdout } = await run(runtime.command, args, { env, cwd: repoRoot });
        assert.equal(code, 0, stderr);
        assert.deepEqual(JSON.parse(stdout), {
          error: null,
          tried: Object.fromEntries([
            ...alive.map((url) => [url, ["elite", EXIT]]),
            ...dead.map((url) => [url, false]),
          ]),
        }, JSON.stringify(env));
      }
      await judge.close();
    },
  );
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
