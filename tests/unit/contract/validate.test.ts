import assert from "node:assert/strict";
import { test } from "node:test";
import { parseActionInput, parseHealthInput, parseStatusInput } from "../../../gen/validators.ts";

const ID = "550e8400-e29b-41d4-a716-446655440000";
const ACTIONS =
  "list, rotate, status, recommend, health, reset_cb, add, remove, fetch, validate, set_strategy, request, report, " +
  "explain, check_target";

function messageOf(input: unknown): string {
  const result = parseActionInput(input);
  if (result.ok) assert.fail(`accepted ${JSON.stringify(input)}`);
  return result.message;
}

const MESSAGES: readonly (readonly [unknown, string])[] = [
  [{ action: "status" }, "proxy_id required for status action"],
  [{ action: "reset_cb" }, "proxy_id required for reset_cb action"],
  [{ action: "remove", proxy_id: "" }, "proxy_id required for remove action"],
  [{ action: "set_strategy", strategy: null }, "strategy required for set_strategy action"],
  [{ action: "status", proxy_id: "invalid" }, "Invalid proxy_id format: invalid"],
  [{ action: "remove", proxy_id: 7 }, "Invalid proxy_id format: 7"],
  [{ action: "explain", proxy_id: `${ID}\n` }, `Invalid proxy_id format: ${ID} `],
  [{ action: "fly" }, `Unknown action: fly. Must be one of: ${ACTIONS}`],
  [{ action: "LIST" }, `Unknown action: LIST. Must be one of: ${ACTIONS}`],
  [{}, `action required. Must be one of: ${ACTIONS}`],
  [{ action: null }, `action required. Must be one of: ${ACTIONS}`],
  [{ action: { name: "list" } }, `Unknown action: an object. Must be one of: ${ACTIONS}`],
  [
    { action: "recommend", criteria: { performance: "ultra" } },
    "Invalid performance level. Must be one of: high, medium, low",
  ],
  [
    { action: "recommend", criteria: { region: "USA" } },
    'criteria.region must be a two-letter country code such as US, got "USA"',
  ],
  [{ action: "recommend", criteria: "US" }, 'criteria must be an object, got "US"'],
  [
    { action: "recommend", criteria: { speed: 1 } },
    'Unknown key "speed" in criteria. Allowed: region, performance, protocol, tag, target',
  ],
  [{ action: "list", limit: NaN }, "limit must be a whole number from 1 to 1000, got NaN"],
  [{ action: "list", limit: -1 }, "limit must be a whole number from 1 to 1000, got -1"],
  [{ action: "list", limit: Infinity }, "limit must be a whole number from 1 to 1000, got Infinity"],
  [{ action: "list", limit: 2.5 }, "limit must be a whole number from 1 to 1000, got 2.5"],
  [{ action: "list", limit: "5" }, 'limit must be a whole number from 1 to 1000, got "5"'],
  [
    { action: "list", status: "ok" },
    'status must be one of healthy, degraded, unhealthy, dead, unknown, got "ok"',
  ],
  [{ action: "rotate", renew: "yes" }, 'renew must be true or false, got "yes"'],
  [
    { action: "status", proxy_id: ID, limit: 5 },
    'Unknown key "limit" for status action. Allowed: proxy_id, api_key',
  ],
  [{ action: "health", id: ID }, 'Unknown key "id" for health action. Allowed: api_key'],
  [{ action: "add" }, "proxy_url or proxy_urls required for add action"],
  [
    { action: "add", proxy_url: "a:1", proxy_urls: ["b:1"] },
    "Give only one of proxy_url, proxy_urls for add action",
  ],
  [{ action: "add", proxy_urls: ["a:1", 5] }, "proxy_urls[1] must be text of at most 2048 characters"],
  [{ action: "add", proxy_urls: "a:1" }, 'proxy_urls must be a list of at most 10000, got "a:1"'],
  [
    { action: "add", proxy_urls: Array(10_001).fill("a:1") },
    "proxy_urls must be a list of at most 10000, got a list of 10001",
  ],
  [{ action: "report", outcome: "ok" }, "lease_id, or proxy_id and target, required for report action"],
  [
    { action: "report", outcome: "ok", proxy_id: ID },
    "lease_id, or proxy_id and target, required for report action",
  ],
  [
    { action: "request", url: "ftp://a" },
    'url must be a URL that starts with http:// or https://, got "ftp://a"',
  ],
  [[], "Arguments must be an object with the key action, got a list of 0"],
  [null, "Arguments must be an object with the key action, got null"],
  ["list", 'Arguments must be an object with the key action, got "list"'],
];

for (const [input, message] of MESSAGES) {
  const shown = (JSON.stringify(input) ?? "").slice(0, 60);
  test(`parseActionInput refuses ${shown} with "${message.slice(0, 60)}"`, () => {
    assert.equal(messageOf(input), message);
  });
}

test("parseActionInput treats null, empty text and empty lists as absent", () => {
  const input = {
    action: "list",
    criteria: { region: null, tag: "" },
    limit: null,
    cursor: "",
    proxy_urls: [],
    extra: null,
  };
  assert.deepEqual(parseActionInput(input), { ok: true, value: { action: "list", criteria: {} } });
});

test("parseActionInput lets reset_cb look for any id", () => {
  assert.ok(parseActionInput({ action: "reset_cb", proxy_id: "invalid-uuid" }).ok);
});

test("parseActionInput takes an id in capitals", () => {
  assert.ok(parseActionInput({ action: "status", proxy_id: ID.toUpperCase() }).ok);
});

test("parseStatusInput fills in its action and refuses another", () => {
  assert.deepEqual(parseStatusInput({ proxy_id: ID }), {
    ok: true,
    value: { action: "status", proxy_id: ID },
  });
  assert.deepEqual(parseHealthInput({ action: "list" }), {
    ok: false,
    message: 'action must be health, got "list"',
  });
});

test("parseActionInput takes inherited keys for nothing", () => {
  for (const action of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.match(messageOf({ action }), /^Unknown action: /);
  }
  assert.match(messageOf(Object.create({ action: "list" })), /^action required/);
  const input = Object.assign(Object.create({ proxy_id: ID }), { action: "status" });
  assert.equal(messageOf(input), "proxy_id required for status action");
});

test("parseActionInput refuses __proto__ and leaves prototypes alone", () => {
  const input: unknown = JSON.parse('{"action":"list","__proto__":{"polluted":true}}');
  assert.match(messageOf(input), /^Unknown key "__proto__" for list action/);
  const nested: unknown = JSON.parse('{"action":"list","criteria":{"__proto__":{"polluted":true}}}');
  assert.match(messageOf(nested), /^Unknown key "__proto__" in criteria/);
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

test("parseActionInput keeps a header named __proto__ an ordinary key", () => {
  const input: unknown = JSON.parse('{"action":"request","url":"http://a/","headers":{"__proto__":"x"}}');
  const result = parseActionInput(input);
  assert.ok(result.ok && result.value.action === "request");
  assert.deepEqual(Object.keys(result.value.headers ?? {}), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(result.value.headers), Object.prototype);
});

test("parseActionInput answers a text of a megabyte with a short message", () => {
  const huge = "x".repeat(1_000_000);
  for (
    const input of [
      { action: huge },
      { action: "status", proxy_id: huge },
      { action: "list", [huge]: 1 },
      { action: "list", cursor: huge },
      { action: "recommend", criteria: { region: huge } },
      { action: "request", url: `http://${huge}` },
      { action: "add", proxy_url: huge },
    ]
  ) {
    assert.ok(messageOf(input).length < 300, messageOf(input));
  }
});

test("parseActionInput does not go into what it does not know", () => {
  let deep: unknown = "x";
  for (let level = 0; level < 100_000; level++) deep = { deep };
  assert.match(messageOf({ action: "list", criteria: { region: deep } }), /got an object$/);
  assert.match(messageOf({ action: "list", deep }), /^Unknown key "deep"/);
});

test("parseActionInput never shows what may be secret", () => {
  for (
    const input of [
      { action: "list", api_key: ["hunter2"] },
      { action: "list", api_key: `${"hunter2".repeat(100)}` },
      { action: "add", proxy_url: `http://user:hunter2@a.example/${"x".repeat(3000)}` },
      { action: "add", proxy_urls: ["a:1", `http://user:hunter2@a.example/${"x".repeat(3000)}`] },
      { action: "status", proxy_id: "http://user:hunter2@a.example:80" },
      { action: "status", proxy_id: "a.example:80:user:hunter2" },
      { action: "status", proxy_id: "user:hunter2@a.example:80" },
      { action: "http://user:hunter2@a.example:80" },
      { action: "list", "http://user:hunter2@a.example:80": 1 },
      { action: "request", url: "http://a/", headers: { Authorization: ["hunter2"] } },
      { action: "request", url: "http://a/", body: { password: "hunter2" } },
    ]
  ) {
    assert.doesNotMatch(messageOf(input), /hunter2/);
  }
});
