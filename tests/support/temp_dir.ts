/** A temporary folder that removes itself. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A fresh, empty folder, removed with all that is in it when disposed.
 *
 * ```ts ignore
 * using dir = new TempDir();
 * const db = dir.join("pool.db");
 * ```
 */
export class TempDir {
  /** Absolute path of the folder. */
  readonly path: string;

  /** Makes the folder. */
  constructor() {
    this.path = mkdtempSync(join(tmpdir(), "proxywhirl-test-"));
  }

  /** A path inside the folder. */
  join(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** Writes a file in the folder and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.join(name);
    writeFileSync(path, content);
    return path;
  }

  /** Removes the folder; may be called again. */
  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
