import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestOutput } from "../../../gen/models.ts";
import { DEFAULT_SETTINGS } from "../../../gen/settings.ts";
import { loadSettings, ProxyWhirlService } from "../../../src/service/mod.ts";
import { verdictRulesOf } from "../../../src/service/verdict_rules_setting.ts";
import { PoolOfProxies } from "../../support/pool_of_proxies.ts";
import { TempDir } from "../../support/temp_dir.ts";

const SOLD_OUT = { name: "sold-out", verdict: "blocked", status: 200, body: "^ok$", reason: "sold out" };
const WALL = { name: "wall", verdict: "blocked", title: "^sign in" };

function load(verdictRules: unknown, files: Readonly<Record<string, unknown>> = {}) {
  return loadSettings({
    flags: new Map([["config", "config.json"]]),
    readEnvironment: () => ({}),
    readTextFile(path) {
      const content = path === "config.json" ? { verdict_rules: verdictRules } : files[path];
      if (content === undefined) return Promise.reject(new Error(`ENOENT: no such file: ${path}`));
      return Promise.resolve(typeof content === "string" ? content : JSON.stringify(content));
    },
  });
}

const namesIn = async (value: string | null) => (await verdictRulesOf(value)).map(({ name }) => name);

test("verdict_rules takes rules, files of rules, and both, in their order", async () => {
  const { settings } = await load(["mine.json", SOLD_OUT], { "mine.json": [WALL] });
  assert.deepEqual(await namesIn(settings.verdictRules), ["wall", "sold-out"]);
  assert.deepEqual(await namesIn((await load([SOLD_OUT])).settings.verdictRules), ["sold-out"]);
  assert.deepEqual(await namesIn((await load([])).settings.verdictRules), []);
  assert.deepEqual(await namesIn(null), []);
});

test("verdict_rules takes files from a flag", async () => {
  using folder = new TempDir();
  const [a, b] = [folder.write("a.json", JSON.stringify([WALL])), folder.write("b.json", "[]")];
  const { settings } = await loadSettings({
    flags: new Map([["verdict-rules", `${a}, ${b}`]]),
    readEnvironment: () => ({}),
  });
  assert.deepEqual(await namesIn(settings.verdictRules), ["wall"]);
});

test("verdict_rules that cannot be used stop the program, and say which and why", async () => {
  const cases: [unknown, unknown, RegExp][] = [
    [[{ ...SOLD_OUT, body: "(" }], {}, /Setting verdict_rules: .*body of rule 1 \("sold-out"\) is "\("/],
    [["gone.json"], {}, /Cannot read "gone\.json" \(setting verdict_rules\): ENOENT/],
    [["a.json"], { "a.json": "{ rules" }, /Cannot read "a\.json" \(setting verdict_rules\): it is not JSON/],
    [["a.json"], { "a.json": { rules: [] } }, /Cannot use "a\.json" .* one JSON array of rules/],
    [["a.json"], { "a.json": `[${" ".repeat(1_000_001)}]` }, /more than 1000000 characters/],
    [["a.json", WALL], { "a.json": [WALL] }, /rule 2 \("wall"\) has a name that another rule has/],
    [{ rules: [] }, {}, /verdict_rules .* allowed: a list/],
    [5, {}, /verdict_rules .* is 5, allowed: a list/],
  ];
  for (const [rules, files, message] of cases) {
    await assert.rejects(load(rules, files as Record<string, unknown>), { code: "INVALID_SETTING", message });
  }
});

test("request goes by the rules of the settings, and says which rule decided", async () => {
  await using pool = await PoolOfProxies.start();
  const service = new ProxyWhirlService({
    rotator: pool.rotator,
    settings: { ...DEFAULT_SETTINGS, allowPrivateTargets: true, verdictRules: JSON.stringify([SOLD_OUT]) },
    version: "1.2.3",
  });
  try {
    const call = { action: "request", url: `${pool.site.http}/json` };
    const fine = await service.handle(call);
    assert.ok(fine.ok && (fine.value as RequestOutput).verdict === "ok", JSON.stringify(fine));
    pool.site.refuse = () => 403;
    const refused = await service.handle(call);
    assert.ok(refused.ok);
    const { attempts, verdict } = refused.value as RequestOutput;
    assert.deepEqual([verdict, attempts.at(-1)?.rule], ["blocked", "forbidden"]);
  } finally {
    await service.close();
  }
});

test("a service with bad rules tells why each time, and ends", async () => {
  await using pool = await PoolOfProxies.start();
  const service = new ProxyWhirlService({
    rotator: pool.rotator,
    settings: { ...DEFAULT_SETTINGS, verdictRules: "[1]" },
    version: "1.2.3",
  });
  for (const _ of [1, 2]) {
    const result = await service.handle({ action: "request", url: "http://site.example/" });
    assert.match(!result.ok ? result.error.error : "", /rule 1 is 1, allowed: an object/);
  }
  await service.close();
});
