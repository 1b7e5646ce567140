/** Turns the bytes of a file into text: whatever program wrote it, and nothing that is no text. */

/** A list that cannot be read as a whole; nothing of it is taken. The message quotes nothing of its text. */
export class UnreadableListError extends Error {
  override name = "UnreadableListError";
}

/** A text, and what should be known of it. */
export interface ListText {
  /** The text, without a byte order mark. */
  readonly text: string;
  /** Set when the bytes were not what they should be. */
  readonly note?: string;
}

/** More is read of no file. */
export const MAX_LIST_BYTES = 268_435_456;
/** So much shows how the text is encoded. */
const SAMPLE_BYTES = 4096;
const SQLITE = "SQLite format 3\0";

/**
 * Reads UTF-8 and UTF-16 with and without a byte order mark, and what is neither as Windows-1252.
 *
 * @throws {UnreadableListError} It is no text, or cut off in the middle of a character.
 */
export function textOfBytes(bytes: Uint8Array): ListText {
  if (bytes.length > MAX_LIST_BYTES) throw tooLarge();
  if (startsWith(bytes, 0xff, 0xfe, 0, 0) || startsWith(bytes, 0, 0, 0xfe, 0xff)) {
    throw new UnreadableListError("it is UTF-32; write it as UTF-8");
  }
  if (startsWith(bytes, 0xff, 0xfe)) return { text: fromUtf16(bytes.subarray(2), false) };
  if (startsWith(bytes, 0xfe, 0xff)) return { text: fromUtf16(bytes.subarray(2), true) };
  checkIsList(bytes);
  const zeros = zerosOf(bytes);
  if (zeros.atOdd > 0 && zeros.atEven === 0) return { text: fromUtf16(bytes, false) };
  if (zeros.atEven > 0 && zeros.atOdd === 0) return { text: fromUtf16(bytes, true) };
  if (zeros.atEven + zeros.atOdd > 0) throw new UnreadableListError("it is no text");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return {
      text: new TextDecoder("windows-1252").decode(bytes),
      note: "it is not UTF-8 and was read as Windows-1252; check names and passwords with other letters",
    };
  }
}

/** The error for a file above {@linkcode MAX_LIST_BYTES}. */
export function tooLarge(): UnreadableListError {
  return new UnreadableListError(`it is larger than ${MAX_LIST_BYTES / 1_048_576} MiB; split it`);
}

function fromUtf16(bytes: Uint8Array, isBigEndian: boolean): string {
  if (bytes.length % 2 !== 0) throw new UnreadableListError("its UTF-16 text is cut off: a byte is missing");
  // Bun knows no "utf-16be".
  return new TextDecoder("utf-16le").decode(isBigEndian ? swapped(bytes) : bytes);
}

function swapped(bytes: Uint8Array): Uint8Array {
  return bytes.map((_, at) => bytes[at ^ 1] ?? 0);
}

interface Zeros {
  readonly atEven: number;
  readonly atOdd: number;
}

/** Latin text in UTF-16 has a zero in every other byte, and no other text has one. */
function zerosOf(bytes: Uint8Array): Zeros {
  const found = [0, 0];
  bytes.subarray(0, SAMPLE_BYTES).forEach((byte, at) => {
    if (byte === 0) found[at % 2] = (found[at % 2] ?? 0) + 1;
  });
  return { atEven: found[0] ?? 0, atOdd: found[1] ?? 0 };
}

function checkIsList(bytes: Uint8Array): void {
  if (startsWith(bytes, ...new TextEncoder().encode(SQLITE))) {
    throw new UnreadableListError("it is a database; use it with --db, its proxies are taken over there");
  }
  if (startsWith(bytes, 0x1f, 0x8b) || startsWith(bytes, 0x50, 0x4b, 3, 4)) {
    throw new UnreadableListError("it is compressed; unpack it first");
  }
}

function startsWith(bytes: Uint8Array, ...start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}
