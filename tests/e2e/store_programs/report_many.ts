/** Waits for a word, reports as many outcomes as the second argument says, and closes. */

import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { nextLine } from "./stdin.ts";
import { openPool } from "./pool.ts";

const { rotator, sync } = await openPool();
console.log("ready");
await nextLine();
const count = Number(process.argv[3]);
for (let i = 0; i < count; i++) {
  const lease = rotator.acquire();
  lease.report({ verdict: i % 4 ? "ok" : "dead", latencyMs: 10 });
  if (i % 50 === 0) await setImmediate();
}
await sync.close();
