import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryNotes } from "../../../../src/service/supply/notes.ts";
import { StoredSourceMemory } from "../../../../src/service/supply/stored_source_memory.ts";
import { newSourceRecord } from "../../../../src/sources/mod.ts";

const unexpected = (error: unknown) => assert.fail(String(error));

test("StoredSourceMemory keeps what has changed, and learns what others have kept", async () => {
  const notes = memoryNotes();
  const [one, two] = [new StoredSourceMemory(notes, unexpected), new StoredSourceMemory(notes, unexpected)];
  await two.refresh();
  one.set({ ...newSourceRecord("a"), fetches: 3 });
  one.set({ ...newSourceRecord("b"), fetches: 1 });
  await one.save();
  two.set({ ...newSourceRecord("b"), fetches: 9 });
  await two.refresh();
  assert.deepEqual([two.get("a")?.fetches, two.get("b")?.fetches], [3, 9], "what is not written yet stays");
  await two.save();
  await one.refresh();
  assert.equal(one.get("b")?.fetches, 9);
});

test("StoredSourceMemory goes on when its place fails, and forgets what cannot be read", async () => {
  const notes = memoryNotes();
  await notes.saveNotes(new Map([["source:a", "{"], ["source:b", '{"name": "b", "fetches": "many"}']]));
  const memory = new StoredSourceMemory(notes, unexpected);
  await memory.refresh();
  assert.deepEqual([memory.get("a"), memory.get("b")?.fetches], [undefined, 0]);

  let failures = 0;
  const broken = {
    loadNotes: () => Promise.reject(new Error("x")),
    saveNotes: () => Promise.reject(new Error("x")),
  };
  const failing = new StoredSourceMemory(broken, () => void failures++);
  await failing.refresh();
  failing.set(newSourceRecord("a"));
  await failing.save();
  assert.deepEqual([failures, failing.get("a")?.name], [2, "a"]);
});
