/**
 * The program's log: one JSON object a line on stderr (stdout belongs to the protocol), or text for people; without
 * credentials, and no line longer than its bounds.
 *
 * Lines are written by this file and not by a logging library: a server is started for every chat window, and the
 * lightest of them (LogTape) makes that start 2.4 to 5.4 ms slower, for one place to write to. Programs that have such
 * a library hand its logger in: those of LogTape are a {@linkcode Logger} as they are. What is handed in gets lines
 * through {@linkcode guardLogger}, so that redaction does not depend on it.
 *
 * @module
 */
import { stderr } from "node:process";
import { loggable, loggableText } from "./loggable.ts";
import { traceFields } from "./telemetry.ts";

/** Levels in rising order of importance; `OFF` silences everything. */
export const LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "OFF"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Further facts of a log line; credentials in any string are removed. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes log lines. A logger of `@logtape/logtape` is one. */
export interface Logger {
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

type Level = Exclude<LogLevel, "OFF">;
type Log = (level: Level, message: string, fields?: LogFields) => void;

/** Longest line, characters. */
const MAX_LINE = 16_384;
/** Loggers whose lines pass the guard. */
const guarded = new WeakMap<Logger, Guard>();

interface Guard {
  /** Texts that it removes. */
  readonly secrets: readonly string[];
  /** Index of the least level that is written: nothing is prepared in vain. */
  readonly least: number;
}

/** Makes a logger. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const write = options.write ?? ((line: string) => void stderr.write(line));
  const wallClock = options.wallClock ?? Date.now;
  const format = options.format === "text" ? formatText : formatJson;
  const least = LOG_LEVELS.indexOf(options.level ?? "INFO");
  const logger = toLogger(least, (level, message, fields) => {
    const time = new Date(wallClock()).toISOString();
    const head = { time, level, message: loggableText(message) };
    const line = format({ ...head, ...loggable({ ...fields, ...traceFields() }) });
    write((line.length > MAX_LINE ? format({ ...head, cut: line.length }) : line) + "\n");
  });
  guarded.set(logger, { least, secrets: [] });
  return logger;
}

/**
 * The same logger, without the given texts and anything that looks like a credential in what it gets.
 *
 * @param logger Of this module, or of a library
 * @param secrets Texts that must never be written, such as the key of the server
 */
export function guardLogger(logger: Logger, secrets: readonly string[] = []): Logger {
  const known = guarded.get(logger);
  const { least = 0 } = known ?? {};
  const isSilent = least >= LOG_LEVELS.indexOf("OFF");
  if (isSilent || (known !== undefined && secrets.every((secret) => known.secrets.includes(secret)))) {
    return logger;
  }
  const guard = toLogger(least, (level, message, fields) => {
    METHODS[level](logger, loggableText(message, secrets), loggable({ ...fields }, secrets));
  });
  guarded.set(guard, { least, secrets });
  return guard;
}

/** A logger that says nothing. */
export const SILENT_LOGGER: Logger = createLogger({ level: "OFF" });

const METHODS: Readonly<
  Record<Level, (logger: Logger, text: string, fields: LogFields) => void>
> = {
  DEBUG: (logger, text, fields) => logger.debug(text, fields),
  INFO: (logger, text, fields) => logger.info(text, fields),
  WARNING: (logger, text, fields) => logger.warning(text, fields),
  ERROR: (logger, text, fields) => logger.error(text, fields),
};

function toLogger(least: number, log: Log): Logger {
  const at = (level: Level): Logger["info"] =>
    LOG_LEVELS.indexOf(level) < least ? () => {} : (message, fields) => log(level, message, fields);
  return { debug: at("DEBUG"), info: at("INFO"), warning: at("WARNING"), error: at("ERROR") };
}

function formatJson(line: LogFields): string {
  return JSON.stringify(line);
}

function formatText(line: LogFields): string {
  const { time, level, message, ...fields } = line;
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`).join("");
  return `${time} ${level} ${message}${rest}`;
}
