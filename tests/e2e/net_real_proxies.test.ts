/** Proxies that others have written, every protocol, with and without credentials, on every runtime. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { proxiesMissing } from "../support/real_proxies.ts";
import { tryMatrix } from "../support/real_proxies_matrix.ts";
import { matrixTable } from "../support/real_proxies_table.ts";
import { repoRoot, runtimesMissing } from "../support/runtimes.ts";
import { skipIf } from "../support/skip.ts";

describe("Real proxies", () => {
  const reason = proxiesMissing() ?? runtimesMissing("deno", "node", "bun");
  test("serve every page on every runtime", skipIf(reason), async () => {
    const rows = await tryMatrix(["deno", "node", "bun"]);
    const failures = rows.flatMap(({ hasCredentials, outcomes, program, protocol }) =>
      Object.entries(outcomes).flatMap(([runtime, checks]) =>
        Object.entries(checks).filter(([, why]) => why !== null && why !== "").map(([check, why]) =>
          `${runtime}, ${program}, ${protocol}${hasCredentials ? " with credentials" : ""}, ${check}: ${why}`
        )
      )
    );
    assert.deepEqual(failures, []);
    const documented = readFileSync(`${repoRoot}/docs/compatibility.md`, "utf8").replaceAll(/ +/g, " ");
    const table = matrixTable(rows).split("\n").slice(2).join("\n");
    assert.ok(
      documented.includes(table),
      "docs/compatibility.md is stale: deno run -A scripts/compatibility.ts",
    );
  });
});
