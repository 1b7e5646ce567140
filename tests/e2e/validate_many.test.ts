/** Ten thousand proxies are tried by the action, and what that shows is kept, whoever stops it and when. */

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { ValidateOutput } from "../../gen/models.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../gen/settings.ts";
import { type CallContext, type CallProgress, type OpenedPool, openPool } from "../../src/service/mod.ts";
import { SILENT_LOGGER } from "../../src/service/mod.ts";
import { Child } from "../support/child.ts";
import { findRuntime } from "../support/runtimes.ts";
import { TempDir } from "../support/temp_dir.ts";

const COUNT = 10_000;
const IN_FLIGHT = 100;
const MB = 1024 * 1024;

/** Files and sockets that are open; only Linux tells. */
const openFiles = () => existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0;

async function validate(
  pool: OpenedPool,
  call: CallContext = {},
  input: object = {},
): Promise<ValidateOutput> {
  const result = await pool.service.handle({ action: "validate", limit: 1000, ...input }, call);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value as ValidateOutput;
}

const triedIn = ({ rotator }: OpenedPool) =>
  [...rotator.proxies()].filter(({ lastCheckAt }) => lastCheckAt !== null);

test("validate tries 10 000 proxies, and loses nothing when it is stopped in the middle", async () => {
  using folder = new TempDir();
  const runtime = findRuntime("bun") ?? findRuntime("deno");
  assert.ok(runtime);
  const script = fileURLToPath(new URL("../bench/instant_proxy.ts", import.meta.url));
  await using proxy = new Child(runtime.command, runtime.args(script));
  const port = await proxy.nextLine();
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    db: folder.join("pool.db"),
    allowPrivateTargets: true,
    validation: {
      ...DEFAULT_SETTINGS.validation,
      judges: JSON.stringify([`http://127.0.0.1:${port}/`]),
      concurrency: IN_FLIGHT,
    },
  };
  const pool = await openPool({ settings, logger: SILENT_LOGGER });
  const urls = Array.from(
    { length: COUNT },
    (_, i) => `http://127.${1 + (i >> 14)}.${i >> 8 & 63}.${i & 255}:${port}`,
  );
  const added = await pool.service.handle({ action: "add", proxy_urls: urls });
  assert.ok(added.ok, JSON.stringify(added).slice(0, 500));
  const start = { files: openFiles(), rss: process.memoryUsage().rss };

  // Stopped half-way through the first thousand.
  const controller = new AbortController();
  const told: CallProgress[] = [];
  let mostFiles = 0;
  const stopped = await validate(pool, {
    signal: controller.signal,
    progress(progress) {
      told.push(progress);
      mostFiles = Math.max(mostFiles, openFiles());
      if (progress.progress >= 300) controller.abort();
    },
  });
  assert.match(stopped.message, /caller gave up; \d+ were not tried/);
  assert.ok(stopped.validated >= 300 && stopped.validated < 1000, `${stopped.validated}`);
  assert.deepEqual([stopped.invalid, triedIn(pool).length], [0, stopped.validated], "each trial is kept");
  assert.ok(told.every(({ progress, total }) => progress <= (total ?? 0) && total === 1000));
  assert.deepEqual(
    told.map(({ progress }) => progress),
    told.map(({ progress }) => progress).toSorted((a, b) => a - b),
  );
  // Each trial has a connection or two; the store and its journal some more.
  assert.ok(mostFiles - start.files <= 2 * IN_FLIGHT + 20, `${mostFiles - start.files} files`);

  const began = performance.now();
  let validated = stopped.validated;
  for (let rounds = 0; validated < COUNT && rounds < 12; rounds++) {
    const output = await validate(pool, {}, { limit: Math.min(1000, COUNT - validated) });
    assert.equal(output.invalid, 0, output.message);
    validated += output.validated;
  }
  const seconds = (performance.now() - began) / 1000;
  assert.equal(validated, COUNT, "the untried come first, so none is tried twice");
  const all = [...pool.rotator.proxies()];
  assert.ok(all.every(({ inFlight, totalSuccesses }) => totalSuccesses === 1 && inFlight === 0));
  const grownMb = Math.round((process.memoryUsage().rss - start.rss) / MB);
  console.log(`${Math.round((COUNT - stopped.validated) / seconds)} proxies a second, ${grownMb} MB more`);
  assert.ok(grownMb < 500, `${grownMb} MB`);
  await pool.close();
  // Connections that were just destroyed close in the turns that follow.
  for (let i = 0; openFiles() > start.files && i < 1000; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.ok(openFiles() <= start.files, `${openFiles()} files are open, ${start.files} were`);

  const again = await openPool({ settings, logger: SILENT_LOGGER });
  try {
    assert.equal(again.rotator.poolStatus().healthy, COUNT);
    const [one] = again.rotator.proxies();
    assert.deepEqual([one?.totalSuccesses, one?.tags], [1, ["elite", "https"]]);
  } finally {
    await again.close();
  }
});
