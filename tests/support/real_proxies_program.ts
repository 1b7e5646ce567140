/**
 * Tries combinations, read as JSON from its input, and prints what each check got.
 *
 * @module
 */

import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import process from "node:process";
import { parseProxyUrl, ProxyRotator } from "../../src/core/mod.ts";
import { ProxyClient } from "../../src/net/client.ts";
import { requestThrough } from "../../src/net/http_request.ts";
import { TlsLayer } from "../../src/net/tls_layer.ts";
import type { Check, Combination, Outcomes } from "./real_proxies_matrix.ts";

interface Input {
  readonly http: string;
  readonly https: string;
  readonly ca: string;
  readonly combinations: readonly Combination[];
}

const { ca, combinations, http, https }: Input = JSON.parse(await text(process.stdin));
const outcomes: Outcomes[] = [];
for (const combination of combinations) outcomes.push(await tryAll(combination));
process.stdout.write(JSON.stringify(outcomes));

async function tryAll({ proxy, wrong }: Combination): Promise<Outcomes> {
  const rotator = new ProxyRotator();
  rotator.addProxy(proxy);
  const client = new ProxyClient(rotator, { allowPrivateTargets: true, ca, timeoutMs: 10_000 });
  const checks: Readonly<Record<Check, (() => Promise<void>) | null>> = {
    "plain page": async () => assert.equal(await (await client.fetch(`${http}/ok`)).text(), "ok"),
    "TLS page": async () => assert.equal(await (await client.fetch(`${https}/ok`)).text(), "ok"),
    "large page": async () => {
      const body = await (await client.fetch(`${https}/large?bytes=3000000`)).bytes();
      assert.equal(body.length, 3_000_000);
    },
    "POST": async () => {
      for (const root of [http, https]) {
        const body = "x".repeat(100_000);
        const echo = await (await client.fetch(`${root}/echo`, { method: "POST", body })).json();
        assert.equal(echo.body, body);
        assert.equal(echo.headers["proxy-authorization"], undefined);
      }
    },
    "kept connection": async () => {
      await (await client.fetch(`${https}/ok`)).text();
      const before = client.openConnections;
      for (let i = 0; i < 5; i++) await (await client.fetch(`${https}/ok`)).text();
      assert.equal(client.openConnections, before);
    },
    "wrong password": wrong === undefined ? null : async () => {
      const options = { allowPrivate: true, tls: new TlsLayer({ ca }), timeoutMs: 10_000 };
      const { code } = await requestThrough(parseProxyUrl(wrong), `${https}/ok`, options).catch((error) =>
        error
      );
      assert.equal(code, "PROXY_AUTH_REQUIRED");
    },
  };
  const results: Record<string, string | null> = {};
  for (const [name, check] of Object.entries(checks)) {
    results[name] = check === null
      ? null
      : await check().then(() => "", (error: unknown) => `${error}`.slice(0, 300));
  }
  client.close();
  return results as Outcomes;
}
