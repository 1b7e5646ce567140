import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger, type LoggerOptions } from "../../../src/service/logger.ts";

function capture(options: LoggerOptions) {
  const lines: string[] = [];
  const logger = createLogger({ wallClock: () => 0, write: (line) => lines.push(line), ...options });
  return { logger, lines };
}

test("createLogger writes one JSON object a line", () => {
  const { logger, lines } = capture({});
  logger.info("Loaded", { count: 3n, note: "two\nlines" });
  assert.deepEqual(lines.map((line) => JSON.parse(line)), [
    { time: "1970-01-01T00:00:00.000Z", level: "INFO", message: "Loaded", count: "3", note: "two\nlines" },
  ]);
  assert.equal(lines[0]?.indexOf("\n"), (lines[0]?.length ?? 0) - 1);
});

test("createLogger drops what is below its level", () => {
  const { logger, lines } = capture({ level: "WARNING" });
  logger.debug("a");
  logger.info("b");
  logger.warning("c");
  logger.error("d");
  assert.deepEqual(lines.map((line) => JSON.parse(line).message), ["c", "d"]);
  const silent = capture({ level: "OFF" });
  silent.logger.error("e");
  assert.deepEqual(silent.lines, []);
});

test("createLogger writes text for people", () => {
  const { logger, lines } = capture({ format: "text" });
  logger.warning("Odd", { count: 1 });
  assert.deepEqual(lines, ["1970-01-01T00:00:00.000Z WARNING Odd count=1\n"]);
});

test("createLogger removes credentials from messages, fields and errors", () => {
  const { logger, lines } = capture({});
  const error = new Error("cannot reach http://bob:hunter2@203.0.113.7:80");
  logger.error("From http://bob:hunter2@203.0.113.7:80", { error, urls: ["http://bob:hunter2@h.example:1"] });
  assert.ok(!lines.join().includes("hunter2") && !lines.join().includes("bob"));
  assert.ok(lines.join().includes("http://203.0.113.7:80"));
});
