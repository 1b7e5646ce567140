import assert from "node:assert/strict";
import { test } from "node:test";
import { ProxyWhirlError } from "../../../../src/core/errors.ts";
import { bench, fill, thrown } from "../support.ts";

test("session-persistence says that a session is missing", () => {
  const { rotator } = bench({ strategy: "session_persistence" });
  fill(rotator, 1);
  const error = thrown(ProxyWhirlError, () => rotator.acquire());
  assert.equal(error.code, "SESSION_REQUIRED");
  assert.match(error.message, /session-persistence needs a session/);
  assert.equal(rotator.acquire({ session: "s" }).session, "s");
});

test("session-persistence lets another strategy choose for new sessions", () => {
  const { rotator } = bench({
    strategy: { name: "session-persistence", options: { strategy: "least-used" } },
  });
  const ids = fill(rotator, 2);
  for (let i = 0; i < 3; i++) rotator.acquire({ session: "a" });
  assert.equal(rotator.acquire({ session: "b" }).proxy.id, ids[1]);
  assert.equal(rotator.acquire({ session: "c" }).proxy.id, ids[1]);
});
