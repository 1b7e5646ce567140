/** Regions from the real file, as npm has it today. */

import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import process from "node:process";
import { test } from "node:test";
import { fetchRegionData, RegionDatabase } from "../../src/sources/mod.ts";
import { skipIf } from "../support/skip.ts";
import { TempDir } from "../support/temp_dir.ts";

const REGISTRY = "registry.npmjs.org";
const isThere = await lookup(REGISTRY).then(() => true, () => false);
const missing = isThere || process.env["CI"] === "true" ? undefined : `needs ${REGISTRY}`;

test(
  "region-data fetches the real file, and it knows where well-known addresses are",
  skipIf(missing),
  async () => {
    using folder = new TempDir();
    const [data] = await fetchRegionData({ folder: folder.path });
    assert.equal(data?.licence, "CC0-1.0");
    const started = performance.now();
    const database = await RegionDatabase.open(data?.files ?? []);
    const openedMs = performance.now() - started;
    // Public resolvers and registries, which do not move.
    const places = [
      ["8.8.8.8", "US"],
      ["193.0.6.139", "NL"],
      ["77.88.8.8", "RU"],
      ["2001:4860:4860::8888", "US"],
      ["2001:67c:2e8::1", "NL"],
      ["[2a02:6b8::1]", "RU"],
    ] as const;
    assert.deepEqual(
      places.map(([address]) => database.locate(address).region),
      places.map(([, region]) => region),
    );
    for (const address of ["127.0.0.1", "10.0.0.1", "192.168.1.1", "::1", "fe80::1"]) {
      assert.equal(database.locate(address).region, null, address);
    }
    // 3.7 billion of 4.3 billion IPv4 addresses can be had at all.
    let known = 0;
    const count = 20_000;
    const begin = performance.now();
    for (let i = 0; i < count; i++) {
      const number = Math.imul(i, 2_654_435_761) >>> 0;
      const address = [number >>> 24, number >> 16 & 255, number >> 8 & 255, number & 255].join(".");
      if (database.locate(address).region !== null) known++;
    }
    const microseconds = (performance.now() - begin) * 1000 / count;
    console.log(
      `${data?.name} ${data?.version}: ${data?.files.length} files open in ${openedMs.toFixed(0)} ms, ` +
        `${microseconds.toFixed(1)} µs a look-up, ${(100 * known / count).toFixed(1)} % of IPv4 known`,
    );
    assert.ok(known / count > 0.8, `${known} of ${count}`);
  },
);
