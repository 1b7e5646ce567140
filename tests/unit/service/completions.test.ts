import assert from "node:assert/strict";
import { test } from "node:test";
import { ProxyRotator, STRATEGY_NAMES } from "../../../src/core/mod.ts";
import { completionsFor } from "../../../src/service/completions.ts";

test("completionsFor() knows the ids, regions and tags of the pool", () => {
  const rotator = new ProxyRotator();
  const { id } = rotator.addProxy("http://192.0.2.1:80", { region: "US", tags: ["Vendor", "fast"] });
  rotator.addProxy("http://192.0.2.2:80", { region: "DE", tags: ["vendor-b"] });
  rotator.addProxy("http://192.0.2.3:80", { region: "US", tags: ["fast"] });
  rotator.addProxy("http://192.0.2.4:80");
  assert.deepEqual(completionsFor(rotator, "region", ""), ["DE", "US"]);
  assert.deepEqual(completionsFor(rotator, "region", "u"), ["US"]);
  assert.deepEqual(completionsFor(rotator, "region", "x"), []);
  assert.deepEqual(completionsFor(rotator, "tag", ""), ["Vendor", "fast", "vendor-b"]);
  assert.deepEqual(completionsFor(rotator, "tag", "VEND"), ["Vendor", "vendor-b"]);
  assert.deepEqual(completionsFor(rotator, "proxy_id", id.toUpperCase()), [id]);
  assert.equal(completionsFor(rotator, "proxy_id", "").length, 4);
});

test("completionsFor() knows the sites that the pool remembers", () => {
  const rotator = new ProxyRotator();
  const { id } = rotator.addProxy("http://192.0.2.1:80");
  const other = rotator.addProxy("http://192.0.2.2:80").id;
  for (const host of ["shop.example", "www.news.example", "shoes.example"]) {
    rotator.report(id, { verdict: "ok", target: host });
    rotator.report(other, { verdict: "blocked", target: host });
  }
  assert.deepEqual(completionsFor(rotator, "target", "sho"), ["shoes.example", "shop.example"]);
  assert.deepEqual(completionsFor(rotator, "target", ""), ["news.example", "shoes.example", "shop.example"]);
});

test("completionsFor() knows strategies, tiers and protocols", () => {
  const rotator = new ProxyRotator();
  assert.deepEqual(completionsFor(rotator, "strategy", ""), STRATEGY_NAMES);
  assert.deepEqual(completionsFor(rotator, "strategy", "Least_"), ["least-used"]);
  assert.deepEqual(completionsFor(rotator, "performance", "M"), ["medium"]);
  assert.deepEqual(completionsFor(rotator, "protocol", "socks5"), ["socks5", "socks5h"]);
});

test("completionsFor() gives one value more than a client may be shown, of whatever kind, and takes any prefix", () => {
  const rotator = new ProxyRotator();
  for (let i = 0; i < 150; i++) {
    const { id } = rotator.addProxy(`http://192.0.2.${i}:80`, { tags: [`tag-${i}`] });
    rotator.report(id, { verdict: "ok", target: `site-${i}.example` });
  }
  for (const kind of ["proxy_id", "tag", "target"] as const) {
    assert.equal(completionsFor(rotator, kind, "").length, 101, kind);
    for (const prefix of ["x".repeat(1_000_000), "%", "\u0000", "[", "__proto__"]) {
      assert.deepEqual(completionsFor(rotator, kind, prefix), [], kind);
    }
  }
});
