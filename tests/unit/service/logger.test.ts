import assert from "node:assert/strict";
import { test } from "node:test";
import { configure, getLogger, type LogRecord, reset } from "@logtape/logtape";
import {
  createLogger,
  guardLogger,
  type Logger,
  type LoggerOptions,
  SILENT_LOGGER,
} from "../../../src/service/logger.ts";

function capture(options: LoggerOptions): { logger: Logger; lines: string[] } {
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
  SILENT_LOGGER.error("f");
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

test("createLogger removes keys and tokens, by the name of the field and by their form", () => {
  const { logger, lines } = capture({});
  logger.info("Sent Authorization: Bearer hunter2hunter2 and Basic aHVudGVyMg==", {
    api_key: "hunter2",
    "X-API-Key": "hunter2",
    headers: { authorization: "hunter2", cookie: ["hunter2"], accept: "text/html" },
    url: "https://lists.example/http.txt?page=2&api_key=hunter2&access_token=hunter2#x",
    body: '{"user": "bob", "password": "hunter2\\"hunter2"}',
    list: "203.0.113.1:80:bob:hunter2",
  });
  assert.doesNotMatch(lines.join(), /hunter2|aHVudGVyMg/);
  const { headers, message, url } = JSON.parse(lines[0] ?? "");
  assert.equal(message, "Sent Authorization: Bearer *** and Basic ***");
  assert.equal(headers.accept, "text/html");
  assert.equal(url, "https://lists.example/http.txt?page=2&api_key=***&access_token=***#x");
});

test("createLogger bounds a line, whatever it is given", () => {
  const { logger, lines } = capture({});
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  logger.info("x".repeat(1_000_000), { circle });
  logger.info("many", { list: Array.from({ length: 10_000 }, (_, i) => `${i}`.repeat(100)) });
  logger.info("wide", Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, i])));
  logger.info("odd", { f: () => {}, s: Symbol("s"), u: undefined, n: null, d: new Date(0), z: NaN });
  assert.equal(lines.length, 4);
  assert.ok(lines.every((line) => line.length <= 16_385), `${lines.map(({ length }) => length)}`);
  const [long, many, wide, odd] = lines.map((line) => JSON.parse(line));
  assert.equal(long.message.length, 2000);
  assert.ok(many.cut > 16_384 || many.list.length === 50);
  assert.equal(Object.keys(wide).length, 53);
  assert.deepEqual([odd.n, odd.z, "f" in odd, typeof odd.d], [null, null, false, "string"]);
});

test("createLogger takes linear time for hostile texts", () => {
  const { logger, lines } = capture({});
  for (const piece of ["?a", "://", "a:", "@", '"a', "Bearer ", "&key", "://a:b@"]) {
    logger.info(piece.repeat(200_000));
  }
  assert.equal(lines.length, 8);
});

test("guardLogger removes credentials before a logger of a library sees them", async () => {
  const records: LogRecord[] = [];
  await configure({
    reset: true,
    sinks: { memory: (record) => void records.push(record) },
    loggers: [
      { category: "proxywhirl", sinks: ["memory"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
    ],
  });
  try {
    const logger: Logger = guardLogger(getLogger("proxywhirl"), ["sesame-2000"]);
    logger.warning("From http://bob:hunter2@203.0.113.7:80 with sesame-2000", {
      password: "hunter2",
      count: 1,
    });
    logger.debug("fine");
    assert.equal(guardLogger(logger, ["sesame-2000"]), logger, "guarding twice is guarding once");
    const [first, second] = records;
    assert.deepEqual(first?.message, ["From http://203.0.113.7:80 with ***"]);
    assert.deepEqual(first?.properties, { password: "***", count: 1 });
    assert.deepEqual([first?.level, second?.level], ["warning", "debug"]);
  } finally {
    await reset();
  }
});
