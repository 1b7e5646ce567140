import assert from "node:assert/strict";
import { test } from "node:test";
import { NoProxyAvailableError } from "../../../src/core/mod.ts";
import { bench, fill } from "./support.ts";

test("a session whose proxy waits for its pace waits with it, and keeps it", () => {
  const { rotator, clock } = bench({ pacing: "15/min" });
  fill(rotator, 5);
  const ask = () => rotator.acquire({ target: "shop.example", session: "cart" });
  const { id } = ask().proxy;
  assert.throws(ask, (error) => {
    assert.ok(error instanceof NoProxyAvailableError);
    assert.deepEqual(error.counts, { paced: 1 });
    assert.equal(error.retryAfterMs, 4000);
    return true;
  });
  assert.notEqual(rotator.acquire({ target: "shop.example" }).proxy.id, id);
  clock.advance(4000);
  assert.equal(ask().proxy.id, id);
});

test("a session that is paced may still be renewed", () => {
  const { rotator } = bench({ pacing: "15/min" });
  fill(rotator, 5);
  const options = { target: "shop.example", session: "cart" };
  const { id } = rotator.acquire(options).proxy;
  assert.notEqual(rotator.acquire({ ...options, renew: true }).proxy.id, id);
});
