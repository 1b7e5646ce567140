/** Waits for a word, adds proxies, prints `id isNew` of each, and closes. */

import { nextLine } from "./stdin.ts";
import { openPool, urls } from "./pool.ts";

const { sync } = await openPool();
console.log("ready");
await nextLine();
for (const { id, isNew } of await sync.add(urls(200).map((url) => ({ url })))) console.log(id, isNew);
await sync.close();
