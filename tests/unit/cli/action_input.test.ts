import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../../gen/cli.ts";
import { actionCommand } from "../../../src/cli/action_commands.ts";
import { actionInput, inOptions } from "../../../src/cli/action_input.ts";
import { UsageError } from "../../../src/cli/exit_codes.ts";
import { parseArguments } from "../../../src/cli/parse_arguments.ts";

function specOf(name: string): typeof COMMANDS[number] {
  const spec = COMMANDS.find((command) => command.name === name);
  assert.ok(spec !== undefined, name);
  return spec;
}

function inputOf(name: string, ...args: string[]): unknown {
  const spec = specOf(name);
  return actionInput(spec, parseArguments(actionCommand(spec), args));
}

test("actionInput puts options where the action wants them", () => {
  assert.deepEqual(
    inputOf("rotate", "--region", "US", "--target", "a.example", "--session", "s", "--renew"),
    {
      criteria: { region: "US", target: "a.example" },
      session: "s",
      renew: true,
    },
  );
  assert.deepEqual(inputOf("rotate", "--no-renew"), { renew: false });
  assert.deepEqual(inputOf("status", "x"), { proxy_id: "x" });
  assert.deepEqual(inputOf("list", "-n", "5"), { limit: 5 });
  assert.deepEqual(inputOf("health"), {});
  assert.deepEqual(inputOf("report", "--outcome", "ok", "--latency-ms", "1.5"), {
    outcome: "ok",
    latency_ms: 1.5,
  });
});

test("actionInput takes many values as arguments, as repeated options, and as entries", () => {
  assert.deepEqual(inputOf("add", "a:1", "b:2", "--tags", "x", "--tags", "y"), {
    proxy_urls: ["a:1", "b:2"],
    tags: ["x", "y"],
  });
  assert.deepEqual(inputOf("add", "--proxy-urls", "a:1"), { proxy_urls: ["a:1"] });
  const headers = ["--headers", "Accept: text/html; q=1", "--headers", "X-A=b:c", "--headers", "X-Empty="];
  assert.deepEqual(inputOf("request", "http://a.example/", ...headers), {
    url: "http://a.example/",
    headers: { "Accept": "text/html; q=1", "X-A": "b:c", "X-Empty": "" },
  });
});

test("actionInput does not repeat an entry that it cannot read: it may hold a key", () => {
  assert.throws(
    () => inputOf("request", "http://a.example/", "--headers", "s3cret"),
    (error) =>
      error instanceof UsageError && /--headers .*name=value/.test(error.message) &&
      !/s3cret/.test(error.message),
  );
});

test("an argument may be given by the name of its key, but not both ways", () => {
  assert.deepEqual(inputOf("status", "--proxy-id", "x"), { proxy_id: "x" });
  assert.throws(() => inputOf("status", "x", "--proxy-id", "y"), /PROXY_ID and --proxy-id say the same/);
  assert.throws(() => inputOf("status"), /Argument PROXY_ID is missing/);
});

test("inOptions words messages about the input in options", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "rotate",
      'criteria.region must be a two-letter country code such as US, got "USA"',
      'Option --region is "USA", allowed: a two-letter country code such as US',
    ],
    [
      "add",
      "tags[0] must be text of 1 to 64 characters, got 5",
      "Option --tags is 5, allowed: text of 1 to 64 characters",
    ],
    ["request", "url must be a URL, got 1", "Argument URL is 1, allowed: a URL"],
    [
      "request",
      "body must be text of at most 9 characters",
      "Option --body must be text of at most 9 characters",
    ],
    ["add", "proxy_url or proxy_urls required for add action", "--proxy-url or PROXY_URLS required"],
    [
      "report",
      "lease_id, or proxy_id and target, required for report action",
      "--lease-id, or --proxy-id and --target, required",
    ],
    ["rotate", "session required for rotate action: why. Do so.", "--session required: why. Do so."],
    ["status", "Invalid proxy_id format: x", 'Proxy id is "x", allowed: one that list shows'],
    ["set-strategy", "Unknown strategy: x", "Unknown strategy: x"],
  ];
  for (const [command, message, expected] of cases) {
    assert.equal(inOptions(message, specOf(command)), expected);
  }
});
