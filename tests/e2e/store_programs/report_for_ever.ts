/** Reports 1 000 outcomes a second and prints, after each batch, how many so far and when (ms). */

import process from "node:process";
import { openPool } from "./pool.ts";

const { rotator } = await openPool();
const startedAt = performance.now();
let reported = 0;
setInterval(() => {
  const due = performance.now() - startedAt;
  while (reported < due) {
    rotator.acquire().report({ verdict: reported % 3 ? "ok" : "dead", latencyMs: 10 });
    reported++;
  }
  process.stdout.write(`${reported} ${performance.now()}\n`);
}, 5);
