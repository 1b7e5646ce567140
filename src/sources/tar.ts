/**
 * Reads a tar archive as npm packages have it: plain files with short names. Our own few lines, since a library
 * would bring all that is not needed here: links, devices, owners, writing to disk.
 */

/** A file in an archive. */
export interface TarFile {
  /** Its path in the archive, as written there: not to be used as a path as it is. */
  readonly path: string;
  /** Its content. */
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
const FILE_TYPES = new Set([0, 48]); // NUL and "0"

/** The plain files of an archive, in order. Ends at the first thing that is no header. */
export function* filesIn(archive: Uint8Array): Generator<TarFile> {
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    const name = text(header, 0, 100);
    const size = Number.parseInt(text(header, 124, 12).trim() || "0", 8);
    if (name === "" || !(size >= 0)) return;
    const prefix = text(header, 345, 155);
    const start = at + BLOCK;
    if (FILE_TYPES.has(header[156] ?? -1)) {
      yield {
        path: prefix === "" ? name : `${prefix}/${name}`,
        bytes: archive.subarray(start, start + size),
      };
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function text(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
