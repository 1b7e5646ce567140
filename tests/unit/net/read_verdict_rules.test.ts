import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type JudgedAnswer,
  readVerdictRules,
  VERDICT_RULES,
  VerdictClassifier,
} from "../../../src/net/mod.ts";
import { PoolOfProxies } from "../../support/pool_of_proxies.ts";

const answer = (status: number, headers: Record<string, string> = {}): JudgedAnswer => ({
  status,
  headers: new Headers({ "content-type": "text/html; charset=utf-8", ...headers }),
  mayBeFromProxy: false,
});

/** What rules say of an answer, its body read only when they want it. */
async function judge(rules: unknown, judged: JudgedAnswer, body = ""): Promise<string> {
  const classifier = new VerdictClassifier(await readVerdictRules(rules));
  const bytes = classifier.wantsBody(judged) ? new TextEncoder().encode(body) : undefined;
  const { reason, rule, verdict } = classifier.judge(judged, bytes);
  return `${verdict} ${rule}: ${reason}`;
}

test("readVerdictRules() reads every key, and rules of the user go before those of the program", async () => {
  const rules = [
    {
      name: "all-of-it",
      verdict: "blocked",
      status: [200, 203],
      headers: { "X-Guard": "^on$" },
      title: "^sign in",
      body: "members only",
      reason: "a wall",
    },
    { name: "goes-first", verdict: "ok", status: 403, headers: { "x-fine": "." } },
    { name: "lured", verdict: "dead", location: "portal\\.example/login", reason: "captive portal" },
    { name: "own-proxy", verdict: "dead", status: 418, only_from_proxy: true },
  ];
  const page = "<title>SIGN IN now</title>Members only";
  assert.equal(await judge(rules, answer(200, { "x-guard": "ON" }), page), "blocked all-of-it: a wall");
  assert.equal(await judge(rules, answer(201, { "x-guard": "ON" }), page), "ok status: status 201");
  assert.equal(await judge(rules, answer(200, { "x-guard": "off" }), page), "ok status: status 200");
  assert.equal(await judge(rules, answer(200, { "x-guard": "on" }), "members only"), "ok status: status 200");
  assert.equal(await judge(rules, answer(403, { "x-fine": "1" })), "ok goes-first: goes-first");
  assert.equal(await judge(rules, answer(403)), "blocked forbidden: status 403");
  const redirect = { ...answer(302), location: "http://portal.example/login?to=x" };
  assert.equal(await judge(rules, redirect), "dead lured: captive portal");
  assert.equal(await judge(rules, answer(418)), "ok status: status 418");
  assert.equal(await judge(rules, { ...answer(418), mayBeFromProxy: true }), "dead own-proxy: own-proxy");
});

test("rules of the user look into JSON and other texts, in the charset of the page", async () => {
  const rules = [{ name: "soft", verdict: "blocked", status: 200, body: "слишком много|quota" }];
  const json = answer(200, { "content-type": "application/json" });
  assert.equal(await judge(rules, json, '{"error":"QUOTA"}'), "blocked soft: soft");
  assert.equal(await judge(rules, answer(200), "Слишком много запросов"), "blocked soft: soft");
  const windows = answer(200, { "content-type": "text/html; charset=windows-1251" });
  const classifier = new VerdictClassifier(await readVerdictRules(rules));
  const bytes = Uint8Array.from([
    0xf1,
    0xeb,
    0xe8,
    0xf8,
    0xea,
    0xee,
    0xec,
    0x20,
    0xec,
    0xed,
    0xee,
    0xe3,
    0xee,
  ]);
  assert.equal(classifier.judge(windows, bytes).rule, "soft");
  assert.equal(
    await judge(rules, answer(200, { "content-type": "image/png" }), "quota"),
    "ok status: status 200",
  );
  // And those of the program still do not: this is a page about captchas.
  assert.equal(await judge(rules, json, '"_cf_chl_opt g-recaptcha"'), "ok status: status 200");
});

test("a rule about a body does not fit an answer whose body is not looked at", async () => {
  const rules = [{ name: "anything", verdict: "blocked", status: 204, body: "x*" }];
  assert.equal(await judge(rules, answer(204)), "ok status: status 204");
});

test("readVerdictRules() names the rule, the key, the value and what is allowed", async () => {
  const fine = { name: "a", verdict: "blocked", status: 403 };
  const cases: [unknown, RegExp][] = [
    [{}, /\{\} is no array/],
    [[1], /rule 1 is 1, allowed: an object/],
    [[null], /rule 1 is null/],
    [
      [fine, { ...fine, name: "b", boddy: "x" }],
      /rule 2 \("b"\) has an unknown key "boddy", allowed: name, verdict/,
    ],
    [[{ ...fine, ["__proto__x"]: 1 }], /unknown key/],
    [[{ ...fine, constructor: "x" }], /unknown key "constructor"/],
    [[{ verdict: "ok", status: 1 }], /status of rule 1 is 1, allowed: a status from 100 to 999/],
    [[{ verdict: "ok", status: 200 }], /rule 1 has no name/],
    [[{ name: "a", status: 200 }], /rule 1 \("a"\) has no verdict/],
    [[{ name: "a", verdict: "blocked" }], /rule 1 \("a"\) fits every answer: name one of status/],
    [[{ ...fine, verdict: "aborted" }], /verdict of rule 1 \("a"\) is "aborted", allowed: ok, blocked, dead/],
    [[{ ...fine, name: "a b" }], /name of rule 1 .* is "a b", allowed: 1 to 60 letters/],
    [[{ ...fine, name: "" }], /name of rule 1 is ""/],
    [[{ ...fine, status: [] }], /status of .* is \[\]/],
    [[{ ...fine, status: "403" }], /status of .* is "403"/],
    [[{ ...fine, status: [403.5] }], /status of .* is \[403\.5\]/],
    [[{ ...fine, headers: {} }], /headers of .* is \{\}/],
    [[{ ...fine, headers: { "a b": "x" } }], /headers of/],
    [[{ ...fine, headers: { a: 1 } }], /headers of/],
    [[{ ...fine, body: "" }], /body of .* is ""/],
    [
      [{ ...fine, body: "x".repeat(1001) }],
      /body of .* is "x+, allowed: a regular expression of at most 1000/,
    ],
    [
      [{ ...fine, title: "(" }],
      /title of .* is "\(", allowed: a regular expression in the syntax of RE2 \(.*missing/,
    ],
    [[{ ...fine, body: "(?=x)" }], /body of .* is "\(\?=x\)".*syntax of RE2/],
    [[{ ...fine, body: "(a)\\1" }], /body of .*syntax of RE2/],
    [[{ ...fine, body: "x{1000}y{1000}z{9}" }], /body of .*syntax of RE2 \(it repeats too much/],
    [[{ ...fine, headers: { server: "[" } }], /headers\.server of rule 1 \("a"\) is "\["/],
    [[{ ...fine, only_from_proxy: "yes" }], /only_from_proxy of .* is "yes", allowed: true, false/],
    [[{ ...fine, reason: 5 }], /reason of .* is 5/],
    [[fine, fine], /rule 2 \("a"\) has a name that another rule has/],
    [[{ ...fine, name: "forbidden" }], /rule 1 \("forbidden"\) has a name that another rule has/],
    [Array.from({ length: 201 }, () => fine), /more than 200/],
  ];
  for (const [rules, message] of cases) {
    await assert.rejects(
      readVerdictRules(rules),
      { code: "INVALID_VERDICT_RULE", message },
      JSON.stringify(rules),
    );
  }
  assert.deepEqual(await readVerdictRules([]), []);
});

test("a pattern that would hold a backtracking engine up for ever takes linear time", async () => {
  const patterns = ["(a+)+$", "(a|aa)+$", "(.*a){20}$", "a*a*a*a*a*a*b", "(x+x+)+y"];
  const rules = patterns.map((body, i) => ({ name: `evil-${i}`, verdict: "blocked", body }));
  const classifier = new VerdictClassifier(await readVerdictRules(rules));
  for (const part of ["a", "x", "aa<"]) {
    const page = new TextEncoder().encode(part.repeat(16_384 / part.length) + "!");
    const start = performance.now();
    classifier.judge(answer(200), page);
    // A backtracking engine needs longer than the universe has.
    assert.ok(performance.now() - start < 2_000, part);
  }
});

test("readVerdictRules() takes every pattern of the program's own rules", async () => {
  const rules = VERDICT_RULES.map(({ name, onlyFromProxy: _, ...rule }) => ({ ...rule, name: `my-${name}` }));
  assert.equal((await readVerdictRules(rules)).length, VERDICT_RULES.length);
});

test("a RegExp in a rule has no memory of the last answer", () => {
  const classifier = new VerdictClassifier([{ name: "mine", verdict: "blocked", body: /refused/gi }]);
  const page = new TextEncoder().encode("Refused");
  const rules = [1, 2, 3].map(() => classifier.judge(answer(200), page).rule);
  assert.deepEqual(rules, ["mine", "mine", "mine"]);
});

test("the rule that decided is in the answer and in every attempt", async () => {
  const verdictRules = await readVerdictRules([
    { name: "sold-out", verdict: "blocked", status: 200, body: "^ok$", reason: "sold out" },
  ]);
  await using pool = await PoolOfProxies.start({ proxies: [{}, {}], client: { verdictRules } });
  const response = await pool.client.fetch(`${pool.site.http}/html`);
  assert.equal(response.verdict, "ok");
  pool.site.refuse = () => undefined;
  const text = await pool.client.fetch(`${pool.site.http}/ok`, { headers: { accept: "text/plain" } });
  assert.deepEqual([text.verdict, text.verdictRule, text.verdictReason], ["blocked", "sold-out", "sold out"]);
  assert.deepEqual(text.attempts.map(({ rule }) => rule), ["sold-out", "sold-out"]);
});
