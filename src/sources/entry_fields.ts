/**
 * Makes proxies of an entry with named parts: a row of a table, a JSON object. Lists agree on the parts and not
 * on their names, so each part has all the names that are in use.
 */

import { type Protocol, PROTOCOLS, type ProxyMetadata, type ProxyUrl } from "../core/mod.ts";
import { readProxyUrl } from "../core/proxy_url.ts";
import { countryCode } from "./country.ts";

/** A part of an entry. */
export type FieldName =
  | "url"
  | "host"
  | "port"
  | "protocol"
  | "username"
  | "password"
  | "country"
  | "city"
  | "asn";

/** The parts of one entry, as texts. */
export type EntryFields = Partial<Record<FieldName, string>>;

/** An entry as the pool wants it, or what is wrong with it. */
export interface EntryProxies {
  /** One for each protocol that the entry names. */
  readonly proxies: readonly ProxyUrl[];
  /** What the entry says about them. */
  readonly metadata: ProxyMetadata;
  /** Why there is none. */
  readonly reason?: string;
}

/** Names are compared in lower case and without anything but letters and digits. */
const NAMES: Readonly<Record<FieldName, readonly string[]>> = {
  url: [
    "url",
    "proxy",
    "proxyurl",
    "uri",
    "link",
    "ipport",
    "ipandport",
    "hostport",
    "proxyipport",
    "ipaddressport",
  ],
  host: [
    "ip",
    "ipaddress",
    "ipaddr",
    "host",
    "hostname",
    "address",
    "addr",
    "server",
    "proxyip",
    "proxyhost",
    "ipv4",
  ],
  port: ["port", "proxyport", "portnumber"],
  protocol: ["protocol", "protocols", "scheme", "schema", "type", "types", "proxytype", "proxyprotocol"],
  username: ["username", "user", "login", "proxyuser"],
  password: ["password", "pass", "pwd", "proxypassword"],
  country: [
    "countrycode",
    "isocode",
    "idcountry",
    "code",
    "cc",
    "iso",
    "country",
    "countryname",
    "region",
    "geo",
    "location",
  ],
  city: ["city", "cityname"],
  asn: ["asn", "as", "autonomoussystemnumber"],
};

const FIELD_OF: ReadonlyMap<string, FieldName> = new Map(
  (Object.keys(NAMES) as FieldName[]).flatMap((field) => NAMES[field].map((name) => [name, field] as const)),
);

/** Which part a column or key names: `IP Address` is the host; undefined for none. */
export function fieldOf(name: string): FieldName | undefined {
  return name.length > 60 ? undefined : FIELD_OF.get(plainName(name));
}

/** How good a name is for its part: `country_code` before `country`. Lower is better. */
export function rankOf(field: FieldName, name: string): number {
  return NAMES[field].indexOf(plainName(name));
}

/** A protocol as lists write it; undefined for none. */
export function protocolName(text: string): Protocol | undefined {
  const name = text.trim().toLowerCase();
  return name === "socks" ? "socks5" : PROTOCOLS.find((protocol) => protocol === name);
}

/** Reads an entry. Never throws. */
export function proxiesOf(fields: EntryFields, defaultProtocol: Protocol): EntryProxies {
  const metadata = metadataOf(fields);
  const protocols = protocolsOf(fields.protocol);
  if (protocols === undefined) {
    return { proxies: [], metadata, reason: `protocol must be one of ${PROTOCOLS.join(", ")}` };
  }
  const addresses = addressesOf(fields);
  let reason = "the entry has neither a URL nor a host";
  for (const address of addresses) {
    const proxies = readEach(address, protocols.length === 0 ? [defaultProtocol] : protocols, fields);
    if (typeof proxies !== "string") return { proxies, metadata };
    reason = proxies;
  }
  return { proxies: [], metadata, reason };
}

/** What may be shown of an entry that is refused: no credential is among it. */
export function shownEntry(fields: EntryFields): string {
  return fields.url ?? [fields.host, fields.port].filter((part) => part !== undefined).join(":");
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "");
}

/** Undefined when the entry names protocols and none is known; `anonymous` in a column `type` names none. */
function protocolsOf(text: string | undefined): readonly Protocol[] | undefined {
  const words = (text ?? "").toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "");
  const known = words.map(protocolName).filter((protocol) => protocol !== undefined);
  if (known.length > 0) return [...new Set(known)];
  const isOther = words.some((word) =>
    /^(?:vmess|vless|trojan|ss|ssr|shadowsocks|hysteria2?|tuic|ssh|quic)$/.test(word)
  );
  return isOther ? undefined : [];
}

/** The URL first; a URL that is none of a proxy (a link to its page, say) leaves host and port. */
function addressesOf({ url, host, port }: EntryFields): readonly string[] {
  const addresses: string[] = [];
  if (url !== undefined) {
    addresses.push(/:\d+\/?$|:\/\//.test(url) || port === undefined ? url : `${url}:${port}`);
  }
  if (host !== undefined) {
    const isBareIpv6 = host.includes(":") && !host.startsWith("[") && port !== undefined;
    addresses.push(port === undefined ? host : isBareIpv6 ? `[${host}]:${port}` : `${host}:${port}`);
  }
  return addresses;
}

/** The address in each protocol, or what is wrong with it. */
function readEach(
  address: string,
  protocols: readonly Protocol[],
  fields: EntryFields,
): readonly ProxyUrl[] | string {
  const proxies: ProxyUrl[] = [];
  for (const protocol of address.includes("://") ? protocols.slice(0, 1) : protocols) {
    const read = readProxyUrl(address, protocol);
    const proxy = typeof read === "string" || read.username !== null ? read : withCredentials(read, fields);
    if (typeof proxy === "string") return proxy;
    proxies.push(proxy);
  }
  return proxies;
}

/** Credentials in columns of their own: read again with them, so that there is one canonical form. */
function withCredentials(proxy: ProxyUrl, fields: EntryFields): ProxyUrl | string {
  const { username = "", password = "" } = fields;
  if (username === "" && password === "") return proxy;
  if (!username.isWellFormed() || !password.isWellFormed()) return "its credentials hold half a character";
  const userinfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  return readProxyUrl(`${proxy.protocol}://${userinfo}@${proxy.host}:${proxy.port}`, proxy.protocol);
}

function metadataOf({ country, city, asn }: EntryFields): ProxyMetadata {
  const region = country === undefined ? undefined : countryCode(country);
  const place = city?.trim().slice(0, 100);
  const number = Number(/^\s*(?:as)?\s*(\d{1,10})\b/i.exec(asn ?? "")?.[1] ?? 0);
  return {
    ...(region === undefined ? {} : { region }),
    ...(place === undefined || /^(?:|-|n\/a|unknown|none|null)$/i.test(place) ? {} : { city: place }),
    ...(number > 0 && number < 2 ** 32 ? { asn: number } : {}),
  };
}
