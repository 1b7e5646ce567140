import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv } from "ajv";
import contract from "../../../../gen/contract.json" with { type: "json" };
import { presentSources } from "../../../../src/service/resources/sources.ts";
import { newSourceRecord, type ProxySource } from "../../../../src/sources/mod.ts";
import { addProxy, makeWorld } from "../support.ts";

test("proxy://proxies says what status says, and nothing of a proxy that there is not", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://u:s3cret@203.0.113.1:80", { region: "US", ok: 2, dead: 1 });
  const content = await world.service.readResource("proxy://proxies/{id}", id);
  assert.deepEqual(content, await world.call("status", { proxy_id: id }));
  assert.doesNotMatch(JSON.stringify(content), /s3cret/);
  for (const odd of ["", "nobody", "550e8400-e29b-41d4-a716-446655440000", "__proto__"]) {
    assert.equal(await world.service.readResource("proxy://proxies/{id}", odd), undefined, odd);
  }
});

test("proxy://sources shows which lists live, without their addresses and keys", () => {
  const source = (name: string): ProxySource => ({
    name,
    url: `https://u:s3cret@${name}/k3y?token=t0ken`,
    headers: { authorization: "s3cret" },
  });
  const record = newSourceRecord("alive.example");
  const content = presentSources([
    { source: source("never.example"), record: undefined, isRecommended: false },
    {
      source: source("failing.example"),
      record: {
        ...record,
        fetches: 3,
        failures: 2,
        failuresInRow: 2,
        lastFetchAt: 1000,
        lastError: "The source answered 404",
      },
      isRecommended: false,
    },
    {
      source: source("alive.example"),
      record: {
        ...record,
        fetches: 1,
        lastFetchAt: 1000,
        lastOkAt: 1000,
        lastCount: 12,
        tried: 10,
        worked: 4,
      },
      isRecommended: true,
    },
  ]);
  assert.deepEqual(content.sources.map(({ alive, name }) => [name, alive]), [
    ["alive.example", true],
    ["failing.example", false],
    ["never.example", null],
  ]);
  assert.partialDeepStrictEqual(content, {
    total: 3,
    alive: 1,
    failing: 1,
    message: "3 lists known: 1 alive, 1 failing, 1 never asked",
  });
  assert.partialDeepStrictEqual(content.sources[1], {
    failures: 2,
    last_fetch: "1970-01-01T00:00:01Z",
    last_ok: null,
    last_error: "The source answered 404",
  });
  assert.doesNotMatch(JSON.stringify(content), /s3cret|k3y|t0ken/);
});

for (const { content, uri } of contract.resources) {
  test(`${uri} holds what the contract says`, async () => {
    const world = makeWorld();
    const id = addProxy(world, "http://203.0.113.1:80", { region: "US", ok: 2 });
    world.rotator.report(id, { verdict: "blocked", target: "shop.example" });
    await world.call("list");
    const value = { "proxy://proxies/{id}": id, "proxy://targets/{target}": "shop.example" }[uri];
    const found = await world.service.readResource(uri, value);
    assert.ok(found !== undefined);
    const validate = new Ajv({ strict: false, formats: { "date-time": true } }).compile(content);
    assert.ok(validate(found), JSON.stringify(validate.errors));
  });
}
