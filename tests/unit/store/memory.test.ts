import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "../../../src/store/mod.ts";
import { newSnapshot } from "../../../src/store/snapshot.ts";
import { testLearnedContract } from "./learned_contract.ts";
import { type Place, testStoreContract } from "./store_contract.ts";

function makePlace(): Place {
  const first = new MemoryStore();
  return { open: () => first.share(), dispose: () => undefined };
}

testStoreContract("MemoryStore", makePlace);
testLearnedContract("MemoryStore", makePlace);

test("MemoryStore starts with given proxies", async () => {
  const proxy = newSnapshot("0b6f3c1e-8a44-4a53-9e58-0f2f5a3d9b11", { url: "http://203.0.113.1:80" }, 5);
  const store = new MemoryStore({ proxies: [proxy] });
  assert.deepEqual(await store.loadAll(), [proxy]);
  assert.deepEqual(await store.upsert([{ url: proxy.url }]), [{ id: proxy.id, isNew: false }]);
  assert.equal(store.isPersistent, false);
});
