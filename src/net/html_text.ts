/**
 * Reduces a page to what a reader wants of it.
 *
 * With `@mdream/js`: plain JavaScript, the same on Deno, Node and Bun, loaded only when a page is to be reduced. Pages
 * come from anywhere, so what decided was how it takes hostile ones: 1 MB of any one construct takes it 1.5 s at most,
 * where `turndown` spends half a minute on 20 000 nested `<div>` and `node-html-markdown` 40 s on an ordinary page of
 * 900 kB; `html-to-text` needs 11 packages and knows no Markdown.
 */

/** Form in which a page is given. */
export type PageFormat = "text" | "markdown";

/** Larger pages are cut before they are read, characters. */
const MAX_LENGTH = 1_000_000;

/** A page that was reduced. */
export interface ReducedPage {
  /** The text. */
  readonly text: string;
  /** Whether the page was too large to be read to its end. */
  readonly isCut: boolean;
}

/**
 * The text of a page, plain or as Markdown.
 *
 * @param baseUrl Where the page is from; relative links are made absolute with its origin
 */
export async function reduceHtml(html: string, format: PageFormat, baseUrl?: string): Promise<ReducedPage> {
  const { htmlToMarkdown } = await import("@mdream/js");
  const page = html.slice(0, MAX_LENGTH);
  const isCut = html.length > MAX_LENGTH;
  const origin = baseUrl === undefined ? {} : { origin: new URL(baseUrl).origin };
  let text = "";
  try {
    text = htmlToMarkdown(page, { format, clean: true, ...origin }).trim();
  } catch {
    // It gives up on elements nested hundreds deep, or leaves out what is in them.
  }
  return { text: text === "" ? withoutTags(page) : text, isCut };
}

/** What stands between the tags, scripts and styles left out. Linear, whatever the page. */
function withoutTags(page: string): string {
  const lower = page.toLowerCase();
  const parts: string[] = [];
  for (let at = 0; at < page.length;) {
    const open = page.indexOf("<", at);
    parts.push(page.slice(at, open < 0 ? undefined : open));
    if (open < 0) break;
    const hidden = /^<(script|style|template|noscript)\b/.exec(lower.slice(open, open + 12))?.[1];
    const end = hidden === undefined ? open : lower.indexOf(`</${hidden}`, open);
    const close = end < 0 ? -1 : page.indexOf(">", end);
    if (close < 0) break;
    at = close + 1;
  }
  return parts.join(" ").replaceAll(/\s+/g, " ").trim();
}
