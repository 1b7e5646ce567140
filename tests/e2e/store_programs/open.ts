/** Opens a store and prints what became of it as JSON. */

import process from "node:process";
import { openStore } from "../../../src/store/mod.ts";

const { store, warning } = await openStore(process.argv[2] ?? "");
const proxies = await store.loadAll();
const [added] = await store.upsert([{ url: "http://203.0.113.1:80" }]);
await store.close();
console.log(
  JSON.stringify({ warning, count: proxies.length, isPersistent: store.isPersistent, added: added?.isNew }),
);
