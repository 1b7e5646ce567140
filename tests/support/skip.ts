/**
 * The one way to skip a test.
 *
 * Deno and Bun drop the reason that `node:test` is given, and Deno counts `t.skip()` inside a body as passed.
 * So a test is skipped by its options, before it runs, and the reason goes to stderr, where CI collects it.
 */

import process from "node:process";

/** Options of `node:test` that skip a test, or do not. */
export interface SkipOption {
  /** The reason, or `false` to run the test. */
  readonly skip: string | false;
}

const told = new Set<string>();

/**
 * Test options that skip when there is a reason to.
 *
 * ```ts ignore
 * import { test } from "node:test";
 * import { skipIf } from "../../support/skip.ts";
 *
 * test("import() reads the real list", skipIf(undefined), () => {});
 * ```
 */
export function skipIf(reason: string | undefined): SkipOption {
  if (reason === undefined) return { skip: false };
  if (!told.has(reason)) {
    told.add(reason);
    process.stderr.write(`skip: ${reason}\n`);
  }
  return { skip: reason };
}
