/**
 * A chosen proxy is never bypassed. Deno's and Bun's own clients go direct under `NO_PROXY`, and Bun's `undici`
 * ignores its proxy: each shows the user's own address to the site. So ours runs on every runtime with every variable
 * that could lead it astray.
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { describe, test } from "node:test";
import { run } from "../support/child.ts";
import { FaultyProxy } from "../support/faulty_proxy.ts";
import { findRuntime, type RuntimeName, runtimesMissing } from "../support/runtimes.ts";
import { Site } from "../support/site.ts";
import { skipIf } from "../support/skip.ts";

const program = fileURLToPath(new URL("net_bypass_program.ts", import.meta.url));
const exit = "127.0.9.9";

/** With `direct`, what might lead around all proxies; with `other`, what might lead to another one. */
function environment(lure: "direct" | "other", other: string): Record<string, string | undefined> {
  const direct = lure === "direct" ? "*,127.0.0.1,localhost,127.0.0.0/8,::1" : undefined;
  return {
    NO_PROXY: direct,
    no_proxy: direct,
    HTTP_PROXY: other,
    http_proxy: other,
    HTTPS_PROXY: other,
    https_proxy: other,
    ALL_PROXY: other,
    all_proxy: other,
    NODE_USE_ENV_PROXY: "1",
  };
}

for (const name of ["deno", "node", "bun"] as const satisfies readonly RuntimeName[]) {
  describe(`A chosen proxy is never bypassed on ${name}`, skipIf(runtimesMissing(name)), () => {
    const lures = ["direct", "other"] as const;
    const cases = ["http", "https", "socks4a", "socks5h", "socks5"].flatMap((protocol) =>
      lures.map((lure) => ({ protocol, lure }))
    );
    for (const { lure, protocol } of cases) {
      test(`${protocol}, lured ${lure === "other" ? "to another one" : "past it"}, whether it works or not`, async () => {
        const runtime = findRuntime(name);
        if (runtime === undefined) return;
        await using site = await Site.start();
        await using proxy = await FaultyProxy.start({ exit, isTls: protocol === "https" });
        await using other = await FaultyProxy.start({ credentials: "somebody:else" });
        const go = async (url: string) => {
          const args = runtime.args(program, proxy.url(protocol), url, site.ca);
          const { stderr, stdout } = await run(runtime.command, args, {
            env: environment(lure, other.url("http")),
          });
          assert.notEqual(stdout, "", stderr);
          return JSON.parse(stdout);
        };
        for (const root of [site.http, site.https]) {
          const { fetched, requested } = await go(`${root}/echo`);
          assert.deepEqual([fetched.exit, requested.exit], [exit, exit]);
          // Deno turned requests on our own sockets into ones for HTTP_PROXY, credentials and all.
          for (const { headers, url } of [fetched, requested]) {
            const isAbsolute = root === site.http && (protocol === "http" || protocol === "https");
            assert.equal(headers["proxy-authorization"], undefined);
            if (!isAbsolute) assert.equal(url, "/echo");
          }
        }
        const seen = site.requests.length;
        await proxy.stop();
        for (const root of [site.http, site.https]) {
          const expected = { fetched: "ALL_ATTEMPTS_FAILED", requested: "CONNECTION_REFUSED" };
          assert.deepEqual(await go(`${root}/echo`), expected);
        }
        assert.equal(site.requests.length, seen);
        assert.equal(other.accepted, 0);
      });
    }
  });
}
