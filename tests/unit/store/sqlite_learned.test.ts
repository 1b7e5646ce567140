import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { SqliteStore } from "../../../src/store/mod.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { learned, pair, session } from "./learned_contract.ts";
import { delta } from "./store_contract.ts";

const A = "http://203.0.113.1:8080";

/** Does something to a file that no store has open. */
function withDatabase<T>(path: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

function rowsIn(path: string, table: string): number {
  return withDatabase(
    path,
    (database) => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n),
  );
}

test("SqliteStore keeps the 250 000 pairs that were used last", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const store = new SqliteStore(path);
  const [a] = await store.upsert([{ url: A }]);
  assert.ok(a);
  await store.apply([], learned({ pairs: [pair(a.id, "template.example")] }));
  await store.close();
  const now = Date.now();
  withDatabase(path, (database) =>
    database.exec(`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250010)
      INSERT INTO pw_pairs SELECT proxy, 'site-' || i, successes, blocks, deads, recent_successes, recent_failures,
        peak_ms, good_ms, last_verdict, ${now} - i * 1000, next_free_at, is_proven, ejection_state,
        ejection_open_until, ejection_times_opened
      FROM pw_pairs, n WHERE target = 'template.example'
    `));
  const again = new SqliteStore(path);
  const { pairs } = await again.loadLearned();
  await again.close();
  assert.equal(pairs.length, 250_000);
  assert.equal(pairs[0]?.target, "site-249999");
  assert.equal(rowsIn(path, "pw_pairs"), 250_000);
});

test("SqliteStore forgets old pairs while it runs, too", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const store = new SqliteStore(path);
  const [a] = await store.upsert([{ url: A }]);
  assert.ok(a);
  await store.apply([], learned({ pairs: [pair(a.id, "old.example", { lastAt: 0 })] }));
  const some = Array.from({ length: 5000 }, (_, i) => pair(a.id, `site-${i}.example`));
  for (let i = 0; i < 10; i++) await store.apply([], learned({ pairs: some }));
  await store.close();
  assert.equal(rowsIn(path, "pw_pairs"), 5000);
});

test("SqliteStore brings a file of the first version up to date", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const store = new SqliteStore(path);
  const [a] = await store.upsert([{ url: A, region: "US" }]);
  assert.ok(a);
  await store.apply([delta(a.id)]);
  const before = await store.loadAll();
  await store.close();
  withDatabase(path, (database) =>
    database.exec(`
      DROP TRIGGER pw_proxies_deleted; DROP TABLE pw_pairs; DROP TABLE pw_sessions; DROP TABLE pw_cooling;
      PRAGMA user_version = 1
    `));
  const again = new SqliteStore(path);
  assert.deepEqual(await again.loadAll(), before);
  assert.deepEqual(await again.loadLearned(), learned({}));
  const given = learned({ pairs: [pair(a.id, "shop.example")], sessions: [session("s", a.id)] });
  await again.apply([], given);
  assert.deepEqual(await again.loadLearned(), given);
  await again.close();
});

test("SqliteStore forgets what was learned of a proxy, whoever deletes it", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const store = new SqliteStore(path);
  const [a] = await store.upsert([{ url: A }]);
  assert.ok(a);
  await store.apply([], learned({ pairs: [pair(a.id, "shop.example")], sessions: [session("s", a.id)] }));
  await store.close();
  withDatabase(path, (database) => database.exec("DELETE FROM pw_proxies"));
  assert.deepEqual([rowsIn(path, "pw_pairs"), rowsIn(path, "pw_sessions")], [0, 0]);
});

test("SqliteStore reads what was learned while another program writes", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const store = new SqliteStore(path, { waitMs: 30 });
  const [a] = await store.upsert([{ url: A }]);
  assert.ok(a);
  const given = learned({ pairs: [pair(a.id, "shop.example")] });
  await store.apply([], given);
  const writer = new DatabaseSync(path);
  writer.exec("BEGIN IMMEDIATE");
  assert.deepEqual(await store.loadLearned(), given);
  writer.exec("COMMIT");
  writer.close();
  await store.close();
});

test("SqliteStore passes over words that it did not write", async () => {
  using folder = new TempDir();
  const path = folder.join("pool.db");
  const store = new SqliteStore(path);
  const [a] = await store.upsert([{ url: A }]);
  assert.ok(a);
  await store.apply([], learned({ pairs: [pair(a.id, "shop.example")] }));
  await store.close();
  withDatabase(
    path,
    (database) =>
      database.exec(
        "UPDATE pw_pairs SET last_verdict = 'fine', ejection_state = '?', successes = -3, peak_ms = -1",
      ),
  );
  const again = new SqliteStore(path);
  const [found] = (await again.loadLearned()).pairs;
  assert.deepEqual([found?.lastVerdict, found?.ejection?.state, found?.successes, found?.peakMs], [
    null,
    "closed",
    0,
    null,
  ]);
  await again.close();
});
