/** The official Python client, which shares no line with the SDK that the server is built on. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { type Child, run } from "../support/child.ts";
import { repoRoot } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";
import { sources } from "./surface/artefacts.ts";
import { startNetwork } from "./surface/links.ts";
import { SECRETS, World } from "./surface/world.ts";
import { cleanEnvironment } from "./support/clients.ts";

const python = `${repoRoot}.tools/python/bin/python`;
const missing = existsSync(`${repoRoot}.tools/python/installed`)
  ? undefined
  : "needs the Python client, which scripts/ci_python_client.sh fetches from PyPI where it can";

const LEGACY = ["legacy", "2025-11-25"] as const;
const MODERN = ["2026-07-28", "2026-07-28"] as const;

describe("The official Python client", { ...skipIf(missing), timeout: 120_000 }, () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world?.[Symbol.asyncDispose]());

  for (
    const [transport, [mode, revision]] of [
      ["stdio", LEGACY],
      ["stdio", MODERN],
      ["http", LEGACY],
      ["http", MODERN],
      ["sse", LEGACY],
    ] as const
  ) {
    test(`can do everything over ${transport}, ${revision}`, async () => {
      const start = await sources("deno").start(world.folder.path);
      const args = ["--config", world.settings(":memory:")];
      let target = [start.command, ...start.args, ...args];
      let server: Child | undefined;
      try {
        if (transport !== "stdio") {
          const { child, url } = await startNetwork(start, transport, { args });
          server = child;
          target = [transport === "sse" ? new URL("/sse", url).href : url.href];
        }
        const { code, stdout, stderr } = await run(
          python,
          [`${repoRoot}tests/e2e/support/python_client.py`, mode, ...target],
          {
            env: {
              ...cleanEnvironment(),
              PROXIES: JSON.stringify(world.working),
              PAGE: world.page("/ok").url,
            },
          },
        );
        assert.equal(code, 0, stderr);
        const seen = JSON.parse(stdout);
        const { errors, resource, progress, forms, unknown, ...plain } = seen;
        assert.deepEqual(plain, {
          revision,
          tools: ["proxywhirl"],
          added: 2,
          validated: [2, 2],
          health: "healthy",
          page: [200, "ok"],
          templates: ["proxy://proxies/{id}", "proxy://targets/{target}"],
          completed: true,
          regions: ["US"],
          prompt: true,
          updated: "proxy://config",
          removed: [false, true],
        });
        assert.deepEqual(
          errors.map(({ isError, code }: { isError: boolean; code: number }) => [isError, code]),
          [
            [true, 400],
            [true, 404],
            [true, 400],
          ],
        );
        assert.equal(errors[0].error, "proxy_id required for status action");
        assert.equal(resource.total_proxies, 2);
        assert.deepEqual(progress.at(-1), [2, 2]);
        assert.equal(forms.length, 2);
        assert.match(forms[0], /^Remove the proxy /);
        assert.match(unknown, /not found/i);
        for (const secret of SECRETS) assert.equal((stdout + stderr).includes(secret), false, secret);
      } finally {
        await server?.[Symbol.asyncDispose]();
      }
    });
  }
});
