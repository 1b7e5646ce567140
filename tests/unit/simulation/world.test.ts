import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom, World, worldNamed, WORLDS } from "../../../src/simulation/mod.ts";
import { parseProxyUrl } from "../../../src/core/mod.ts";

const CALM = { dead: 0, errors: 0, drift: 0 };

test("World gives neighbours one /24 and one network, and each proxy a URL of its own", () => {
  const world = new World({ proxies: 100, perSubnet: 4, perAsn: 20 });
  const subnet = (index: number) => parseProxyUrl(world.url(index)).host.split(".").slice(0, 3).join(".");
  assert.equal(subnet(0), subnet(3));
  assert.notEqual(subnet(3), subnet(4));
  assert.equal(world.asn(0), world.asn(19));
  assert.notEqual(world.asn(19), world.asn(20));
  assert.equal(new Set(Array.from({ length: 100 }, (_, index) => world.url(index))).size, 100);
});

test("World bans who comes too often, for as long as it says, and lets him come again", () => {
  const world = new World({ ...CALM, sites: [{ name: "a", banAbovePerMinute: 3, banMs: 1000 }] });
  const verdicts = [0, 1, 2, 3, 4].map((at) => world.request(0, 0, at).seen);
  assert.deepEqual(verdicts, ["ok", "ok", "ok", "blocked", "blocked"]);
  assert.equal(world.bansCaused, 1);
  assert.equal(world.request(0, 0, 60_004).seen, "ok");
});

test("World takes the neighbours of a banned proxy along", () => {
  const site = { name: "a", banAbovePerMinute: 1, banSubnet: 1 };
  const world = new World({ ...CALM, perSubnet: 4, sites: [site] });
  world.request(0, 0, 0);
  world.request(0, 0, 1);
  assert.equal(world.bansCaused, 4);
  assert.equal(world.request(3, 0, 2).seen, "blocked");
  assert.equal(world.request(4, 0, 2).seen, "ok");
});

test("World shows only the share of refusals that is reported; the others look like an ok", () => {
  const sites = [{ name: "a", refusing: 1 }];
  const hidden = new World({ ...CALM, reported: 0, sites }).request(0, 0, 0);
  assert.deepEqual([hidden.seen, hidden.isServed, hidden.latencyMs], ["ok", false, 60]);
  const shown = new World({ ...CALM, sites }).request(0, 0, 0);
  assert.deepEqual([shown.seen, shown.isServed], ["blocked", false]);
});

test("World lets the dead time out", () => {
  const outcome = new World({ dead: 1, drift: 0 }).request(0, 0, 0);
  assert.deepEqual(outcome, { seen: "dead", isServed: false, latencyMs: 5000 });
});

test("World changes some of its proxies each period", () => {
  const world = new World({ dead: 0.5, errors: 0, drift: 0.5, driftEvery: 100 });
  const living = () => Array.from({ length: 50 }, (_, index) => world.request(index, 0, 0).seen).join();
  const before = living();
  living();
  living();
  assert.notEqual(living(), before);
});

test("seededRandom() is uniform on [0, 1) and repeats for a seed", () => {
  const random = seededRandom(42);
  const draws = Array.from({ length: 10_000 }, random);
  assert.ok(draws.every((draw) => draw >= 0 && draw < 1));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02);
  assert.equal(seededRandom(42)(), draws[0]);
});

test("worldNamed() finds the worlds of the documentation", () => {
  for (const world of WORLDS) assert.equal(worldNamed(world.name), world);
  assert.equal(worldNamed("no-such-world"), undefined);
});
