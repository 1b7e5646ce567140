import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { METRICS, type MetricSpec } from "../../../src/service/mod.ts";
import { openTelemetryName } from "../../../src/service/metric_table.ts";
import { repoRoot } from "../../support/runtimes.ts";

test("docs/observability.md has every metric, under both names, with its labels and what it counts", () => {
  const rows = readFileSync(`${repoRoot}docs/observability.md`, "utf8").split("\n")
    .filter((line) => line.startsWith("| `proxywhirl_"))
    .map((line) => line.split(" | ").map((cell) => cell.replaceAll(/^\| | \|$|`/g, "")));
  const specs: readonly MetricSpec[] = METRICS;
  assert.deepEqual(
    rows,
    specs.map((spec) => [
      spec.name,
      openTelemetryName(spec),
      spec.kind,
      spec.labels.join(", ") || "–",
      spec.help,
    ]),
  );
});
