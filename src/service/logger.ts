/**
 * The program's log: one JSON object a line on stderr (stdout belongs to the protocol), without credentials.
 *
 * A dozen lines of our own instead of a logging library: the program has one sink and one format.
 *
 * @module
 */
import { stderr } from "node:process";
import { redactValue } from "./boundary.ts";

/** Levels in rising order of importance; `OFF` silences everything. */
export const LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "OFF"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Further facts of a log line; credentials in any string are removed. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes log lines. */
export interface Logger {
  /** Lines below this level are dropped. */
  readonly level: LogLevel;
  /** Writes a line that only a developer wants. */
  debug(message: string, fields?: LogFields): void;
  /** Writes a line about normal work. */
  info(message: string, fields?: LogFields): void;
  /** Writes a line about something odd that the program got over. */
  warning(message: string, fields?: LogFields): void;
  /** Writes a line about something that failed. */
  error(message: string, fields?: LogFields): void;
}

/** Options of {@linkcode createLogger}. */
export interface LoggerOptions {
  /** Least important level that is written. @default {"INFO"} */
  readonly level?: LogLevel;
  /** `json` for programs, `text` for people. @default {"json"} */
  readonly format?: "json" | "text";
  /** Takes a finished line with its line end. @default {process.stderr} */
  readonly write?: (line: string) => void;
  /** Epoch milliseconds. @default {Date.now} */
  readonly wallClock?: () => number;
}

/** Makes a logger. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const level = options.level ?? "INFO";
  const write = options.write ?? ((line: string) => void stderr.write(line));
  const wallClock = options.wallClock ?? Date.now;
  const format = options.format === "text" ? formatText : formatJson;
  const least = LOG_LEVELS.indexOf(level);
  const log = (at: LogLevel, message: string, fields: LogFields = {}) => {
    if (LOG_LEVELS.indexOf(at) < least) return;
    const time = new Date(wallClock()).toISOString();
    write(format(redactValue({ time, level: at, message, ...fields }, { maxDepth: 8 })) + "\n");
  };
  return {
    level,
    debug: (message, fields) => log("DEBUG", message, fields),
    info: (message, fields) => log("INFO", message, fields),
    warning: (message, fields) => log("WARNING", message, fields),
    error: (message, fields) => log("ERROR", message, fields),
  };
}

/** A logger that says nothing. */
export const SILENT_LOGGER: Logger = createLogger({ level: "OFF", write: () => {} });

function formatJson(line: Record<string, unknown>): string {
  return JSON.stringify(line, (_key, value) => typeof value === "bigint" ? String(value) : value);
}

function formatText(line: Record<string, unknown>): string {
  const { time, level, message, ...fields } = line;
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`).join("");
  return `${time} ${level} ${message}${rest}`;
}
