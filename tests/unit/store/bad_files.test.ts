import assert from "node:assert/strict";
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { readFileSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openStore, SqliteStore, StoreError } from "../../../src/store/mod.ts";
import type { SqliteDatabase, Store, StoreErrorCode } from "../../../src/store/mod.ts";
import { skipIf } from "../../support/skip.ts";
import { delta } from "./store_contract.ts";
import { TempDir } from "../../support/temp_dir.ts";

const A = "http://203.0.113.1:8080";
const B = "http://203.0.113.2:8080";
const WINDOWS = process.platform === "win32" ? "Windows has neither modes nor devices" : undefined;

/** Opening it must warn with `code`'s words, name the path, change no byte, and leave a pool in memory. */
async function assertRefused(path: string, code: StoreErrorCode, words: RegExp): Promise<void> {
  const before = existsSync(path) && isReadable(path) ? readFileSync(path) : undefined;
  const { store, warning } = await openStore(path);
  assert.ok(warning !== undefined && warning.includes(path), warning);
  assert.match(warning, words);
  assert.match(warning, /the pool is kept in memory only$/);
  assert.equal(store.isPersistent, false);
  assert.ok((await store.upsert([{ url: A }]))[0]?.isNew);
  await store.close();
  const direct = new SqliteStore(path);
  await assert.rejects(
    direct.upsert([{ url: A }]),
    (error) => error instanceof StoreError && error.code === code,
  );
  await direct.close();
  if (before) assert.ok(readFileSync(path).equals(before), "the file was changed");
}

function isReadable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

async function makePool(path: string, count = 1): Promise<void> {
  const store = new SqliteStore(path);
  await store.upsert(
    Array.from({ length: count }, (_, i) => ({ url: `http://10.0.${i >> 8}.${i & 255}:80` })),
  );
  await store.close();
}

test("openStore refuses a text file", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  writeFileSync(path, "203.0.113.1:8080\n".repeat(100));
  await assertRefused(path, "STORE_CORRUPT", /damaged or not a database/);
  writeFileSync(path, "x");
  await assertRefused(path, "STORE_CORRUPT", /damaged or not a database/);
  assert.deepEqual(readdirSync(folder.path), ["pool.db"]);
});

test("openStore refuses a folder, and a path in a folder that does not exist", async () => {
  using folder = new TempDir();
  mkdirSync(folder.join("pool.db"));
  await assertRefused(folder.join("pool.db"), "STORE_UNREADABLE", /is a folder; give the path of a file/);
  await assertRefused(folder.join("none/pool.db"), "STORE_UNREADABLE", /folder ".*none" does not exist/);
  writeFileSync(folder.join("file"), "");
  await assertRefused(folder.join("file/pool.db"), "STORE_UNREADABLE", /not a folder|cannot be opened/);
});

test("openStore refuses what is no regular file", skipIf(WINDOWS), async () => {
  await assertRefused("/dev/null", "STORE_UNREADABLE", /not a regular file/);
});

test("openStore refuses the database of a newer version", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await makePool(path);
  const database = new DatabaseSync(path);
  database.exec("PRAGMA user_version = 99");
  database.close();
  await assertRefused(path, "STORE_NEWER", /has version 99 and this program knows \d+;.*update ProxyWhirl/);
});

test("openStore refuses a newer version that is still in the write-ahead log", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await makePool(path);
  const database = new DatabaseSync(path);
  database.exec("PRAGMA user_version = 99");
  await assertRefused(path, "STORE_NEWER", /has version 99/);
  database.close();
});

test("openStore refuses the database of another program, in either journal mode", async () => {
  using folder = new TempDir();
  for (const mode of ["DELETE", "WAL"]) {
    for (const mark of [0, 42]) {
      const path = folder.join(`${mode}-${mark}.db`);
      const database = new DatabaseSync(path);
      database.exec(
        `PRAGMA journal_mode = ${mode}; PRAGMA application_id = ${mark}; CREATE TABLE proxies (url TEXT)`,
      );
      database.close();
      await assertRefused(path, "STORE_FOREIGN", /belongs to another program; it was left as it is/);
    }
  }
  assert.equal(readdirSync(folder.path).length, 4, "side files were left");
});

test("openStore refuses a database with a damaged page, however it is damaged", async () => {
  using folder = new TempDir();
  const whole = folder.join("whole.db");
  await makePool(whole, 2_000);
  const size = readFileSync(whole).length;
  const damages: Record<string, (descriptor: number) => void> = {
    schema: (descriptor) => writeSync(descriptor, new Uint8Array(3000).fill(0xff), 0, 3000, 100),
    page: (descriptor) => writeSync(descriptor, new Uint8Array(4096).fill(0x5a), 0, 4096, 4096 * 20),
    header: (descriptor) => writeSync(descriptor, new Uint8Array(8).fill(0xff), 0, 8, 16),
  };
  for (const [name, damage] of Object.entries(damages)) {
    const path = folder.join(`${name}.db`);
    copyFileSync(whole, path);
    const descriptor = openSync(path, "r+");
    damage(descriptor);
    closeSync(descriptor);
    await assertRefused(path, "STORE_CORRUPT", /damaged or not a database/);
  }
  const cut = folder.join("cut.db");
  writeFileSync(cut, readFileSync(whole).subarray(0, size / 2));
  await assertRefused(cut, "STORE_CORRUPT", /damaged or not a database/);
});

test("openStore uses an empty file, an empty database and a dangling link", skipIf(WINDOWS), async () => {
  using folder = new TempDir();
  writeFileSync(folder.join("empty.db"), "");
  const database = new DatabaseSync(folder.join("tableless.db"));
  database.exec("CREATE TABLE t (a); DROP TABLE t");
  database.close();
  symlinkSync(folder.join("target.db"), folder.join("link.db"));
  for (const name of ["empty.db", "tableless.db", "link.db"]) {
    const { store, warning } = await openStore(folder.join(name));
    assert.equal(warning, undefined);
    await store.upsert([{ url: A }]);
    await store.close();
    const again = new SqliteStore(folder.join(name));
    assert.equal((await again.loadAll()).length, 1);
    await again.close();
  }
});

test("openStore knows :memory:", async () => {
  const { store, warning } = await openStore(":memory:");
  assert.equal(warning, undefined);
  assert.equal(store.location, ":memory:");
  await store.close();
});

test("openStore without SQLite says which runtimes have it, and keeps the pool in memory", async () => {
  using folder = new TempDir();
  const importer = () => Promise.reject(new Error("No such built-in module"));
  const { store, warning } = await openStore(folder.join("pool.db"), { importer });
  assert.match(warning ?? "", /Deno 2\.2, Node 22\.13 or Bun 1\.4 or later; the pool is kept in memory only/);
  assert.equal(store.isPersistent, false);
});

test("SqliteStore touches a database no more that turns out to be damaged", async () => {
  const database = new DatabaseSync(":memory:");
  let calls = 0;
  let isDamaged = false;
  const touch = () => {
    calls++;
    if (isDamaged) throw new Error("database disk image is malformed");
  };
  const damaged: SqliteDatabase = {
    exec: (sql) => {
      touch();
      database.exec(sql);
    },
    prepare: (sql) => {
      touch();
      return database.prepare(sql);
    },
    close: () => database.close(),
  };
  const store = new SqliteStore(damaged);
  await store.upsert([{ url: A }]);
  isDamaged = true;
  await assert.rejects(store.loadAll(), { code: "STORE_CORRUPT" });
  const before = calls;
  await assert.rejects(store.upsert([{ url: B }]), { code: "STORE_CORRUPT" });
  await assert.rejects(store.changes(), { code: "STORE_CORRUPT" });
  await store.close();
  assert.equal(calls, before);
  database.close();
});

test("SqliteStore keeps nothing of a write for which the disk has no space, and goes on later", async () => {
  using folder = new TempDir();
  const database = new DatabaseSync(folder.join("pool.db"));
  const store: Store = new SqliteStore(database);
  const [a] = await store.upsert([{ url: A }]);
  assert.ok(a);
  const many = Array.from({ length: 5_000 }, (_, i) => ({ url: `http://10.1.${i >> 8}.${i & 255}:80` }));
  database.exec(
    `PRAGMA max_page_count = ${Number(database.prepare("PRAGMA page_count").get()?.page_count) + 20}`,
  );
  await assert.rejects(store.upsert(many), {
    code: "STORE_FULL",
    message: /the disk is full; free some space/,
  });
  assert.equal((await store.loadAll()).length, 1);
  await store.apply([delta(a.id)]);
  database.exec("PRAGMA max_page_count = 1000000");
  assert.equal((await store.upsert(many)).length, many.length);
  const proxies = await store.loadAll();
  assert.equal(proxies.length, many.length + 1);
  assert.equal(proxies[0]?.totalSuccesses, 2);
  await store.close();
  database.close();
});

test("SqliteStore says that another program holds the lock, and how long it waited is bounded", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await makePool(path);
  const locker = new DatabaseSync(path);
  locker.exec("BEGIN IMMEDIATE");
  const store = new SqliteStore(path, { waitMs: 60 });
  const [known] = await store.loadAll();
  assert.ok(known);
  await assert.rejects(store.apply([delta(known.id)]), {
    code: "STORE_BUSY",
    message: /another program holds it locked; close that program or wait for it/,
  });
  await assert.rejects(store.upsert([{ url: B }]), { code: "STORE_BUSY" });
  locker.exec("COMMIT");
  await store.apply([delta(known.id)]);
  assert.equal((await store.loadAll())[0]?.totalSuccesses, 2);
  await store.close();
  locker.close();
});

test("SqliteStore waits for a lock with the event loop running, and then writes", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  await makePool(path);
  const locker = new DatabaseSync(path);
  locker.exec("BEGIN IMMEDIATE");
  const store = new SqliteStore(path);
  // Three turns of the timer queue pass while the write is waiting; only then is the lock given up.
  let turns = 0;
  const timer = setInterval(() => {
    if (++turns === 3) locker.exec("COMMIT");
  }, 1);
  const [added] = await store.upsert([{ url: B }]);
  clearInterval(timer);
  assert.ok(added?.isNew);
  assert.ok(turns >= 3);
  await store.close();
  locker.close();
});

test("openStore of a file that is locked for reading opens it when the lock is gone", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const locker = new DatabaseSync(path);
  locker.exec("CREATE TABLE t (a); DROP TABLE t; BEGIN EXCLUSIVE");
  const { store, warning } = await openStore(path, { waitMs: 60 });
  assert.match(warning ?? "", /another program holds it locked.*as soon as it is free/);
  assert.equal(store.isPersistent, true);
  await assert.rejects(store.loadAll(), { code: "STORE_BUSY" });
  locker.exec("COMMIT");
  locker.close();
  await store.upsert([{ url: A }]);
  assert.equal((await store.loadAll()).length, 1);
  await store.close();
});
