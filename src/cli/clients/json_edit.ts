/**
 * Puts members into JSON with comments without touching a byte of the rest. (`modify` of `jsonc-parser` formats
 * the neighbours again, and puts the comment behind a member behind the new one.)
 */
import { applyEdits, createScanner, type Edit, findNodeAtLocation, type Node, parseTree } from "jsonc-parser";

/** Tokens of `jsonc-parser`, whose own enum is ambient and so not there at run time everywhere. */
const TOKEN = { comma: 5, lineComment: 12, blockComment: 13, lineBreak: 14, trivia: 15 } as const;

/**
 * The text with a member set: its value is replaced, or it is added at the end of its object. Objects on the way
 * to it are made when they are missing.
 *
 * @param text A JSON object, with or without comments.
 * @param path Keys on the way to the member; not empty.
 */
export function setMember(text: string, path: readonly string[], value: unknown): string {
  const root = parseTree(text);
  if (root?.type !== "object") throw new TypeError("Cannot set a member: the text must hold a JSON object");
  const known = findNodeAtLocation(root, [...path]);
  if (known !== undefined) {
    const content = formatted(value, lineIndent(text, known.offset), text);
    return applyEdits(text, [{ offset: known.offset, length: known.length, content }]);
  }
  let depth = path.length - 1;
  let parent = findNodeAtLocation(root, path.slice(0, depth));
  while (parent === undefined && depth > 0) parent = findNodeAtLocation(root, path.slice(0, --depth));
  const rest = path.slice(depth + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return applyEdits(text, insertion(text, parent ?? root, path[depth] ?? "", rest));
}

function insertion(text: string, object: Node, key: string, value: unknown): Edit[] {
  const members = object.children ?? [];
  const last = members.at(-1);
  const indent = last !== undefined && startsLine(text, last.offset)
    ? lineIndent(text, last.offset)
    : lineIndent(text, object.offset) + unitOf(text);
  const end = object.offset + object.length - 1;
  const { hasComma, offset } = placeBehind(text, last, end);
  const isClosedHere = !text.slice(offset, end).includes("\n");
  const eol = eolOf(text);
  const content = `${eol}${indent}${JSON.stringify(key)}: ${formatted(value, indent, text)}` +
    (isClosedHere ? eol + lineIndent(text, object.offset) : "");
  if (last === undefined || hasComma) return [{ offset, length: 0, content }];
  const behind = last.offset + last.length;
  if (behind === offset) return [{ offset, length: 0, content: `,${content}` }];
  return [{ offset: behind, length: 0, content: "," }, { offset, length: 0, content }];
}

/** Behind the last member, its comma and what is said about it on the same line. */
function placeBehind(
  text: string,
  last: Node | undefined,
  end: number,
): { readonly offset: number; readonly hasComma: boolean } {
  if (last === undefined) return { offset: text.slice(0, end).trimEnd().length, hasComma: false };
  let offset = last.offset + last.length;
  let hasComma = false;
  const scanner = createScanner(text, false);
  scanner.setPosition(offset);
  while (true) {
    const token: number = scanner.scan();
    if (token === TOKEN.trivia) continue;
    if (token !== TOKEN.comma && token !== TOKEN.lineComment && token !== TOKEN.blockComment) break;
    hasComma ||= token === TOKEN.comma;
    offset = scanner.getTokenOffset() + scanner.getTokenLength();
  }
  return { offset, hasComma };
}

function formatted(value: unknown, indent: string, text: string): string {
  return JSON.stringify(value, null, unitOf(text)).replaceAll("\n", eolOf(text) + indent);
}

function unitOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
}

function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function lineIndent(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

function startsLine(text: string, offset: number): boolean {
  return /(^|\n)[ \t]*$/.test(text.slice(0, offset));
}
