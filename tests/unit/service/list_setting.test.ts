import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSettings, SettingsError } from "../../../src/service/mod.ts";
import { DEFAULT_SETTINGS } from "../../../gen/settings.ts";
import { allowedActions, listSetting, textsSetting } from "../../../src/service/list_setting.ts";
import { extraSources } from "../../../src/service/supply/extra_sources.ts";

const load = (flags: Record<string, unknown>, file?: unknown) =>
  loadSettings({
    flags: new Map(Object.entries(file === undefined ? flags : { ...flags, config: "p.json" })),
    readEnvironment: () => ({}),
    readTextFile: () => Promise.resolve(JSON.stringify(file)),
  });

test("listSetting() reads texts between commas, and JSON arrays", () => {
  assert.deepEqual(listSetting(null, "x"), []);
  assert.deepEqual(listSetting(" a, b ,,c", "x"), ["a", "b", "c"]);
  assert.deepEqual(listSetting('["a,b", {"url": 1}]', "x"), ["a,b", { url: 1 }]);
  assert.throws(() => listSetting("[a", "x"), SettingsError);
  assert.throws(() => textsSetting("[1]", "x"), /x holds 1, allowed: texts/);
});

test("settings take lists from flags and from arrays of the config file", async () => {
  const { settings } = await load({ judges: "http://a.example/,http://b.example/" }, {
    region_files: ["a,b.mmdb"],
    sources: { extra: ["https://lists.example/http.txt", { url: "https://x.example/", protocol: "socks5" }] },
    care: { enabled: true, min_proxies: 50 },
  });
  const list = textsSetting(settings.validation.judges, "validation.judges");
  assert.deepEqual(list, ["http://a.example/", "http://b.example/"]);
  assert.deepEqual(textsSetting(settings.regionFiles, "region_files"), ["a,b.mmdb"]);
  assert.equal(listSetting(settings.sources.extra, "sources.extra").length, 2);
  assert.deepEqual(settings.care, { enabled: true, intervalS: 60, minProxies: 50 });
});

test("settings refuse judges and lists that are none, and show no key", async () => {
  await assert.rejects(load({ judges: "judge.example" }), /validation\.judges holds a text that is no http/);
  await assert.rejects(
    load({}, { sources: { extra: [{ url: "https://a.example/", lang: "de" }] } }),
    /"lang"/,
  );
  const failure = await load({}, { sources: { extra: { url: "https://u:s3cret@a.example/" } } })
    .then(() => undefined, (error: Error) => error);
  assert.match(failure?.message ?? "", /sources\.extra/);
  assert.doesNotMatch(failure?.message ?? "", /s3cret/);
});

test("allowedActions() takes names in any case, with - or _, and names the allowed ones for another", async () => {
  assert.equal(allowedActions(DEFAULT_SETTINGS), undefined);
  const { settings } = await load({ "allow-actions": "list, ROTATE,reset-cb" });
  assert.deepEqual([...allowedActions(settings) ?? []], ["list", "rotate", "reset_cb"]);
  const { settings: fromFile } = await load({}, { allow_actions: ["health"] });
  assert.deepEqual([...allowedActions(fromFile) ?? []], ["health"]);
  const known = /allowed: list, rotate, status, .*, check_target$/;
  for (
    const [text, shown] of [
      ["lst", /holds "lst" \(did you mean "list"\?\)/],
      ["list,http://u:s3cret@h:1", /holds /],
      [",", /names no action/],
      ["[]", /names no action/],
      ["__proto__", /holds "__proto__"/],
    ] as const
  ) {
    const failure = await load({ "allow-actions": text }).then(() => undefined, (error: Error) => error);
    assert.ok(failure instanceof SettingsError, text);
    assert.match(failure.message, shown);
    assert.match(failure.message, known);
    assert.doesNotMatch(failure.message, /s3cret/);
  }
  await assert.rejects(load({}, { allow_actions: [5] }), /allow_actions holds 5, allowed: texts/);
});

test("extraSources() names lists after their host, since paths hold keys", () => {
  const sources = extraSources([
    "https://Lists.example/t0ken/http.txt",
    { url: "https://lists.example/t0ken/socks5.txt" },
    { name: "mine", url: "https://lists.example/", recommended: false },
  ]);
  assert.deepEqual(sources.map(({ isRecommended, name, protocol }) => [name, protocol, isRecommended]), [
    ["lists.example", undefined, true],
    ["lists.example-2", "socks5", true],
    ["mine", undefined, false],
  ]);
});
