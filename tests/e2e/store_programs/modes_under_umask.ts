/** Makes a database where the umask forbids everything, and prints the modes of its files. */

import { statSync } from "node:fs";
import process from "node:process";
import { SqliteStore } from "../../../src/store/mod.ts";

const path = process.argv[2] ?? "";
process.umask(0o777);
const store = new SqliteStore(path);
await store.upsert([{ url: "http://203.0.113.1:8080" }]);
for (const suffix of ["", "-wal", "-shm"]) console.log((statSync(path + suffix).mode & 0o777).toString(8));
await store.close();
