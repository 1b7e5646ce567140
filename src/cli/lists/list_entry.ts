/**
 * Reads one entry of a list in JSON, CSV or TOML: a table of values by name, as this program, the Python program
 * and public lists write it.
 */
import type { Protocol, ProxyMetadata, ProxyUrl } from "../../core/mod.ts";
import {
  type EntryFields,
  type FieldName,
  fieldOf,
  proxiesOf,
  rankOf,
  shownEntry,
} from "../../sources/entry_fields.ts";
import { decryptFernet } from "../../store/fernet.ts";
import { HISTORY_KEYS, historyOf, type ListEntry } from "./proxy_history.ts";
import type { ListedProxy } from "./listed_proxy.ts";

/** How entries are read. */
export interface EntryOptions {
  /** For entries that name no protocol. */
  readonly defaultProtocol: Protocol;
  /** Keys with which the Python program may have encrypted credentials. */
  readonly keys: readonly string[];
}

/** What an entry holds. */
export interface ReadEntry {
  /** One for each protocol that it names. */
  readonly proxies: readonly ListedProxy[];
  /** Names in it that have no counterpart here. */
  readonly ignored: readonly string[];
  /** Why there is no proxy. */
  readonly reason?: string;
  /** What may be shown of it then, after the last redaction. */
  readonly shown: string;
}

const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 100;
const OTHER_KEYS: ReadonlySet<string> = new Set([
  "id",
  "tags",
  "tags_json",
  "weight",
  "cost",
  "cost_per_request",
  "source",
  "source_name",
  "source_url",
]);
/** Facts that follow from others, or that a pool makes anew. */
const IMPLIED: ReadonlySet<string> = new Set(["created_at", "updated_at", "requests_active", "ema_alpha"]);
/** What the Python program writes of how a proxy came to it, which names no list. */
const NO_SOURCE = /^(?:user|fetched|api|self_hosted|unknown)$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads an entry. Never throws. */
export function readEntry(entry: ListEntry, options: EntryOptions): ReadEntry {
  const fields = fieldsOf(entry);
  const shown = shownEntry(fields);
  const ignored = Object.keys(entry).filter((key) => !isTaken(key) && !isEmpty(entry[key]));
  const refuse = (reason: string): ReadEntry => ({ proxies: [], ignored: [], reason, shown });
  const reason = secretsReason(fields);
  if (reason !== undefined) return refuse(reason);
  const revealed = reveal(fields, options.keys);
  if (revealed === undefined) {
    return refuse("its credentials are encrypted: set PROXYWHIRL_KEY, or the variable that held the key");
  }
  const read = proxiesOf(revealed, options.defaultProtocol);
  if (read.reason !== undefined) return refuse(read.reason);
  if (read.proxies.some(isMasked)) {
    return refuse("its user name or password is masked (***); write the real one in");
  }
  const facts = { ...read.metadata, ...metadataOf(entry) };
  const id = entry["id"];
  const history = historyOf(entry);
  const proxies = read.proxies.map(({ href }, index): ListedProxy => ({
    url: href,
    ...(typeof id === "string" && UUID.test(id) && index === 0 ? { id: id.toLowerCase() } : {}),
    ...facts,
    ...(history === undefined ? {} : { history }),
  }));
  return { proxies, ignored, shown };
}

/** The best of the names that lists have for each part. */
function fieldsOf(entry: ListEntry): EntryFields {
  const fields: EntryFields = {};
  const ranks = new Map<FieldName, number>();
  for (const [key, value] of Object.entries(entry)) {
    const field = fieldOf(key);
    const text = scalar(value);
    if (field === undefined || text === undefined) continue;
    const rank = rankOf(field, key);
    if (rank >= (ranks.get(field) ?? Infinity)) continue;
    ranks.set(field, rank);
    fields[field] = text;
  }
  return fields;
}

function scalar(value: unknown): string | undefined {
  if (Array.isArray(value)) return scalar(value.filter((item) => typeof item === "string").join(" "));
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return undefined;
  const text = String(value).trim();
  return text === "" ? undefined : text;
}

/** A reference to the environment is not followed: a list that somebody else wrote would see what is there. */
function secretsReason({ password, url, username }: EntryFields): string | undefined {
  const reference = [url, username, password].map((text) => /\$\{(\w{1,60})/.exec(text ?? "")?.[1])
    .find((name) => name !== undefined);
  return reference === undefined
    ? undefined
    : `it refers to the environment variable ${reference}, which is not read here; write the value in`;
}

function reveal(fields: EntryFields, keys: readonly string[]): EntryFields | undefined {
  const revealed: EntryFields = { ...fields };
  for (const name of ["username", "password"] as const) {
    const token = tokenIn(fields[name]);
    if (token === undefined) continue;
    const plain = keys.map((key) => decryptFernet(token, key)).find((text) => text !== undefined);
    if (plain === undefined) return undefined;
    revealed[name] = plain;
  }
  return revealed;
}

/** In files it is a Fernet token, in databases that in base64 once more. */
function tokenIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^gAAAA[\w-]{60,}={0,2}$/.test(text)) return text;
  if (!text.startsWith("encrypted:")) return undefined;
  try {
    return atob(text.slice("encrypted:".length));
  } catch {
    return "";
  }
}

function isMasked({ password, username }: ProxyUrl): boolean {
  return [username, password].some((text) => text !== null && /^\*{2,}$/.test(text));
}

function metadataOf(entry: ListEntry): ProxyMetadata {
  const tags = tagsOf(entry["tags"] ?? entry["tags_json"]);
  const [weight, cost] = [positive(entry["weight"]), positive(entry["cost"] ?? entry["cost_per_request"])];
  const source = sourceOf(entry);
  return {
    ...(tags.length === 0 ? {} : { tags }),
    ...(weight === undefined || weight === 0 ? {} : { weight }),
    ...(cost === undefined ? {} : { cost }),
    ...(source === undefined ? {} : { source }),
  };
}

/** A list; or a text, in which CSV puts lists: JSON, or words between spaces, commas or semicolons. */
function tagsOf(value: unknown): readonly string[] {
  const list: unknown = typeof value === "string" && value.startsWith("[") ? fromJson(value) : value;
  const tags = typeof list === "string" ? list.replace(/^'(?=[=+@-])/, "").split(/[\s,;]+/) : list;
  if (!Array.isArray(tags)) return [];
  const texts = tags.filter((tag) => typeof tag === "string").map((tag) =>
    tag.trim().slice(0, MAX_TAG_LENGTH)
  );
  return [...new Set(texts)].filter((tag) => tag !== "").slice(0, MAX_TAGS);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function positive(value: unknown): number | undefined {
  const number = scalar(value) === undefined ? NaN : Number(scalar(value));
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** The name of a list. Of its address only host and path: the rest may hold a key. */
function sourceOf(entry: ListEntry): string | undefined {
  const text = ["source_name", "source_url", "source"].map((key) => scalar(entry[key]))
    .find((text) => text !== undefined && !NO_SOURCE.test(text));
  if (text === undefined || !text.includes("://")) return text?.slice(0, 200);
  const { host, pathname, protocol } = URL.parse(text) ?? {};
  return host === undefined ? undefined : `${protocol}//${host}${pathname}`.slice(0, 200);
}

function isTaken(key: string): boolean {
  return fieldOf(key) !== undefined || OTHER_KEYS.has(key) || HISTORY_KEYS.has(key) || IMPLIED.has(key);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
