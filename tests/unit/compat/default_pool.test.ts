import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { cleanupRotator, getRotator, proxywhirl } from "../../../mod.ts";
import { TempDir } from "../../support/temp_dir.ts";

test("getRotator() loads the database of the settings, and what is added outlives cleanupRotator()", async () => {
  using dir = new TempDir();
  const before = process.env["PROXYWHIRL_DB"];
  process.env["PROXYWHIRL_DB"] = dir.join("pool.db");
  process.env["PROXYWHIRL_LOG_LEVEL"] = "ERROR";
  try {
    assert.equal((await getRotator()).size, 0);
    const added = await proxywhirl({ action: "add", proxy_url: "http://bob:hunter2@203.0.113.1:80" });
    assert.ok("added" in added && added.added === 1);
    await cleanupRotator();
    const list = await proxywhirl({ action: "list" });
    assert.ok("proxies" in list);
    assert.equal(list.proxies[0]?.url, "http://203.0.113.1:80");
  } finally {
    await cleanupRotator();
    delete process.env["PROXYWHIRL_LOG_LEVEL"];
    if (before === undefined) delete process.env["PROXYWHIRL_DB"];
    else process.env["PROXYWHIRL_DB"] = before;
  }
});

test("proxywhirl() returns an error when the settings of the environment are wrong, and works once they are right", async () => {
  process.env["PROXYWHIRL_TIMEOUT"] = "soon";
  try {
    const result = await proxywhirl({ action: "health" });
    assert.ok("error" in result);
    assert.equal(result.code, 500);
    assert.match(result.error, /timeout \(PROXYWHIRL_TIMEOUT\) is "soon"/);
  } finally {
    delete process.env["PROXYWHIRL_TIMEOUT"];
  }
  process.env["PROXYWHIRL_DB"] = ":memory:";
  try {
    assert.ok("pool_status" in await proxywhirl({ action: "health" }));
  } finally {
    await cleanupRotator();
    delete process.env["PROXYWHIRL_DB"];
  }
});
