import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS as ACTION_COMMANDS } from "../../../gen/cli.ts";
import { ACTIONS } from "../../../gen/actions.ts";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { PoolOfProxies } from "../../support/pool_of_proxies.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { runCli, type RunResult } from "./support.ts";

interface Row {
  readonly id: string;
  readonly url: string;
}

/** A pool in a database, and commands on it. */
async function poolOf(dir: TempDir, ...urls: readonly string[]) {
  const db = ["--db", dir.join("pool.db")];
  const run = (command: string, ...args: readonly string[]): Promise<RunResult> =>
    runCli([command, ...args, ...db]);
  // A person may import what is on a private address; an action may not add it.
  if (urls.length > 0) await runCli(["import", dir.write("list.txt", urls.join("\n")), ...db]);
  const ids = async (): Promise<readonly string[]> => {
    const rows: readonly Row[] = JSON.parse((await run("list", "--json")).out).proxies;
    return rows.map(({ id }) => id);
  };
  return {
    run,
    ids,
    json: async (...args: [string, ...string[]]) => JSON.parse((await run(...args, "--json")).out),
  };
}

test("every published action is a command, in the order of the contract", () => {
  const published = ACTIONS.filter((action) => action.published).map(({ name }) => name.replaceAll("_", "-"));
  assert.deepEqual(ACTION_COMMANDS.map(({ name }) => name), published);
  assert.deepEqual(COMMANDS.slice(0, published.length).map(({ name }) => name), published);
  assert.equal(new Set(COMMANDS.map(({ name }) => name)).size, COMMANDS.length, "each name once");
});

test("add makes the database, says what was not taken, and ends with 1 then", async () => {
  using dir = new TempDir();
  const { ids, run } = await poolOf(dir);
  const good = await run(
    "add",
    "203.0.113.1:80",
    "http://bob:hunter2@203.0.113.2:80",
    "--region",
    "US",
    "--tags",
    "mine",
  );
  assert.deepEqual([good.code, good.err, (await ids()).length], [0, "", 2]);
  assert.match(good.out, /^Added +2\n[\s\S]*Added 2 of 2, 0 rejected\.\n$/);
  const mixed = await run("add", "203.0.113.3:80", "carol:s3cret@nowhere");
  assert.equal(mixed.code, 1);
  assert.match(mixed.out, /^INPUT +REASON\n\*\*\*@/m);
  assert.doesNotMatch(good.out + mixed.out + mixed.err, /hunter2|s3cret|carol/);
});

test("rotate gives the next proxy with every command, though each is a process of its own", async () => {
  using dir = new TempDir();
  const { ids, json } = await poolOf(dir, "203.0.113.1:80", "203.0.113.2:80", "203.0.113.3:80");
  const chosen = new Set<string>();
  for (let i = 0; i < 3; i++) chosen.add((await json("rotate")).proxy.id);
  assert.deepEqual([...chosen].sort(), [...await ids()].sort());
  const fixed = new Set<string>();
  for (let i = 0; i < 2; i++) fixed.add((await json("rotate", "--strategy", "round-robin")).proxy.id);
  assert.equal(fixed.size, 1, "a strategy that was asked for is taken");
});

test("rotate, report and status work on one another's results", async () => {
  using dir = new TempDir();
  const { ids, run } = await poolOf(dir, "http://bob:hunter2@203.0.113.1:80");
  const [id = ""] = await ids();
  const rotated = await run("rotate", "--target", "shop.example");
  assert.match(rotated.out, new RegExp(`^ID +${id}\\nURL +http://203\\.0\\.113\\.1:80\\n`));
  assert.match(rotated.err, new RegExp(`report --proxy-id ${id} --target SITE --outcome ok`));
  const outcome = ["--proxy-id", id, "--target", "shop.example", "--outcome", "dead"];
  const reported = await run("report", ...outcome, "--cb-failure-threshold", "1");
  assert.equal(reported.code, 0, reported.err);
  const status = await run("status", id);
  assert.match(status.out, /^Status +degraded$/m);
  assert.match(status.out, /^ {2}Circuit breaker +open$/m);
  assert.match(status.out, /^Targets:\nTARGET +LAST VERDICT/m);
  assert.match(status.out, /^Next: The circuit breaker is open/m);

  assert.deepEqual((await run("rotate")).code, 4, "its breaker is open");
  const explained = await run("explain", "--proxy-id", id);
  assert.deepEqual([explained.code, /circuit_open/.test(explained.out)], [4, true], explained.out);
  const reset = await run("reset-cb", id);
  assert.deepEqual([reset.code, /^New state +closed$/m.test(reset.out)], [0, true], reset.out);
  assert.equal((await run("rotate")).code, 0);
  assert.equal((await run("remove", id)).code, 0);
  assert.equal((await run("remove", id)).code, 3);
  const empty = await run("health");
  assert.deepEqual([empty.code, /^Pool +empty$/m.test(empty.out)], [4, true]);
});

test("recommend and list narrow by criteria; nothing that fits is 3 or 4", async () => {
  using dir = new TempDir();
  const { json, run } = await poolOf(dir);
  await run("add", "203.0.113.1:80", "--region", "US");
  await run("add", "socks5://203.0.113.2:1080", "--region", "DE");
  assert.equal((await json("recommend", "--region", "de")).recommendation.url, "socks5://203.0.113.2:1080");
  assert.equal((await json("list", "--protocol", "SOCKS5")).total, 1);
  assert.equal((await run("recommend", "--region", "FR")).code, 3);
  assert.equal((await run("list", "--region", "FR")).code, 4);
});

test("request writes the body to standard output, and how it came there to standard error", async () => {
  using dir = new TempDir();
  await using world = await PoolOfProxies.start({ proxies: [{ fault: "close" }, {}] });
  const { run } = await poolOf(dir, ...world.proxies.map((proxy) => proxy.url("http")));
  const options = ["--allow-private-targets", "--retry-base-delay", "0.01"];
  const good = await run("request", `${world.site.http}/ok`, ...options);
  assert.equal(good.code, 0, good.err);
  assert.equal(good.out, `${await (await fetch(`${world.site.http}/ok`)).text()}`.replace(/\n?$/, "\n"));
  assert.match(good.err, /^200 ok, .* bytes\nPROXY +VERDICT +LATENCY +REASON\n/);
  world.site.refuse = () => 403;
  const refused = await run("request", `${world.site.http}/ok`, ...options);
  assert.deepEqual([refused.code, /^403 blocked/.test(refused.err)], [1, true], refused.err);
  const bad = await run("request", `${world.site.http}/ok`);
  assert.deepEqual([bad.code, /private/.test(bad.err)], [2, true], bad.err);
});

test("check-target tells which proxies a site lets in", async () => {
  using dir = new TempDir();
  await using world = await PoolOfProxies.start({ proxies: [{ exit: "127.0.0.2" }, { exit: "127.0.0.3" }] });
  const { run } = await poolOf(dir, ...world.proxies.map((proxy) => proxy.url("http")));
  const check = () => run("check-target", `${world.site.http}/ok`, "--allow-private-targets");
  world.site.refuse = (exit) => exit === "127.0.0.3" ? 403 : undefined;
  const { code, out } = await check();
  assert.equal(code, 0, out);
  assert.match(out, /^PROXY +VERDICT +STATUS +LATENCY\n/);
  assert.match(out, /lets in 50 % of those that reached it \(2 tried\)\./);
  world.site.refuse = () => 403;
  assert.equal((await check()).code, 4);
});

test("set-strategy checks the strategy, and says how to make it last", async () => {
  const args = ["set-strategy", "geo-targeted", "--regions", "DE", "--no-fallback", "--db", ":memory:"];
  const { code, err, out } = await runCli(args);
  assert.equal(code, 0, err);
  assert.match(out, /^New strategy +geo-targeted$/m);
  const setting = /--strategy '(.*?)'/.exec(err)?.[1] ?? "";
  const shown = await runCli(["set-strategy", "random", "--strategy", "x", "--db", ":memory:"]);
  assert.equal(shown.code, 2, "given twice");
  assert.equal((await runCli(["config", "check", "--strategy", setting])).code, 0, setting);
  const bad = await runCli(["set-strategy", "bogus", "--db", ":memory:"]);
  assert.deepEqual([bad.code, /Unknown strategy: bogus/.test(bad.err)], [2, true]);
});

test("a person's command may write though the server is read-only, unless that is said to the command", async () => {
  using dir = new TempDir();
  const config = dir.write("pool.json", JSON.stringify({ read_only: true, db: dir.join("pool.db") }));
  assert.equal((await runCli(["add", "203.0.113.1:80", "--config", config])).code, 0);
  const refused = await runCli(["add", "203.0.113.2:80", "--config", config, "--read-only"]);
  assert.deepEqual([refused.code, /read-only/.test(refused.err)], [1, true]);
});

test("--json answers errors as JSON too, with the code of the protocol", async () => {
  using dir = new TempDir();
  const { run } = await poolOf(dir, "203.0.113.1:80");
  const paced = await run("rotate", "--region", "FR", "--json");
  assert.deepEqual([paced.code, JSON.parse(paced.out).code], [3, 404]);
  assert.ok(JSON.parse(paced.out).next_step);
  assert.match(paced.err, /^proxywhirl: No proxies found for region: FR/);
  const absent = await runCli(["health", "--db", "/nonexistent/a.db", "--json"]);
  assert.deepEqual([absent.code, JSON.parse(absent.out).code], [3, 404]);
  const setting = await runCli(["health", "--json", "--timeout", "soon"]);
  assert.deepEqual([setting.code, JSON.parse(setting.out).code], [2, 400]);
  const input = JSON.parse((await run("rotate", "--region", "USA", "--json")).out);
  assert.deepEqual([input.code, /^Option --region is "USA"/.test(input.error)], [400, true]);
});

test("actions are found by their names in the protocol, too", async () => {
  const { code, err } = await runCli(["reset_cb"]);
  assert.deepEqual([code, /Try: proxywhirl reset-cb --help/.test(err)], [2, true], err);
  assert.match((await runCli(["check_target", "--help"])).out, /^Usage: proxywhirl check-target URL /);
});

test("hostile input stays one line of an error, or is refused", async () => {
  using dir = new TempDir();
  const { run } = await poolOf(dir, "203.0.113.1:80");
  const cases: readonly (readonly [string, ...string[]])[] = [
    ["status", "\u001b[2Jx"],
    ["status", "x".repeat(100_000)],
    ["rotate", "--session", "s".repeat(100_000)],
    ["rotate", "--region", "\u0000\u0000"],
    ["rotate", "--target", "http://[::"],
    ["rotate", "--\u001b[2J", "x"],
    ["rotate", "\u001b[2J"],
    ["\u001b[2J"],
    ["list", "--cursor", "../../etc/passwd"],
    ["request", "http://a.example/", "--headers", "a b: c"],
    ["request", "http://a.example/", "--headers", "__proto__=x", "--timeout-s", "0"],
    ["add", "--proxy-urls", "http://bob:hunter2@"],
  ];
  for (const [command, ...args] of cases) {
    const { code, err, out } = await run(command, ...args);
    assert.ok(code >= 1 && code <= 4, `${command} ${args.join(" ").slice(0, 50)}: ${code} ${err}`);
    assert.ok(
      err.length < 1000 && !(err + out).includes("\u001b") && !(err + out).includes("\u0000"),
      err.slice(0, 300),
    );
    assert.doesNotMatch(err + out, /hunter2/);
  }
});
