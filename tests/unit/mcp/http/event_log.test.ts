import assert from "node:assert/strict";
import { test } from "node:test";
import { EventBudget, EventLog } from "../../../../src/mcp/http/event_log.ts";

function message(text: string) {
  return { jsonrpc: "2.0", method: "notifications/message", params: { text } } as const;
}

async function replay(log: EventLog, after: string): Promise<[string, unknown[]]> {
  const sent: unknown[] = [];
  const streamId = await log.replayEventsAfter(after, {
    send: (_id, message) => {
      sent.push("params" in message ? message.params : message);
      return Promise.resolve();
    },
  });
  return [streamId, sent];
}

test("EventLog replays what came after an event, on its stream only", async () => {
  const log = new EventLog(new EventBudget());
  const first = await log.storeEvent("a", message("a1"));
  await log.storeEvent("b", message("b1"));
  await log.storeEvent("a", message("a2"));
  assert.deepEqual(await replay(log, first), ["a", [{ text: "a2" }]]);
  assert.equal(await log.getStreamIdForEventId(first), "a");
});

test("EventLog knows nothing of foreign or malformed ids", async () => {
  const log = new EventLog(new EventBudget());
  await log.storeEvent("a", message("a1"));
  for (const id of ["", "0", "2", "01", "1 ", "x", "1".repeat(10_000)]) {
    assert.equal(await log.getStreamIdForEventId(id), undefined, id.slice(0, 20));
    await assert.rejects(replay(log, id), RangeError);
  }
});

test("EventLog keeps its last events and gives back the room of the others", async () => {
  const budget = new EventBudget();
  const log = new EventLog(budget);
  const ids: string[] = [];
  for (let i = 0; i < 1000; i++) ids.push(await log.storeEvent("a", message(String(i))));
  assert.equal(await log.getStreamIdForEventId(ids[700]!), undefined);
  assert.equal((await replay(log, ids[998]!))[1].length, 1);
  assert.equal(budget.bytes, log.bytes);
  log.clear();
  assert.equal(budget.bytes, 0);
});

test("EventBudget bounds all logs together, at the cost of the largest", async () => {
  const budget = new EventBudget(10_000);
  const [large, small] = [new EventLog(budget), new EventLog(budget)];
  const kept = await small.storeEvent("a", message("kept"));
  for (let i = 0; i < 100; i++) await large.storeEvent("a", message("x".repeat(1000)));
  assert.ok(budget.bytes <= 10_000);
  assert.equal(await small.getStreamIdForEventId(kept), "a");
  await large.storeEvent("a", message("x".repeat(50_000)));
  assert.ok(budget.bytes <= 10_000, "one that is too large alone is not kept");
});
