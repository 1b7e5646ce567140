/**
 * Reads the body of an answer as text of a bounded size, for a reader who has little room: an assistant.
 *
 * HTML becomes Markdown by `turndown`, which brings its own DOM and so works alike on Deno, Node and Bun; plain text
 * is the same without the marks, by `htmlparser2`, which the source parsers use too.
 */

/** How a body is to be read. */
export interface ReadBodyOptions {
  /** `raw` as it is; HTML as `text` or `markdown`. Other text is never changed. */
  readonly format: "raw" | "text" | "markdown";
  /** Longest text, bytes of UTF-8, ≥ 1. */
  readonly maxBytes: number;
  /** Most that is read of the answer, bytes; the rest is not fetched. */
  readonly readLimitBytes: number;
}

/** A body that was read. */
export interface ReadableBody {
  /** The text; empty for a body that is none. */
  readonly text: string;
  /** Bytes of the answer, decoded: as far as it was read. */
  readonly bytes: number;
  /** Whether something is missing at the end. */
  readonly isTruncated: boolean;
  /** Whether the body is text. */
  readonly isText: boolean;
}

const TEXT_TYPE =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|yaml|javascript|ecmascript|x-www-form-urlencoded|toml|sql|graphql|ndjson|jsonl|x-ndjson|rtf|x-sh)\b)/i;
const HTML_TYPE = /^(?:text\/html|application\/xhtml\+xml)\b/i;
/** How far into a page a charset may be declared (HTML standard, "prescan"). */
const PRESCAN_BYTES = 1024;

/** More of a page is not converted: a tree of it would take seconds. */
const LONGEST_PAGE = 1_000_000;
/** A page nested more deeply becomes plain text instead of Markdown, which would take minutes. */
const DEEPEST_PAGE = 256;

/** Reads the body of an answer; see {@linkcode ReadBodyOptions}. Ends the connection when not all is wanted. */
export async function readBody(response: Response, options: ReadBodyOptions): Promise<ReadableBody> {
  const { bytes, isComplete } = await readUpTo(response.body, options.readLimitBytes);
  const type = response.headers.get("content-type") ?? "";
  if (!isTextual(type, bytes)) {
    return { text: "", bytes: bytes.length, isTruncated: !isComplete, isText: false };
  }
  const decoded = decode(bytes, type);
  const isHtml = HTML_TYPE.test(type) || (type === "" && /^\s*<(?:!doctype html|html)\b/i.test(decoded));
  const text = isHtml && options.format !== "raw" ? await convert(decoded, options.format) : decoded;
  const cut = cutTo(text, options.maxBytes);
  const isCut = cut.length < text.length || (text !== decoded && decoded.length > LONGEST_PAGE);
  return { text: cut, bytes: bytes.length, isTruncated: !isComplete || isCut, isText: true };
}

async function readUpTo(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<{ readonly bytes: Uint8Array; readonly isComplete: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    chunks.push(part.value.subarray(0, limit - size));
    size += part.value.length;
    if (size > limit) {
      await reader?.cancel();
      break;
    }
  }
  const bytes = new Uint8Array(Math.min(size, limit));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return { bytes, isComplete: size <= limit };
}

function isTextual(type: string, bytes: Uint8Array): boolean {
  if (TEXT_TYPE.test(type)) return true;
  return type === "" && !bytes.subarray(0, PRESCAN_BYTES).includes(0);
}

/** Charset of the byte order mark, else of the header, else of the page, else UTF-8. */
function decode(bytes: Uint8Array, type: string): string {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, PRESCAN_BYTES));
  const mark = start.startsWith("\xfe\xff")
    ? "utf-16be"
    : start.startsWith("\xff\xfe")
    ? "utf-16le"
    : undefined;
  const declared = /charset\s*=\s*["']?([\w.:-]+)/i;
  const charset = mark ?? declared.exec(type)?.[1] ?? declared.exec(start)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes); // a charset that nobody knows
  }
}

async function convert(page: string, format: "text" | "markdown"): Promise<string> {
  const html = page.slice(0, LONGEST_PAGE);
  const isSimple = format === "markdown" && await depthOf(html) <= DEEPEST_PAGE;
  return isSimple ? await toMarkdown(html) : await toText(html);
}

/** How deeply the elements of a page are nested. */
async function depthOf(html: string): Promise<number> {
  const { Parser } = await import("htmlparser2");
  let depth = 0;
  let deepest = 0;
  const parser = new Parser({
    onopentagname: () => {
      depth++;
      deepest = Math.max(deepest, depth);
    },
    onclosetag: () => {
      depth--;
    },
  });
  parser.end(html);
  return deepest;
}

async function toMarkdown(html: string): Promise<string> {
  const { default: TurndownService } = await import("turndown");
  const turndown = new TurndownService({
    headingStyle: "atx",
    codeBlockStyle: "fenced",
    bulletListMarker: "-",
  });
  turndown.remove(["script", "style", "noscript", "iframe", "template"]);
  return turndown.turndown(html);
}

const BLOCKS: ReadonlySet<string> = new Set(
  "address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table tr ul title"
    .split(" "),
);
const HIDDEN: ReadonlySet<string> = new Set(["script", "style", "noscript", "iframe", "template"]);

async function toText(html: string): Promise<string> {
  const { Parser } = await import("htmlparser2");
  const parts: string[] = [];
  let hidden = 0;
  const parser = new Parser({
    onopentagname: (name) => {
      if (HIDDEN.has(name)) hidden++;
      if (BLOCKS.has(name)) parts.push("\n");
      else if (name === "td" || name === "th") parts.push("\t");
    },
    ontext: (text) => {
      if (hidden === 0) parts.push(text.replace(/\s+/g, " "));
    },
    onclosetag: (name) => {
      if (HIDDEN.has(name)) hidden--;
      if (BLOCKS.has(name)) parts.push("\n");
    },
  }, { decodeEntities: true });
  parser.end(html);
  return parts.join("").split("\n").map((line) => line.trim()).join("\n").replace(/\n{3,}/g, "\n\n").trim();
}

/** The longest start of a text that fits, without half a character at the end. */
function cutTo(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
