/** Another program: takes the lock given as second argument, says so, and holds it until a word comes. */

import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { nextLine } from "./stdin.ts";

const database = new DatabaseSync(process.argv[2] ?? "");
database.exec(`BEGIN ${process.argv[3]}`);
console.log("locked");
await nextLine();
database.exec("COMMIT");
database.close();
console.log("free");
