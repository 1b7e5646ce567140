import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SETTINGS } from "../../../gen/settings.ts";
import { ProxyRotator } from "../../../src/core/mod.ts";
import { openPool, ServiceMetrics, SILENT_LOGGER } from "../../../src/service/mod.ts";
import { observedStore } from "../../../src/service/observed_store.ts";
import { MemoryStore, StoreError } from "../../../src/store/mod.ts";
import { TempDir } from "../../support/temp_dir.ts";

test("observedStore counts writes, and failures by their reason", async () => {
  const metrics = new ServiceMetrics({ rotator: new ProxyRotator(), version: "1.0.0" });
  const inner = new MemoryStore();
  const failures: StoreError[] = [];
  const store = observedStore(
    Object.assign(Object.create(inner), {
      isPersistent: true,
      upsert: (proxies: Parameters<MemoryStore["upsert"]>[0]) =>
        failures[0] === undefined ? inner.upsert(proxies) : Promise.reject(failures[0]),
    }),
    metrics,
  );
  await store.upsert([{ url: "http://203.0.113.1:80" }]);
  failures.push(new StoreError("STORE_READ_ONLY", "no"));
  await assert.rejects(store.upsert([{ url: "http://203.0.113.2:80" }]), failures[0]);
  const { count, errors } = metrics.snapshot().store;
  assert.deepEqual([count, errors], [2, { read_only: 1 }]);
});

test("A pool on disk shows its writes and what is pending", async () => {
  using dir = new TempDir();
  const settings = { ...DEFAULT_SETTINGS, db: dir.join("pool.db") };
  const pool = await openPool({ settings, logger: SILENT_LOGGER });
  const { metrics } = pool.service;
  await pool.service.handle({ action: "add", proxy_url: "http://203.0.113.1:80" });
  pool.rotator.acquire().report({ verdict: "ok", latencyMs: 5 });
  assert.equal(metrics.snapshot().store.pending, 1);
  const before = metrics.snapshot().store.count;
  await pool.close();
  const { count, errors, pending } = metrics.snapshot().store;
  assert.deepEqual([pending, errors], [0, {}]);
  assert.ok(count > before && before > 0);
  assert.match(metrics.prometheus(), /^proxywhirl_store_pending 0$/m);
});
