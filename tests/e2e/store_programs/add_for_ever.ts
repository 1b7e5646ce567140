/** Adds proxies one after the other and prints each id and URL as soon as `add` returns. */

import process from "node:process";
import { openPool } from "./pool.ts";

const { sync } = await openPool();
for (let i = 0;; i++) {
  const url = `http://10.9.${i >> 8}.${i & 255}:8080`;
  const [added] = await sync.add([{ url }]);
  process.stdout.write(`${added?.id} ${url}\n`);
}
