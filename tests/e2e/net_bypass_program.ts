/**
 * Requests a URL through a proxy and prints what came of it as a line of JSON: `net_bypass_program.ts PROXY URL`.
 *
 * @module
 */

import process from "node:process";
import { parseProxyUrl, ProxyRotator } from "../../src/core/mod.ts";
import { ProxyClient } from "../../src/net/client.ts";
import { requestThrough } from "../../src/net/http_request.ts";
import { TlsLayer } from "../../src/net/tls_layer.ts";

const [proxy = "", url = "", ca = ""] = process.argv.slice(2);
const rotator = new ProxyRotator();
rotator.addProxy(proxy);
const client = new ProxyClient(rotator, { allowPrivateTargets: true, ca });
const options = { allowPrivate: true, tls: new TlsLayer({ ca }) };
const told = (error: unknown) => `${(error as { readonly code?: unknown }).code}`;
const results = {
  fetched: await client.fetch(url).then((response) => response.json(), told),
  requested: await requestThrough(parseProxyUrl(proxy), url, options)
    .then(({ body }) => JSON.parse(new TextDecoder().decode(body)), told),
};
client.close();
console.log(JSON.stringify(results));
