import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommandSpec } from "../../../src/cli/command.ts";
import { UsageError } from "../../../src/cli/exit_codes.ts";
import { parseArguments } from "../../../src/cli/parse_arguments.ts";

const SPEC: CommandSpec = {
  name: "import",
  group: "lists",
  summary: "Adds proxies",
  arguments: [{ name: "FILE", help: "a list", isVariadic: true }],
  options: [
    { name: "db", short: "d", type: "string", placeholder: "PATH", help: "the database" },
    { name: "protocol", type: "string", values: ["http", "socks5"], help: "the protocol" },
    { name: "limit", type: "integer", help: "how many" },
    { name: "tag", type: "string", isRepeatable: true, help: "a label" },
    { name: "quiet", short: "q", type: "boolean", help: "say less" },
  ],
  examples: [],
  load: () => Promise.reject(new Error("not loaded in this test")),
};

const parse = (...args: string[]) => parseArguments(SPEC, args);
const refuses = (args: string[], message: RegExp) =>
  assert.throws(() => parse(...args), (error) => error instanceof UsageError && message.test(error.message));

test("parseArguments reads long, short, inline, repeated and negated options", () => {
  const args = parse("a.txt", "-d", "x.db", "--limit=5", "--tag", "a", "--tag=b", "--no-quiet", "-");
  assert.deepEqual(args.positionals, ["a.txt", "-"]);
  assert.equal(args.text("db"), "x.db");
  assert.equal(args.number("limit"), 5);
  assert.deepEqual(args.texts("tag"), ["a", "b"]);
  assert.equal(args.flag("quiet"), false);
  assert.equal(args.has("quiet"), true);
  assert.equal(args.has("protocol"), false);
  assert.equal(parse("-q", "f").flag("quiet"), true);
  assert.equal(parse("f", "--quiet=no").flag("quiet"), false);
});

test("parseArguments takes what follows -- as it is", () => {
  assert.deepEqual(parse("--", "--db").positionals, ["--db"]);
});

test("parseArguments compares listed values without regard to case and returns the listed form", () => {
  assert.equal(parse("f", "--protocol", "SOCKS5").text("protocol"), "socks5");
  refuses(["f", "--protocol", "sock5"], /"sock5", allowed: http, socks5 \(did you mean "socks5"\?\)/);
});

test("parseArguments says which option was wrong and what is allowed", () => {
  refuses(["f", "--dbb", "x"], /Unknown option --dbb of "import" \(did you mean "--db"\?\)/);
  refuses(["f", "-x"], /Unknown option -x/);
  refuses(["f", "--no-db"], /Option --no-db does not exist/);
  refuses(["f", "--db"], /Option --db needs a value: --db=PATH/);
  refuses(["f", "--db", "--quiet"], /Option --db needs a value/);
  refuses(["f", "--db="], /Option --db needs a value/);
  refuses(["f", "--limit", "many"], /Option --limit is "many", allowed: whole numbers/);
  refuses(["f", "--limit", "1.5"], /whole numbers/);
  refuses(["f", "--quiet=perhaps"], /Option --quiet is "perhaps", allowed: true, false/);
  refuses(["f", "--db", "a", "--db", "b"], /Option --db is given twice/);
});

test("parseArguments leaves negative numbers to whoever checks the range", () => {
  assert.equal(parse("f", "--limit", "-5").number("limit"), -5);
});

test("parseArguments misses and refuses positional arguments", () => {
  refuses([], /Argument FILE is missing: a list/);
  const one: CommandSpec = { ...SPEC, arguments: [{ name: "FILE", help: "a list" }] };
  assert.throws(() => parseArguments(one, ["a", "b"]), /Argument "b" is too much/);
});

test("parseArguments checks nothing else when help is wanted", () => {
  assert.equal(parse("--help", "--nonsense").isHelpWanted, true);
  assert.equal(parse("-h").isHelpWanted, true);
});
