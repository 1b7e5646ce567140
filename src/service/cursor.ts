/**
 * The opaque cursor of `list`.
 *
 * It holds the last proxy shown, by its id and by its ordinal (proxies are numbered in the order of adding, and
 * no number is used twice). The next page starts after that proxy, or, when it has been removed meanwhile,
 * after its ordinal; so nobody sees a proxy twice, or misses one, because others come and go between two pages.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** What a cursor says. */
export interface CursorPosition {
  /** Id of the last proxy shown. */
  readonly id: string;
  /** Ordinal of the last proxy shown. */
  readonly ordinal: number;
}

/** Writes a cursor. */
export function encodeCursor(position: CursorPosition): string {
  return Buffer.from(`${position.ordinal}.${position.id}`, "utf8").toString("base64url");
}

/** Reads a cursor; `undefined` when the text is none. */
export function decodeCursor(cursor: string): CursorPosition | undefined {
  if (!/^[\w-]{1,120}$/.test(cursor)) return undefined;
  const match = /^(\d{1,15})\.([\w-]{1,64})$/.exec(Buffer.from(cursor, "base64url").toString("utf8"));
  const [, ordinal, id] = match ?? [];
  return ordinal === undefined || id === undefined ? undefined : { id, ordinal: Number(ordinal) };
}
