/** A folder that lives as long as a test. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Disposes itself with `using`. */
export class TemporaryFolder {
  /** Absolute path. */
  readonly path: string = mkdtempSync(join(tmpdir(), "proxywhirl-store-"));

  /** Path of a file in it. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** Deletes the folder with all that is in it. */
  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
