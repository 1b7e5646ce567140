import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSettings, SettingsError } from "../../../src/service/mod.ts";
import { listSetting, textsSetting } from "../../../src/service/list_setting.ts";
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
