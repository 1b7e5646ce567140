/**
 * JSON in the shapes in use: an array of texts or of objects; an object around one (`data`, `proxies`, … or
 * whatever key holds an array); an object for each protocol (`{"http": ["a:1"]}`) or with addresses as keys; an
 * object a line.
 *
 * A text that is no JSON, such as one that was cut off, is searched for entries that are whole.
 */

import { type Protocol, PROTOCOLS } from "../../core/mod.ts";
import { readProxyUrl } from "../../core/proxy_url.ts";
import { Collector } from "../collector.ts";
import {
  type EntryFields,
  type FieldName,
  fieldOf,
  protocolName,
  proxiesOf,
  rankOf,
  shownEntry,
} from "../entry_fields.ts";
import type { ParsedSource, ParseSourceOptions } from "../found_proxy.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Keys that lists put their entries under, best first. */
const LIST_KEYS = [
  "proxies",
  "data",
  "proxy_list",
  "proxylist",
  "list",
  "results",
  "items",
  "result",
  "response",
];
/** Objects inside an entry whose members belong to it. */
const INNER_KEYS = /^(?:geo|geolocation|location|geoip|ipdata|ipinfo|country|asn|address|auth|credentials)$/;
const MAX_DEPTH = 4;
const MAX_KEYS = 100;

/** Reads a list in JSON. Cost: linear. */
export function parseJson(text: string, options: ParseSourceOptions = {}): ParsedSource {
  const collector = new Collector(options);
  const defaultProtocol = options.defaultProtocol ?? "http";
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const content = parseOrReason(source);
  if (content.reason !== undefined) salvage(source, content.reason, { collector, defaultProtocol });
  else collectList(content.value, { collector, defaultProtocol });
  return collector.result("json");
}

interface Target {
  readonly collector: Collector;
  readonly defaultProtocol: Protocol;
}

function parseOrReason(text: string): { readonly value?: unknown; readonly reason?: string } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The message of the platform quotes the text, which may hold credentials.
    return { reason: "it is not valid JSON" };
  }
}

/** Finds the list in a value, and reads it. */
function collectList(value: unknown, target: Target, depth = 0): void {
  if (Array.isArray(value)) return collectEntries(value, target, depth);
  if (!isObject(value)) return target.collector.reject(1, "", "there is no list in it");
  const named = LIST_KEYS.find((key) => isContainer(value[key]));
  if (named !== undefined && depth < MAX_DEPTH) return collectList(value[named], target, depth + 1);
  const byProtocol = Object.keys(value).filter((key) =>
    protocolName(key) !== undefined && Array.isArray(value[key])
  );
  for (const key of byProtocol) {
    collectList(
      value[key],
      { ...target, defaultProtocol: protocolName(key) ?? target.defaultProtocol },
      depth + 1,
    );
  }
  if (byProtocol.length > 0) return;
  const isEntry = proxiesOf(fieldsOf(value), target.defaultProtocol).reason === undefined;
  if (isEntry) return collectEntries([value], target, depth);
  const arrays = Object.values(value).filter((inner) => Array.isArray(inner));
  if (arrays.length > 0 && depth < MAX_DEPTH) {
    for (const inner of arrays) collectList(inner, target, depth + 1);
    return;
  }
  collectMap(value, target);
}

/** `{"203.0.113.7:8080": {…}}`, or objects under names that say nothing. */
function collectMap(value: JsonObject, target: Target): void {
  let line = 0;
  for (const [key, inner] of Object.entries(value)) {
    if (target.collector.isFull) return;
    line++;
    const isAddress = typeof readProxyUrl(key, target.defaultProtocol) !== "string";
    const fields = isObject(inner) ? fieldsOf(inner) : {};
    if (isAddress && fields.url === undefined && fields.host === undefined) fields.url = key;
    take(fields, line, target);
  }
  if (line === 0) target.collector.reject(1, "", "there is no list in it");
}

function collectEntries(entries: readonly unknown[], target: Target, depth: number): void {
  for (const [index, entry] of entries.entries()) {
    if (target.collector.isFull) return;
    if (typeof entry === "string") take({ url: entry }, index + 1, target);
    else if (isObject(entry)) take(fieldsOf(entry), index + 1, target);
    else if (isPair(entry)) take({ host: entry[0], port: String(entry[1]) }, index + 1, target);
    else if (Array.isArray(entry) && depth < MAX_DEPTH) collectEntries(entry, target, depth + 1);
    else target.collector.reject(index + 1, "", "the entry is neither a text nor an object");
  }
}

function take(fields: EntryFields, line: number, { collector, defaultProtocol }: Target): void {
  const { proxies, metadata, reason } = proxiesOf(fields, defaultProtocol);
  if (reason !== undefined) collector.reject(line, shownEntry(fields), reason);
  for (const proxy of proxies) collector.add(proxy, metadata);
}

/** The parts of an entry: its own members first, then those of the objects in it. */
function fieldsOf(entry: JsonObject): EntryFields {
  const found: Partial<Record<FieldName, { readonly text: string; readonly rank: number }>> = {};
  collectFields(entry, found, 0);
  const fields: EntryFields = {};
  for (const field of Object.keys(found) as FieldName[]) {
    const text = found[field]?.text;
    if (text !== undefined) fields[field] = text;
  }
  return fields;
}

function collectFields(
  value: JsonObject,
  found: Partial<Record<FieldName, { readonly text: string; readonly rank: number }>>,
  depth: number,
): void {
  for (const key of Object.keys(value).slice(0, MAX_KEYS)) {
    const inner = value[key];
    const field = fieldOf(key);
    const text = field === undefined ? undefined : textOf(inner);
    if (field !== undefined && text !== undefined) {
      // A name nearer to the entry wins, and of two beside each other the one that says more.
      const rank = depth * 100 + rankOf(field, key);
      if (rank < (found[field]?.rank ?? Infinity)) found[field] = { text, rank };
    }
    if (depth < 2 && isObject(inner) && INNER_KEYS.test(key.toLowerCase().replace(/[^a-z]/g, ""))) {
      collectFields(inner, found, depth + 1);
    }
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim();
  if (typeof value === "number") return String(value);
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((part) => typeof part === "string");
  return texts.length === 0 ? undefined : texts.slice(0, PROTOCOLS.length * 2).join(" ");
}

/** Reads what is whole in a text that as a whole is no JSON. Cost: linear. */
function salvage(text: string, reason: string, target: Target): void {
  let line = 0;
  for (const [match] of text.matchAll(/\{[^{}]{1,4000}\}/g)) {
    if (target.collector.isFull) return;
    const { value } = parseOrReason(match);
    if (isObject(value)) take(fieldsOf(value), ++line, target);
  }
  if (line === 0) {
    for (const [, entry = ""] of text.matchAll(/"([^"\\\s]{4,300})"/g)) {
      if (target.collector.isFull) return;
      const proxy = readProxyUrl(entry, target.defaultProtocol);
      if (typeof proxy !== "string") target.collector.add(proxy);
    }
  }
  const isLines = line > 1 && /\}\s*[\r\n]\s*\{/.test(text);
  if (!isLines) target.collector.reject(1, "", reason);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isPair(value: unknown): value is readonly [string, number | string] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" &&
    /^\d{1,5}$/.test(String(value[1]));
}
