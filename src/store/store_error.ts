/** The one error of all stores. */

import { ProxyWhirlError } from "../core/errors.ts";

/**
 * Why a store could not do its work.
 *
 * - `STORE_BUSY`: another program holds the file locked; try again.
 * - `STORE_FULL`: no space left, or the disk refused the write; try again.
 * - `STORE_CORRUPT`: not a database, or a damaged one. It is left as it is.
 * - `STORE_NEWER`: written by a newer version of this program. It is left as it is.
 * - `STORE_FOREIGN`: the database of another program. It is left as it is.
 * - `STORE_UNREADABLE`: not there to be read: no permission, a directory, no such folder.
 * - `STORE_READ_ONLY`: can be read but not written.
 * - `STORE_UNAVAILABLE`: this runtime has no SQLite.
 * - `STORE_CLOSED`: `close()` was called before.
 * - `STORE_FAILED`: anything else.
 */
export type StoreErrorCode =
  | "STORE_BUSY"
  | "STORE_FULL"
  | "STORE_CORRUPT"
  | "STORE_NEWER"
  | "STORE_FOREIGN"
  | "STORE_UNREADABLE"
  | "STORE_READ_ONLY"
  | "STORE_UNAVAILABLE"
  | "STORE_CLOSED"
  | "STORE_FAILED";

/** A store could not do its work. The message names the place and what to do about it. */
export class StoreError extends ProxyWhirlError {
  /** What kind of failure. */
  declare readonly code: StoreErrorCode;

  /**
   * Says what went wrong and where.
   *
   * @param code What kind of failure
   * @param message Place, reason and remedy in one sentence
   * @param options The error that caused this one
   */
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }

  /** Whether the same call may succeed later without anybody repairing anything. */
  get isTransient(): boolean {
    return this.code === "STORE_BUSY" || this.code === "STORE_FULL" || this.code === "STORE_FAILED";
  }
}

/** Makes any thrown value a {@linkcode StoreError} about `location`. */
export function toStoreError(error: unknown, location: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [code, advice] = classify(resultCodeOf(error), message, nameOf(error));
  return new StoreError(code, `Cannot use database "${location}": ${advice ?? message}`, { cause: error });
}

type Classified = readonly [StoreErrorCode, string?];

const BUSY: Classified = ["STORE_BUSY", "another program holds it locked; close that program or wait for it"];
const FULL: Classified = ["STORE_FULL", "the disk is full; free some space"];
const IO: Classified = ["STORE_FULL", "the disk refused to read or write; check its space and its health"];
const CORRUPT: Classified = [
  "STORE_CORRUPT",
  "it is damaged or not a database; it was left as it is: move it away, or choose another path",
];
const READ_ONLY: Classified = [
  "STORE_READ_ONLY",
  "it cannot be written; check permissions of the file and its folder",
];
const UNREADABLE: Classified = [
  "STORE_UNREADABLE",
  "it cannot be opened; check the path and its permissions",
];

/**
 * Deno gives no `errcode` on errors of `exec` and of opening, so that the message has to do there; the texts
 * are SQLite's own and the same everywhere.
 */
function classify(resultCode: number | undefined, message: string, name: string): Classified {
  if (resultCode === 5 || resultCode === 6 || /database (?:table |schema )?is locked/.test(message)) {
    return BUSY;
  }
  if (resultCode === 13 || /database or disk is full|ENOSPC|no space left/i.test(message)) return FULL;
  if (resultCode === 10 || /disk I\/O error/.test(message)) return IO;
  if (resultCode === 11 || resultCode === 26 || /malformed|not a database/.test(message)) return CORRUPT;
  if (resultCode === 8 || /readonly database|EROFS/.test(message)) return READ_ONLY;
  if (resultCode === 14 || /unable to open database|EACCES|EPERM|ENOENT|ENOTDIR/.test(message)) {
    return UNREADABLE;
  }
  if (name === "NotCapable" && /write access/.test(message)) return ["STORE_READ_ONLY"];
  if (name === "NotCapable" || name === "PermissionDenied" || /ERR_ACCESS_DENIED/.test(message)) {
    return ["STORE_UNREADABLE"];
  }
  return ["STORE_FAILED"];
}

/** SQLite's primary result code: the low byte of `errcode`. */
function resultCodeOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
