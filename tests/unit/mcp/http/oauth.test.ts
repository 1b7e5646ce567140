/** Tokens of an authorization server, from the outside: an issuer on loopback, and the handler. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { generateKeyPair } from "jose";
import type { McpHttpOptions } from "../../../../src/mcp/http/handler.ts";
import { TokenVerifier } from "../../../../src/mcp/http/oauth.ts";
import { makeWorld } from "../../service/support.ts";
import { ERAS } from "../wire.ts";
import { HttpWire } from "./http_wire.ts";
import { Issuer, RESOURCE } from "../../../support/issuer.ts";

function wireFor(issuer: Issuer, options: McpHttpOptions = {}): HttpWire {
  return new HttpWire(makeWorld().service, { oauth: { issuer: issuer.url, resource: RESOURCE }, ...options });
}

function bearer(token: string): { readonly headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } };
}

async function list(wire: HttpWire, token: string): Promise<Response> {
  return await wire.send("tools/list", {}, { era: "modern", ...bearer(token) });
}

function challengeOf(response: Response): string {
  return response.headers.get("www-authenticate") ?? "";
}

test("a request without a token is refused, and told where to get one", async () => {
  await using issuer = await Issuer.start();
  const wire = wireFor(issuer);
  for (const era of ERAS) {
    const response = await wire.send("tools/list", {}, { era });
    assert.equal(response.status, 401);
    const metadata = "http://127.0.0.1:8000/.well-known/oauth-protected-resource/mcp";
    assert.equal(challengeOf(response), `Bearer resource_metadata="${metadata}"`);
  }
  assert.equal((await wire.fetch("/healthz")).status, 200);
  assert.deepEqual(issuer.requests, [], "nobody is asked for nothing");
});

test("the metadata of the resource says who issues tokens and which scopes there are", async () => {
  await using issuer = await Issuer.start();
  const wire = wireFor(issuer);
  for (const path of ["", "/mcp"]) {
    const response = await wire.fetch(`/.well-known/oauth-protected-resource${path}`, {
      headers: { origin: "https://any.example" },
    });
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.deepEqual(await response.json(), {
      resource: RESOURCE,
      authorization_servers: [issuer.url],
      scopes_supported: ["proxywhirl:read", "proxywhirl:use", "proxywhirl:write", "proxywhirl:destructive"],
      bearer_methods_supported: ["header"],
      resource_name: "ProxyWhirl",
    });
  }
  const without = new HttpWire(makeWorld().service);
  assert.equal((await without.fetch("/.well-known/oauth-protected-resource")).status, 404);
});

for (const path of ["", "/tenant/one"]) {
  test(`a good token is accepted, issuer path "${path}"`, async () => {
    await using issuer = await Issuer.start(path);
    const wire = wireFor(issuer);
    const token = await issuer.token();
    assert.equal((await list(wire, token)).status, 200);
    const session = await wire.open(bearer(token));
    assert.equal((await wire.call({ action: "list" }, { ...bearer(token), session })).total, 0);
    assert.equal(issuer.requests.length, 2, "metadata and keys are kept");
  });
}

test("the keys are also found by OpenID Connect Discovery", async () => {
  await using issuer = await Issuer.start("/realm");
  const place = "/.well-known/oauth-authorization-server/realm";
  issuer.documents.set("/realm/.well-known/openid-configuration", issuer.documents.get(place)!);
  issuer.documents.delete(place);
  assert.equal((await list(wireFor(issuer), await issuer.token())).status, 200);
});

test("tokens that are not good are refused, with the reason and without a word of the token", async () => {
  await using issuer = await Issuer.start();
  const wire = wireFor(issuer);
  const now = Math.floor(Date.now() / 1000);
  const { privateKey } = await generateKeyPair("ES256");
  const good = await issuer.token();
  const [header = "", payload = "", signature = ""] = good.split(".");
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const cases: readonly (readonly [string, RegExp])[] = [
    [await issuer.token({ claims: { aud: "https://other.example/mcp" } }), /for another audience/],
    [await issuer.token({ claims: { aud: `${RESOURCE}/` } }), /for another audience/],
    [await issuer.token({ without: ["aud"] }), /audience|lacks a claim/],
    [await issuer.token({ claims: { iss: "https://evil.example" } }), /of another issuer/],
    [await issuer.token({ claims: { exp: now - 60 } }), /has expired/],
    [await issuer.token({ without: ["exp"] }), /lacks a claim/],
    [await issuer.token({ claims: { exp: "soon" } }), /claim|read/],
    [await issuer.token({ claims: { nbf: now + 600 } }), /not valid yet/],
    [await issuer.token({ key: privateKey }), /signature of the token is wrong/],
    [await issuer.token({ kid: "unknown" }), /unknown key/],
    [`${header}.${encode({ ...claims, scope: "proxywhirl:destructive" })}.${signature}`, /signature/],
    [`${encode({ alg: "none" })}.${payload}.`, /way that is not accepted|cannot be read|not a signed JWT/],
    [`${encode({ alg: "HS256", kid: "first" })}.${payload}.${signature}`, /way that is not accepted/],
    ["opaque", /not a signed JWT/],
    ["a.b.c", /cannot be read/],
    [`${header}.${"x".repeat(20_000)}.${signature}`, /not a signed JWT/],
  ];
  for (const [token, reason] of cases) {
    const response = await list(wire, token);
    const challenge = challengeOf(response);
    assert.equal(response.status, 401, String(reason));
    assert.match(challenge, /^Bearer error="invalid_token", error_description="/);
    assert.match(challenge, reason);
    assert.match(challenge, /resource_metadata="/);
    const answer = challenge + await response.text();
    for (const part of token.split(".")) assert.ok(part.length < 6 || !answer.includes(part), String(reason));
  }
  assert.equal((await list(wire, good)).status, 200);
  for (const scheme of ["Basic dTpw", "Bearer", `Token ${good}`, `Bearer ${good} ${good}`]) {
    const response = await wire.send("tools/list", {}, { era: "modern", headers: { authorization: scheme } });
    assert.equal(response.status, 401, scheme.slice(0, 20));
  }
});

test("a token with a key that is new is accepted once the keys may be asked for again", async () => {
  await using issuer = await Issuer.start();
  const verifier = new TokenVerifier({ issuer: issuer.url, resource: RESOURCE });
  await issuer.rotate("second");
  assert.equal((await verifier.verify(await issuer.token())).kind, "valid");
  await issuer.rotate("third");
  const asked = issuer.requests.length;
  for (let i = 0; i < 5; i++) assert.equal((await verifier.verify(await issuer.token())).kind, "invalid");
  assert.ok(issuer.requests.length <= asked + 1, "strange keys do not make it knock again and again");
});

test("an audience of its own takes the place of the resource", async () => {
  await using issuer = await Issuer.start();
  const wire = wireFor(issuer, { oauth: { issuer: issuer.url, resource: RESOURCE, audience: "proxies" } });
  assert.equal((await list(wire, await issuer.token({ claims: { aud: ["x", "proxies"] } }))).status, 200);
  assert.equal((await list(wire, await issuer.token())).status, 401);
});

const EFFECTS = [
  ["read", { action: "list" }],
  ["use", { action: "rotate" }],
  ["write", { action: "add", proxy_url: "http://203.0.113.9:80" }],
  ["destructive", { action: "remove", proxy_id: "00000000-0000-4000-8000-000000000000" }],
] as const;

test("each effect needs its scope; what is missing is named with 403", async () => {
  await using issuer = await Issuer.start();
  const wire = wireFor(issuer);
  for (const era of ERAS) {
    for (const [scope] of EFFECTS) {
      const options = { era, ...bearer(await issuer.token({ scope: `openid proxywhirl:${scope}` })) };
      const session = era === "legacy" ? { session: await wire.open(options) } : {};
      for (const [effect, args] of EFFECTS) {
        const params = { name: "proxywhirl", arguments: args };
        const response = await wire.send("tools/call", params, { ...options, ...session });
        assert.equal(response.status, scope === effect ? 200 : 403, `${scope} for ${effect}`);
        if (scope === effect) continue;
        assert.match(challengeOf(response), /^Bearer error="insufficient_scope"/);
        assert.ok(challengeOf(response).includes(`scope="proxywhirl:${effect}"`), challengeOf(response));
      }
    }
  }
});

test("without any scope only health, lists and what is for everybody are left", async () => {
  await using issuer = await Issuer.start();
  const wire = wireFor(issuer);
  const options = { era: "modern", ...bearer(await issuer.token({ scope: "" })) } as const;
  assert.equal((await wire.call({ action: "health" }, options)).pool_status, "empty");
  assert.equal((await wire.send("tools/list", {}, options)).status, 200);
  assert.equal((await wire.send("resources/read", { uri: "proxy://health" }, options)).status, 200);
  assert.equal((await wire.send("resources/read", { uri: "proxy://config" }, options)).status, 403);
  const listen = (uri: string) => ({ notifications: { resourceSubscriptions: [uri] } });
  assert.equal((await wire.send("subscriptions/listen", listen("proxy://config"), options)).status, 403);
  assert.equal((await wire.fetch("/metrics", { headers: options.headers })).status, 403);
  const read = bearer(await issuer.token());
  assert.equal((await wire.fetch("/metrics", read)).status, 200);
  assert.equal((await wire.fetch("/metrics")).status, 401);
});

test("scopes hold in a batch, in a session, and in whatever form the issuer writes them", async () => {
  await using issuer = await Issuer.start();
  const wire = wireFor(issuer);
  for (const claims of [{ scope: ["proxywhirl:read"] }, { scope: undefined, scp: ["proxywhirl:read"] }]) {
    const options = bearer(await issuer.token({ claims }));
    const session = await wire.open(options);
    const message = (id: number, args: object) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "proxywhirl", arguments: args },
    });
    const batch = [message(1, EFFECTS[0][1]), message(2, EFFECTS[2][1])];
    assert.equal((await wire.post(batch, { ...options, session })).status, 403);
    assert.equal((await wire.call(EFFECTS[0][1], { ...options, session })).total, 0);
  }
});

test("a session opened with one token is no use with that of somebody else", async () => {
  await using issuer = await Issuer.start();
  const wire = wireFor(issuer);
  const session = await wire.open(bearer(await issuer.token()));
  const others = [{ sub: "bob" }, { client_id: "another app" }, { sub: undefined }];
  for (const claims of others) {
    const stolen = { ...bearer(await issuer.token({ claims })), session };
    assert.equal((await wire.send("ping", {}, stolen)).status, 404, JSON.stringify(claims));
  }
  assert.equal(
    (await wire.send("ping", {}, { ...bearer(await issuer.token()), session })).status,
    200,
    "renewed",
  );
});

test("an issuer that is down, or answers nonsense, makes no token good and is not asked every time", async () => {
  const answers: readonly (() => Response)[] = [
    () => new Response("down", { status: 500 }),
    () => new Response("<html>"),
    () => Response.json([]),
    () => Response.json({ issuer: "https://evil.example", jwks_uri: "https://evil.example/jwks" }),
    () => new Response(null, { status: 302, headers: { location: "/jwks" } }),
    () => new Response(`{"pad":"${"x".repeat(1_000_000)}"}`),
  ];
  for (const answer of answers) {
    await using issuer = await Issuer.start();
    issuer.documents.set("/.well-known/oauth-authorization-server", answer);
    const wire = wireFor(issuer);
    const token = await issuer.token();
    for (let i = 0; i < 5; i++) {
      const response = await list(wire, token);
      assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "5"]);
    }
    assert.ok(issuer.requests.length <= 2, `${issuer.requests.length} requests`);
  }
  const issuer = await Issuer.start();
  const token = await issuer.token();
  const wire = wireFor(issuer);
  await issuer[Symbol.asyncDispose]();
  assert.equal((await list(wire, token)).status, 503);
});

test("an issuer that fails is asked again later", async () => {
  await using issuer = await Issuer.start();
  let now = 0;
  const verifier = new TokenVerifier({ issuer: issuer.url, resource: RESOURCE }, () => now);
  const good = issuer.documents.get("/jwks")!;
  issuer.documents.set("/jwks", () => new Response("down", { status: 500 }));
  const token = await issuer.token();
  assert.equal((await verifier.verify(token)).kind, "unavailable");
  issuer.documents.set("/jwks", good);
  assert.equal((await verifier.verify(token)).kind, "unavailable", "not yet");
  now += 6000;
  assert.equal((await verifier.verify(token)).kind, "valid");
});

test("the key of the service still opens everything", async () => {
  await using issuer = await Issuer.start();
  const { service } = makeWorld({ settings: { apiKey: "s3cret" } });
  const wire = new HttpWire(service, { oauth: { issuer: issuer.url, resource: RESOURCE } });
  for (const headers of [{ "x-api-key": "s3cret" }, { authorization: "Bearer s3cret" }]) {
    assert.equal((await wire.call({ action: "rotate" }, { era: "modern", headers })).code, 503);
  }
  const token = bearer(await issuer.token());
  assert.equal((await wire.call({ action: "list" }, { era: "modern", ...token })).total, 0);
});

test("an issuer or a resource that cannot be used is named at once", () => {
  const { service } = makeWorld();
  const make = (issuer: string, resource = RESOURCE) => () =>
    new HttpWire(service, { oauth: { issuer, resource } });
  for (const issuer of ["", "issuer", "http://issuer.example", "https://i.example/?a=b", "ftp://i.example"]) {
    assert.throws(make(issuer), /Cannot use issuer/, issuer);
  }
  assert.throws(make("https://u:pw@i.example/"), (error: Error) => !error.message.includes("pw@"));
  for (const resource of ["", "mcp", "https://r.example/mcp#x", "urn:x"]) {
    assert.throws(make("https://i.example", resource), /Cannot use resource/, resource);
  }
});
