import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SETTINGS, SETTINGS } from "../../../gen/settings.ts";
import { SettingsError } from "../../../src/service/setting_value.ts";
import { loadSettings } from "../../../src/service/settings.ts";

interface World {
  readonly flags?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly file?: string;
}

async function load({ flags = {}, env = {}, file }: World) {
  return await loadSettings({
    flags: new Map(Object.entries(file === undefined ? flags : { ...flags, config: "pool.json" })),
    readEnvironment: (names) =>
      Object.fromEntries(Object.entries(env).filter(([name]) => names.includes(name))),
    readTextFile: (path) =>
      file === undefined ? Promise.reject(new Error(`no ${path}`)) : Promise.resolve(file),
  });
}

const refuses = (world: World, message: RegExp) =>
  assert.rejects(load(world), (error) => error instanceof SettingsError && message.test(error.message));

test("loadSettings gives the defaults when nothing is set, and does not touch them", async () => {
  const { settings, origins } = await load({});
  assert.deepEqual(settings, DEFAULT_SETTINGS);
  assert.equal(origins.size, 0);
  const changed = await load({ flags: { "cb-failure-threshold": "9" } });
  assert.equal(changed.settings.circuitBreaker.failureThreshold, 9);
  assert.equal(DEFAULT_SETTINGS.circuitBreaker.failureThreshold, 5);
});

test("loadSettings lets flags win over environment, environment over file, file over defaults", async () => {
  const file = JSON.stringify({ timeout: 1, logging: { level: "debug" }, pool_connections: 3 });
  const { settings, origins } = await load({
    flags: { timeout: "3" },
    env: { PROXYWHIRL_TIMEOUT: "2", PROXYWHIRL_LOG_LEVEL: "error" },
    file,
  });
  assert.equal(settings.timeoutS, 3);
  assert.equal(settings.logging.level, "ERROR");
  assert.equal(settings.poolConnections, 3);
  assert.equal(settings.poolMaxKeepalive, DEFAULT_SETTINGS.poolMaxKeepalive);
  assert.equal(origins.get("timeout"), "--timeout");
  assert.equal(origins.get("logging.level"), "PROXYWHIRL_LOG_LEVEL");
  assert.equal(origins.get("pool_connections"), "pool.json");
});

test("loadSettings knows the variables of the Python program", async () => {
  const { settings } = await load({
    env: { PROXYWHIRL_MCP_API_KEY: "k", PROXYWHIRL_MCP_DB: "x.db", PROXYWHIRL_MCP_LOG_LEVEL: "warning" },
  });
  assert.equal(settings.apiKey, "k");
  assert.equal(settings.db, "x.db");
  assert.equal(settings.logging.level, "WARNING");
});

test("loadSettings counts an empty variable as not set", async () => {
  const { settings } = await load({ env: { PROXYWHIRL_DB: "", PROXYWHIRL_MCP_DB: "y.db" } });
  assert.equal(settings.db, "y.db");
});

test("loadSettings takes dotted and nested keys of a file", async () => {
  const dotted = await load({ file: '{"circuit_breaker.failure_threshold": 2}' });
  const nested = await load({ file: '{"circuit_breaker": {"failure_threshold": 2}}' });
  assert.deepEqual(dotted.settings, nested.settings);
});

test("loadSettings names the key, the value, where it comes from and what is allowed", async () => {
  await refuses(
    { flags: { timeout: "-1" } },
    /timeout \(--timeout\) is "-1", allowed: numbers from 0\.1 to 600/,
  );
  await refuses({ flags: { timeout: "NaN" } }, /is "NaN"/);
  await refuses({ env: { PROXYWHIRL_TIMEOUT: "soon" } }, /timeout \(PROXYWHIRL_TIMEOUT\) is "soon"/);
  await refuses({ flags: { "log-level": "LOUD" } }, /"LOUD", allowed: DEBUG, INFO, WARNING, ERROR/);
  await refuses({ flags: { "pool-connections": "1.5" } }, /allowed: whole numbers from 1 to 10000/);
  await refuses({ flags: { "read-only": "perhaps" } }, /allowed: true, false/);
  await refuses({ flags: { "redact-credentials": false } }, /is false, allowed: true/);
  await refuses({ file: '{"timeout": [1]}' }, /timeout \(pool\.json\) is \[1\]/);
  await refuses({ file: '{"timeout": null}' }, /timeout \(pool\.json\) is null/);
});

test("loadSettings refuses unknown keys of a file and guesses what was meant", async () => {
  await refuses(
    { file: '{"time_out": 5}' },
    /Unknown setting "time_out" in "pool\.json" \(did you mean "timeout"\?\)/,
  );
  await refuses(
    { file: '{"logging": {"levle": "INFO"}}' },
    /"logging\.levle".*did you mean "logging\.level"/,
  );
  await refuses({ file: '{"config": "other.json"}' }, /Unknown setting "config"/);
  await refuses({ file: '{"logging": "loud"}' }, /Setting logging \("pool\.json"\) must be an object/);
});

test("loadSettings says what is wrong with a config file", async () => {
  await refuses({ file: "{" }, /Cannot read the config file "pool\.json" \(--config\): it is not JSON/);
  await refuses({ file: "[]" }, /it must hold one JSON object/);
  await refuses({ flags: { config: "absent.json" } }, /Cannot read the config file "absent\.json"/);
});

test("loadSettings never shows a secret", async () => {
  const secret = SETTINGS.find((spec) => spec.secret);
  assert.ok(secret);
  await assert.rejects(load({ file: '{"api_key": {"a": "hunter2"}}' }), (error: Error) => {
    return error instanceof SettingsError && !error.message.includes("hunter2") &&
      error.message.includes("api_key");
  });
});

test("loadSettings tells everything that is wrong to who wants to know, and reads the rest", async () => {
  const problems: string[] = [];
  const file = JSON.stringify({
    timeout: "soon",
    tmeout: 3,
    logging: 5,
    read_only: true,
    sources: { extra: "[" },
  });
  const { settings, origins } = await loadSettings({
    flags: new Map<string, unknown>([["config", "pool.json"], ["care-interval", "-1"]]),
    readEnvironment: (names) => names.includes("PROXYWHIRL_TOOLS") ? { PROXYWHIRL_TOOLS: "many" } : {},
    readTextFile: () => Promise.resolve(file),
    onProblem: ({ message }) => problems.push(message),
  });
  assert.deepEqual([settings.readOnly, settings.timeoutS, origins.get("read_only")], [true, 30, "pool.json"]);
  const said = problems.join("\n");
  for (
    const key of [/"tmeout".*did you mean "timeout"/, /logging .*must be an object/, /timeout \(pool\.json\)/]
  ) {
    assert.match(said, key);
  }
  for (const key of [/tools \(PROXYWHIRL_TOOLS\)/, /--care-interval/, /sources\.extra/]) {
    assert.match(said, key);
  }
  assert.equal(problems.length, 6, said);
});

test("loadSettings tells that a config file cannot be read, and goes on with the rest", async () => {
  const problems: string[] = [];
  const { settings } = await loadSettings({
    flags: new Map([["config", "pool.json"], ["timeout", "3"]]),
    readEnvironment: () => ({}),
    readTextFile: () => Promise.resolve("{"),
    onProblem: ({ message }) => problems.push(message),
  });
  assert.deepEqual([settings.timeoutS, problems.length], [3, 1]);
  assert.match(problems[0] ?? "", /pool\.json.*it is not JSON/);
});
