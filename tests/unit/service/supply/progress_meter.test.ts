import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallProgress } from "../../../../src/service/mod.ts";
import { ProgressMeter } from "../../../../src/service/supply/progress_meter.ts";

test("ProgressMeter tells four times a second, when the total changes, and the end; it never falls", () => {
  let now = 0;
  const told: CallProgress[] = [];
  const meter = new ProgressMeter((progress) => void told.push(progress), () => now);
  meter.update(1, undefined, "http://bob:hunter2@h:1 read");
  meter.update(2, undefined, "too soon");
  meter.update(3, 10, "a");
  meter.update(4, 10, "too soon");
  now = 300;
  meter.update(2, 10, "back");
  meter.update(5, 10, "b");
  meter.update(10, 10, "end");
  meter.update(10, 10, "end");
  assert.deepEqual(told.map(({ progress, total }) => [progress, total]), [
    [1, undefined],
    [3, 10],
    [5, 10],
    [10, 10],
  ]);
  assert.doesNotMatch(told[0]?.message ?? "", /hunter2/);
});
