import assert from "node:assert/strict";
import { test } from "node:test";
import { SETTINGS } from "../../../gen/settings.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { runCli } from "./support.ts";

interface Shown {
  readonly key: string;
  readonly value: unknown;
  readonly set?: boolean;
  readonly origin: string;
}

test("config show tells every setting with its value and where it comes from", async () => {
  using dir = new TempDir();
  const file = dir.write("pool.json", JSON.stringify({ pool_connections: 3, timeout: 9 }));
  const args = ["config", "show", "--config", file, "--timeout", "7"];
  const { code, err, out } = await runCli([...args, "--json"], { env: { PROXYWHIRL_STRATEGY: "random" } });
  assert.deepEqual([code, err], [0, ""]);
  const shown: readonly Shown[] = JSON.parse(out);
  assert.deepEqual(shown.map(({ key }) => key), SETTINGS.map(({ key }) => key));
  const of = (key: string) => shown.find((setting) => setting.key === key);
  assert.deepEqual(of("timeout"), { key: "timeout", value: 7, origin: "--timeout" });
  assert.deepEqual(of("strategy"), { key: "strategy", value: "random", origin: "PROXYWHIRL_STRATEGY" });
  assert.deepEqual(of("pool_connections"), { key: "pool_connections", value: 3, origin: file });
  assert.deepEqual(of("read_only"), { key: "read_only", value: false, origin: "default" });
  const text = (await runCli(args)).out;
  assert.match(text, /^SETTING +VALUE +FROM\n/);
  assert.match(text, /^timeout +7 +--timeout$/m);
  assert.match(text, /^pacing +not set +default$/m);
});

test("config show says of a secret only whether it is set", async () => {
  using dir = new TempDir();
  const sources = [{ url: "https://lists.example/t0ken/http.txt", headers: { authorization: "s3cret" } }];
  const file = dir.write("pool.json", JSON.stringify({ sources: { extra: sources } }));
  const env = { PROXYWHIRL_API_KEY: "hunter2" };
  const judges = ["--judges", "http://bob:pa55@judge.example/"];
  for (const more of [[], ["--json"]]) {
    const { code, err, out } = await runCli(["config", "show", "--config", file, ...judges, ...more], {
      env,
    });
    assert.equal(code, 0, err);
    assert.doesNotMatch(out + err, /hunter2|s3cret|t0ken|pa55/);
    assert.match(out, /api_key/);
  }
  const { out } = await runCli(["config", "show"], { env });
  assert.match(out, /^api_key +set +PROXYWHIRL_API_KEY$/m);
  assert.match(out, /^sources\.extra +not set +default$/m);
});

test("config check names everything that is wrong, and ends with 2", async () => {
  using dir = new TempDir();
  const file = dir.write(
    "pool.json",
    JSON.stringify({ tmeout: 3, pacing: "often", strategy: "bogus", timeout: -1 }),
  );
  const env = {
    PROXYWHIRL_STRATGY: "random",
    PROXYWHIRL_SOMETHING_OF_OTHERS: "1",
    PROXYWHIRL_LOG_LEVEL: "loud",
  };
  const { code, out } = await runCli(["config", "check", "--config", file], { env });
  assert.equal(code, 2);
  const said = [
    /"tmeout".*did you mean "timeout"/,
    /timeout .* is -1/,
    /logging\.level \(PROXYWHIRL_LOG_LEVEL\) is "loud"/,
    /PROXYWHIRL_STRATGY is no setting \(did you mean "PROXYWHIRL_STRATEGY"\?\)/,
    /Unknown strategy "bogus"/,
    /pace "often"/,
  ];
  for (const pattern of said) assert.match(out, pattern);
  assert.equal(out.trimEnd().split("\n").length, said.length, out);
  const json = JSON.parse((await runCli(["config", "check", "--config", file, "--json"], { env })).out);
  assert.deepEqual([json.ok, json.problems.length], [false, said.length]);
});

test("config check is content with good settings, and with none", async () => {
  const none = await runCli(["config", "check"]);
  assert.deepEqual(none, { code: 0, out: "ok  All settings have their defaults\n", err: "" });
  const some = await runCli(["config", "check", "--timeout", "5"], { env: { PROXYWHIRL_DB: "x.db" } });
  assert.match(
    some.out,
    /^ok {2}2 of \d+ settings are not the default; they come from PROXYWHIRL_DB, --timeout\n$/,
  );
});

test("config check tells of a config file that is missing or no JSON", async () => {
  using dir = new TempDir();
  const missing = await runCli(["config", "check", "--config", dir.join("none.json")]);
  assert.deepEqual(
    [missing.code, /wrong {2}Cannot read the config file/.test(missing.out)],
    [2, true],
    missing.out,
  );
  const broken = await runCli(["config", "check", "--config", dir.write("a.json", '{"api_key": "s3cret",')]);
  assert.match(broken.out, /it is not JSON/);
  assert.doesNotMatch(broken.out + broken.err, /s3cret/);
});
