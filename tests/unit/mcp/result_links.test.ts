import assert from "node:assert/strict";
import { test } from "node:test";
import { RESOURCES } from "../../../gen/resources.ts";
import { resultLinks } from "../../../src/mcp/result_links.ts";

const offered = RESOURCES.map(({ uri }) => uri);
const REVISION = "2025-11-25";

function urisFor(action: unknown, result: object): string[] {
  return resultLinks(action, result, offered, REVISION).map((link) => {
    assert.equal(link.type, "resource_link");
    return link.uri;
  });
}

test("resultLinks() leads from a list to its first ten proxies", () => {
  const proxies = Array.from({ length: 100 }, (_, i) => ({ id: `id-${i}`, url: `http://192.0.2.${i}:80` }));
  const links = resultLinks("list", { proxies }, offered, REVISION);
  assert.equal(links.length, 10);
  assert.deepEqual(links[0], {
    type: "resource_link",
    uri: "proxy://proxies/id-0",
    name: "http://192.0.2.0:80",
    title: "One proxy: http://192.0.2.0:80",
    mimeType: "application/json",
  });
});

test("resultLinks() leads from a recommendation to it and its alternatives, from a check to the site, from a fetch to the lists", () => {
  const recommendation = { id: "a", url: "http://192.0.2.1:80", alternatives: [{ id: "b" }, { id: "c" }] };
  assert.deepEqual(
    urisFor("recommend", { recommendation }),
    ["a", "b", "c"].map((id) => `proxy://proxies/${id}`),
  );
  assert.deepEqual(urisFor("check_target", { target: "[2001:db8::1]" }), [
    "proxy://targets/%5B2001%3Adb8%3A%3A1%5D",
  ]);
  assert.deepEqual(urisFor("fetch", {}), ["proxy://sources"]);
});

test("resultLinks() adds nothing elsewhere, and nothing where no such resource is offered or known", () => {
  const proxies = [{ id: "a" }];
  for (const action of ["rotate", "status", "health", "request", undefined, 5, "__proto__"]) {
    assert.deepEqual(urisFor(action, { proxies }), []);
  }
  assert.deepEqual(resultLinks("list", { proxies }, ["proxy://health"], REVISION), []);
  assert.deepEqual(resultLinks("fetch", {}, ["proxy://health"], REVISION), []);
  for (const revision of [undefined, "2024-11-05", "2025-03-26"]) {
    assert.deepEqual(resultLinks("list", { proxies }, offered, revision), []);
  }
  assert.equal(resultLinks("list", { proxies }, offered, "2026-07-28").length, 1);
});

test("resultLinks() takes results as they come", () => {
  for (const result of [{}, { proxies: null }, { proxies: "x" }, { proxies: [null, 5, {}, { id: 7 }] }]) {
    assert.deepEqual(urisFor("list", result), []);
  }
  assert.deepEqual(urisFor("recommend", { recommendation: null }), []);
  assert.deepEqual(urisFor("check_target", {}), []);
});
