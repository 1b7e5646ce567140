/** Waits for a word, removes all proxies, prints one line, and closes. */

import { nextLine } from "./stdin.ts";
import { openPool } from "./pool.ts";

const { rotator, sync } = await openPool();
console.log("ready");
await nextLine();
for (const { id } of [...rotator.proxies()]) await sync.remove(id);
console.log("removed");
await sync.close();
