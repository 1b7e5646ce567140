import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { SqliteStore } from "../../../src/store/mod.ts";
import { testLearnedContract } from "./learned_contract.ts";
import { type Place, testStoreContract } from "./store_contract.ts";
import { TempDir } from "../../support/temp_dir.ts";

const A = "http://203.0.113.1:8080";

function fileOnDisk(): Place {
  const folder = new TempDir();
  return { open: () => new SqliteStore(folder.join("pool.db")), dispose: () => folder[Symbol.dispose]() };
}

function openedDatabase(): Place {
  const folder = new TempDir();
  const databases: DatabaseSync[] = [];
  return {
    open: () => {
      const database = new DatabaseSync(folder.join("pool.db"));
      databases.push(database);
      return new SqliteStore(database);
    },
    dispose: () => {
      for (const database of databases) database.close();
      folder[Symbol.dispose]();
    },
  };
}

for (const testContract of [testStoreContract, testLearnedContract]) {
  testContract("SqliteStore on a file", fileOnDisk);
  testContract("SqliteStore on an opened database", openedDatabase);
}

test("SqliteStore makes its file on the first write only", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const store = new SqliteStore(path);
  await store.open();
  await store.loadAll();
  await store.changes();
  await store.apply([]);
  await store.remove(["0b6f3c1e-8a44-4a53-9e58-0f2f5a3d9b11"]);
  assert.equal(existsSync(path), false);
  await store.upsert([{ url: A }]);
  assert.equal(existsSync(path), true);
  await store.close();
  assert.deepEqual(readdirSync(folder.path), ["pool.db"]);
});

test("SqliteStore notices a file that another process makes", async () => {
  using folder = new TempDir();
  const [here, there] = [new SqliteStore(folder.join("pool.db")), new SqliteStore(folder.join("pool.db"))];
  assert.deepEqual(await here.loadAll(), []);
  const [added] = await there.upsert([{ url: A }]);
  assert.deepEqual((await here.changes()).proxies.map(({ id }) => id), [added?.id]);
  await here.close();
  await there.close();
});

test("SqliteStore opens a name with spaces, question marks and percent signs", async () => {
  using folder = new TempDir();
  const store = new SqliteStore(folder.join("a pool?mode=ro&x=%20#1.db"));
  await store.upsert([{ url: A }]);
  await store.close();
  assert.deepEqual(readdirSync(folder.path), ["a pool?mode=ro&x=%20#1.db"]);
});

test("SqliteStore leaves a given database open, and marks it as its own", async () => {
  const database = new DatabaseSync(":memory:");
  const store = new SqliteStore(database);
  await store.upsert([{ url: A }]);
  await store.close();
  const row = database.prepare("SELECT count(*) AS count FROM pw_proxies").get();
  assert.equal(row?.count, 1);
  assert.equal(database.prepare("PRAGMA application_id").get()?.application_id, 0x5057686c);
  database.close();
});

test("SqliteStore says which runtimes have SQLite", async () => {
  using folder = new TempDir();
  const importer = () => Promise.reject(new Error("No such built-in module: node:sqlite"));
  const store = new SqliteStore(folder.join("pool.db"), { importer });
  await assert.rejects(store.upsert([{ url: A }]), {
    code: "STORE_UNAVAILABLE",
    message: /Deno 2\.2, Node 22\.13 or Bun 1\.4/,
  });
});

test("SqliteStore forgets removals after 30 days", async () => {
  using folder = new TempDir();
  const day = 24 * 60 * 60 * 1000;
  let now = 0;
  const open = () => new SqliteStore(folder.join("pool.db"), { wallClock: () => now });
  const first = open();
  const [a] = await first.upsert([{ url: A }]);
  await first.remove([a?.id ?? ""]);
  const removals = () => {
    const database = new DatabaseSync(folder.join("pool.db"));
    const count = database.prepare("SELECT count(*) AS count FROM pw_removed").get()?.count;
    database.close();
    return count;
  };
  now = 29 * day;
  await first.close();
  assert.equal(removals(), 1);
  now = 31 * day;
  const second = open();
  await second.loadAll();
  await second.close();
  assert.equal(removals(), 0);
});
