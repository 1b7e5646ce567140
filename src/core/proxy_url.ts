/**
 * Reads the URL of a proxy in every spelling that lists and vendors use.
 *
 * A proxy *is* its whole URL, credentials included: vendors sell one host and port with many user names.
 * So the canonical form decides what counts as the same proxy: scheme and host in lower case, IPv6 in
 * brackets and shortened, the port always written, credentials percent-encoded.
 *
 * Bare IPv4 with a port is nearly all of a public list and takes a path without `URL`: the platform's
 * parser would need some 1.5 µs a line.
 */

import { InvalidProxyUrlError } from "./errors.ts";
import { redactProxyInput } from "./redact.ts";
import type { Protocol } from "./types.ts";

/** A proxy's URL in its parts. */
export interface ProxyUrl {
  /** How to speak to the proxy. */
  readonly protocol: Protocol;
  /** Host name in lower case, IPv4, or IPv6 in brackets. */
  readonly host: string;
  /** 1–65535. */
  readonly port: number;
  /** User name, decoded. */
  readonly username: string | null;
  /** Password, decoded. */
  readonly password: string | null;
  /** Canonical URL **with credentials**. */
  readonly href: string;
}

/** How to read a text as a proxy. */
export interface ParseProxyUrlOptions {
  /** For a text without `scheme://`. @default {"http"} */
  readonly defaultProtocol?: Protocol;
}

const DEFAULT_PORT: Readonly<Record<Protocol, number>> = {
  http: 80,
  https: 443,
  socks4: 1080,
  socks4a: 1080,
  socks5: 1080,
  socks5h: 1080,
};

/** Every protocol, in the order in which documentation lists them. */
export const PROTOCOLS: readonly Protocol[] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

const MAX_LENGTH = 2048;
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/;
const NON_ASCII = /[\u0080-\uffff]/;
/** Such a host is an IPv4 address to every resolver, `0x7f000001` included, or no host at all. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/;
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

const BARE_IPV6 = "an IPv6 address must stand in brackets";

/**
 * Reads one proxy: `host:port`, `scheme://[user[:pass]@]host[:port]`, `user:pass@host:port`,
 * `host:port:user:pass`, `user:pass:host:port` or `host:port@user:pass`.
 *
 * @throws {InvalidProxyUrlError} when it is none of these; the message holds no credential
 */
export function parseProxyUrl(input: string, options: ParseProxyUrlOptions = {}): ProxyUrl {
  const result = readProxyUrl(input, options.defaultProtocol ?? "http");
  if (typeof result === "string") throw new InvalidProxyUrlError(redactProxyInput(input), result);
  return result;
}

/** Like {@linkcode parseProxyUrl}, but answers the reason instead of throwing: a list has many bad lines. */
export function readProxyUrl(input: string, defaultProtocol: Protocol): ProxyUrl | string {
  const plain = readPlainIpv4(input, defaultProtocol) ?? readSchemeAndIpv4(input);
  if (plain) return plain;
  if (input.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  const text = input.trim();
  if (text === "") return "it is empty";
  if (CONTROL.test(text)) return "it holds a control character";
  const schemeEnd = text.indexOf("://");
  if (schemeEnd < 0) return readBare(text, defaultProtocol);
  const protocol = protocolOf(text.slice(0, schemeEnd));
  if (!protocol) return `scheme must be one of ${PROTOCOLS.join(", ")}`;
  const rest = withoutTail(text.slice(schemeEnd + 3));
  if (rest === undefined) return "a proxy URL has no path and no query";
  const at = rest.lastIndexOf("@");
  if (at < 0 && fieldsOf(rest).length >= 3) return readBare(rest, protocol);
  const userinfo = at < 0 ? null : decodeUserinfo(rest.slice(0, at));
  if (typeof userinfo === "string") return userinfo;
  return build(protocol, rest.slice(at + 1), userinfo, DEFAULT_PORT[protocol]);
}

/** The parts of a canonical URL, as {@linkcode ProxyUrl.href} holds it. */
export function splitHref(href: string): ProxyUrl {
  const parsed = readProxyUrl(href, "http");
  if (typeof parsed === "string") throw new InvalidProxyUrlError(redactProxyInput(href), parsed);
  return parsed;
}

interface Userinfo {
  readonly username: string;
  readonly password: string | null;
}

function protocolOf(scheme: string): Protocol | undefined {
  const name = scheme.toLowerCase();
  if (name === "socks") return "socks5";
  return PROTOCOLS.find((protocol) => protocol === name);
}

/** Cuts a lone slash and a `#note`; undefined for a path or a query. */
function withoutTail(rest: string): string | undefined {
  const at = rest.lastIndexOf("@");
  const end = rest.slice(at + 1).search(/[/?#]/);
  if (end < 0) return rest;
  const tail = rest.slice(at + 1 + end);
  return tail === "/" || /^\/?#/.test(tail) ? rest.slice(0, at + 1 + end) : undefined;
}

function readBare(text: string, protocol: Protocol): ProxyUrl | string {
  const at = text.lastIndexOf("@");
  if (at >= 0) {
    const before = text.slice(0, at);
    const after = text.slice(at + 1);
    const reversed = !endsInPort(after.replace(/\/$/, "")) && endsInPort(before);
    const userinfo = decodeUserinfo(reversed ? after : before);
    if (typeof userinfo === "string") return userinfo;
    return build(protocol, reversed ? before : after.replace(/\/$/, ""), userinfo, undefined);
  }
  const fields = fieldsOf(text);
  if (fields.length < 3) return build(protocol, text.replace(/\/$/, ""), null, undefined);
  const [first = "", second = ""] = fields;
  if (/^[0-9a-f:.]+$/i.test(text) && (fields.length > 4 || (text.includes("::") && !isPort(second)))) {
    return BARE_IPV6;
  }
  if (fields.length === 3 && isPort(second)) return build(protocol, `${first}:${second}`, null, undefined);
  if (fields.length === 3 || (!isPort(second) && !isPort(fields[3] ?? ""))) {
    return "it must be host:port, host:port:user:pass or a URL";
  }
  if (isPort(second)) {
    return build(protocol, `${first}:${second}`, {
      username: fields[2] ?? "",
      password: fields.slice(3).join(":"),
    }, undefined);
  }
  return build(protocol, `${fields[2]}:${fields[3]}`, { username: first, password: second }, undefined);
}

/** Splits at colons, but keeps `[…]` whole. */
function fieldsOf(text: string): string[] {
  const end = text.startsWith("[") ? text.indexOf("]") + 1 : 0;
  const isWhole = end > 0 && (end === text.length || text[end] === ":");
  if (!isWhole) return text.split(":");
  return [text.slice(0, end), ...text.slice(end).split(":").slice(1)];
}

function endsInPort(text: string): boolean {
  const colon = text.lastIndexOf(":");
  return colon > 0 && isPort(text.slice(colon + 1));
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}

function decodeUserinfo(text: string): Userinfo | null | string {
  if (text === "" || text === ":") return null;
  const colon = text.indexOf(":");
  const username = decode(colon < 0 ? text : text.slice(0, colon));
  const password = colon < 0 ? null : decode(text.slice(colon + 1));
  if (CONTROL.test(username) || (password !== null && CONTROL.test(password))) {
    return "its credentials hold a control character";
  }
  return { username, password };
}

/** Percent-decoding; a stray `%` is a character like any other, since passwords are often not escaped. */
function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function build(
  protocol: Protocol,
  hostPort: string,
  user: Userinfo | null,
  defaultPort: number | undefined,
): ProxyUrl | string {
  const fields = fieldsOf(hostPort);
  if (fields.length > 2) {
    return hostPort.split(":").length > 3 ? BARE_IPV6 : "it has too many colons";
  }
  const portText = fields[1];
  if (portText === undefined && defaultPort === undefined) return "the port is missing";
  if (portText !== undefined && !isPort(portText)) return "port must be 1-65535";
  const host = canonicalHost(fields[0] ?? "");
  if (host === undefined) return "the host is neither a name nor an IP address";
  const port = portText === undefined ? defaultPort ?? 0 : Number(portText);
  if (user === null || (user.username === "" && !user.password)) {
    return { protocol, host, port, username: null, password: null, href: `${protocol}://${host}:${port}` };
  }
  const { username, password } = user;
  if (!username.isWellFormed() || password?.isWellFormed() === false) {
    return "its credentials hold half a character";
  }
  const secret = password === null ? "" : `:${encode(password)}`;
  const href = `${protocol}://${encode(username)}${secret}@${host}:${port}`;
  return { protocol, host, port, username, password, href };
}

/** Percent-encoding of everything that could end a URL in a text, the apostrophe included. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("'", "%27");
}

/**
 * One spelling for each host: names in lower case and punycode, IPv4 dotted, IPv6 short and bracketed.
 * Zero-padded IPv4 is refused: some programs read it as octal, so it may name two machines.
 */
function canonicalHost(host: string): string | undefined {
  const lower = host.toLowerCase();
  if (/^[\d.]+$/.test(lower) && /(?:^|\.)0\d/.test(lower)) return undefined;
  const isName = HOST_NAME.test(lower);
  if (isName && !ENDS_IN_NUMBER.test(lower) && !lower.endsWith(".")) return lower;
  if (!isName && !lower.startsWith("[") && !NON_ASCII.test(lower)) return undefined;
  if (/[\s/?#@\\%]/.test(lower)) return undefined;
  try {
    const name = new URL(`http://${lower}/`).hostname.replace(/\.$/, "");
    const isHost = name.startsWith("[") || (HOST_NAME.test(name) && !name.endsWith("."));
    return isHost ? name : undefined;
  } catch {
    return undefined;
  }
}

/** `scheme://a.b.c.d:port` and nothing else: most of what a store holds. */
function readSchemeAndIpv4(text: string): ProxyUrl | undefined {
  const schemeEnd = text.indexOf("://");
  const protocol = schemeEnd < 0 ? undefined : protocolOf(text.slice(0, schemeEnd));
  return protocol && readPlainIpv4(text.slice(schemeEnd + 3), protocol);
}

/** `a.b.c.d:port` and nothing else; undefined sends the text the long way. */
export function readPlainIpv4(text: string, protocol: Protocol): ProxyUrl | undefined {
  const length = text.length;
  if (length < 9 || length > 21) return undefined;
  let value = 0;
  let digits = 0;
  let dots = 0;
  let colon = -1;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) {
      if (digits > 0 && value === 0) return undefined;
      value = value * 10 + code - 48;
      digits++;
      continue;
    }
    if (digits === 0 || colon >= 0 || value > 255) return undefined;
    if (code === 46 && dots < 3) dots++;
    else if (code === 58 && dots === 3) colon = i;
    else return undefined;
    value = 0;
    digits = 0;
  }
  if (colon < 0 || digits === 0 || value < 1 || value > 65535) return undefined;
  return {
    protocol,
    host: text.slice(0, colon),
    port: value,
    username: null,
    password: null,
    href: `${protocol}://${text}`,
  };
}
