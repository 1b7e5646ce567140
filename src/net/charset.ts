/** Turns the bytes of a body into text, by what the site says and by what the bytes show. */

/** How far into a page its own word on the charset is looked for (WHATWG HTML, "prescan a byte stream"). */
const PRESCAN_BYTES = 1024;

/**
 * Decodes a body. The order is that of browsers: byte order mark, `Content-Type`, the page's own `<meta>` or XML
 * declaration, UTF-8 if it fits, Windows-1252.
 *
 * @param contentType Value of `Content-Type`
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const label = byteOrderMark(bytes) ?? charsetOf(contentType) ?? declaredCharset(bytes);
  const named = label === undefined ? undefined : decoderFor(label);
  if (named !== undefined) return named.decode(bytes);
  const text = new TextDecoder("utf-8").decode(bytes);
  // A cut at the end may break a character; anywhere else it is another charset.
  return text.slice(0, -1).includes("\ufffd") ? new TextDecoder("windows-1252").decode(bytes) : text;
}

/** Whether a body is text, by its type; without one, by its first bytes. */
export function isTextual(bytes: Uint8Array, contentType: string | null): boolean {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type !== "" && type !== "application/octet-stream") return TEXT_TYPE.test(type);
  if (byteOrderMark(bytes) !== undefined) return true;
  return !bytes.subarray(0, 512).some((byte) => byte < 9 || (byte > 13 && byte < 27) || byte === 127);
}

/** Whether a body is HTML, by its type; without one, by how it begins. */
export function isHtml(text: string, contentType: string | null): boolean {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type !== "") return type === "text/html" || type === "application/xhtml+xml";
  return /^\s*<(?:!doctype html|html|head|body)\b/i.test(text.slice(0, 512));
}

const TEXT_TYPE =
  /^(?:text\/.*|application\/(?:json|xml|javascript|ecmascript|x-javascript|xhtml\+xml|x-www-form-urlencoded|yaml|x-yaml|toml|graphql|sql|x-ndjson|ld\+json|x-sh|x-httpd-php)|application\/[\w.-]+\+(?:json|xml|yaml))$/;

function charsetOf(contentType: string | null): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';,]{1,40})/i.exec(contentType ?? "")?.[1];
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return a === 0xff && b === 0xfe ? "utf-16le" : undefined;
}

function declaredCharset(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder("windows-1252").decode(bytes.subarray(0, PRESCAN_BYTES));
  const xml = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']/i.exec(start)?.[1];
  const label = xml ?? /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w:.-]{1,40})/i.exec(start)?.[1];
  // A page that can be read byte by byte is not UTF-16, whatever it says.
  return label !== undefined && /^utf-?16/i.test(label) ? "utf-8" : label;
}

function decoderFor(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
