import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { parseArguments } from "../../../src/cli/parse_arguments.ts";
import { runCli } from "./support.ts";

test("every command has help that names its options and shows examples", async () => {
  for (const command of COMMANDS) {
    for (
      const args of [[command.name, "--help"], ["help", command.name], [command.name, "--nonsense", "-h"]]
    ) {
      const { code, out, err } = await runCli(args);
      assert.deepEqual([code, err], [0, ""]);
      assert.ok(out.startsWith(`Usage: proxywhirl ${command.name}`), out);
      const shown = command.options.filter(({ isHidden }) => isHidden !== true);
      for (const option of shown) assert.match(out, new RegExp(`--(\\[no-\\])?${option.name}\\b`));
      assert.ok(out.split("\n").every((line) => line.length <= 130), "fits a wide terminal");
      assert.match(out, /Examples:/);
    }
  }
});

test("every example of the help is a command line that the parser takes", () => {
  for (const command of COMMANDS) {
    for (const { line } of command.examples) {
      const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map((match) =>
        match[1] ?? match[2] ?? match[3] ?? ""
      );
      const end = words.findIndex((word) => /^[<>]/.test(word));
      const args = end < 0 ? words : words.slice(0, end);
      if (command.name !== "serve" || args[0] === "serve") assert.equal(args.shift(), command.name, line);
      parseArguments(command, args);
    }
  }
});

test("help of the program names every command, the options most used and the exit codes", async () => {
  for (const args of [["--help"], ["-h"], ["help"]]) {
    const { code, out } = await runCli(args);
    assert.equal(code, 0);
    for (const command of COMMANDS) assert.ok(out.includes(`  ${command.name} `), command.name);
    assert.match(out, /--api-key KEY/);
    assert.match(out, /Exit codes: 0 done, 1 failed, 2 wrong command line/);
    assert.ok(out.split("\n").every((line) => line.length <= 112), "fits a terminal");
  }
});

test("--version shows the version", async () => {
  const { default: config } = await import("../../../deno.json", { with: { type: "json" } });
  assert.deepEqual(await runCli(["--version"]), { code: 0, out: `proxywhirl ${config.version}\n`, err: "" });
});

test("a wrong command line ends with 2, says what was wrong and guesses what was meant", async () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["helth"], /Unknown command "helth" \(did you mean "health"\?\), allowed: list, rotate, status,/],
    [["--stratgy", "random"], /Unknown option --stratgy \(did you mean "--strategy"\?\)/],
    [["--db", "x.db", "list"], /Write the command first: proxywhirl list/],
    [["--timeout", "soon"], /Setting timeout \(--timeout\) is "soon", allowed: numbers from 0\.1 to 600/],
    [["--strategy", "bogus", "--db", ":memory:"], /Unknown strategy "bogus"/],
    [["--pacing", "often", "--db", ":memory:"], /Cannot read pace "often"/],
    [["--log-level", "loud"], /Option --log-level is "loud", allowed: DEBUG, INFO, WARNING, ERROR/],
    [["import"], /Argument FILE is missing/],
    [["list", "--status", "fine"], /"fine", allowed: healthy, degraded, unhealthy, dead, unknown/],
  ];
  for (const [args, message] of cases) {
    const { code, out, err } = await runCli(args);
    assert.equal(code, 2, `${args.join(" ")}: ${err}`);
    assert.equal(out, "");
    assert.match(err, message);
  }
});

test("a setting of the environment is checked like an option", async () => {
  const { code, err } = await runCli(["health"], { env: { PROXYWHIRL_TIMEOUT: "-1" } });
  assert.equal(code, 2);
  assert.match(err, /timeout \(PROXYWHIRL_TIMEOUT\) is "-1"/);
});

test("a database that does not exist ends with 3, and is not made", async () => {
  for (const command of ["list", "health", "export"]) {
    const { code, err } = await runCli([command, "--db", "/nonexistent/pool.db"]);
    assert.equal(code, 3);
    assert.match(err, /There is no database at "\/nonexistent\/pool\.db"/);
  }
});
