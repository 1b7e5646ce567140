/** Shows the results of the matrix as a table. */

import { CHECKS, type MatrixRow } from "./real_proxies_matrix.ts";
import type { RuntimeName } from "./runtimes.ts";

const NAMES: Readonly<Record<RuntimeName, string>> = { deno: "Deno", node: "Node", bun: "Bun" };

/** One row for each combination, one column for each runtime; a cell says what passed, or what did not. */
export function matrixTable(rows: readonly MatrixRow[]): string {
  const runtimes = ["deno", "node", "bun"] as const;
  const lines = [
    `| proxy | protocol | credentials | ${runtimes.map((name) => NAMES[name]).join(" | ")} |`,
    `| --- | --- | --- | ${runtimes.map(() => "---").join(" | ")} |`,
  ];
  for (const { hasCredentials, outcomes, program, protocol } of rows) {
    const cells = runtimes.map((name) => {
      const checks = outcomes[name];
      if (checks === undefined) return "not tried";
      const failed = CHECKS.filter((check) => checks[check] !== null && checks[check] !== "");
      const tried = CHECKS.filter((check) => checks[check] !== null).length;
      return failed.length === 0 ? `${tried} of ${tried}` : `fails: ${failed.join(", ")}`;
    });
    lines.push(`| ${program} | ${protocol} | ${hasCredentials ? "yes" : "no"} | ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}
