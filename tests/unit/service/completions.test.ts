import assert from "node:assert/strict";
import { test } from "node:test";
import { ProxyRotator } from "../../../src/core/mod.ts";
import { completionsFor } from "../../../src/service/completions.ts";

test("completionsFor() knows the regions and ids of the pool", () => {
  const rotator = new ProxyRotator();
  const { id } = rotator.addProxy("http://192.0.2.1:80", { region: "US" });
  rotator.addProxy("http://192.0.2.2:80", { region: "DE" });
  rotator.addProxy("http://192.0.2.3:80", { region: "US" });
  rotator.addProxy("http://192.0.2.4:80");
  assert.deepEqual(completionsFor(rotator, "region", ""), ["DE", "US"]);
  assert.deepEqual(completionsFor(rotator, "region", "u"), ["US"]);
  assert.deepEqual(completionsFor(rotator, "region", "x"), []);
  assert.deepEqual(completionsFor(rotator, "proxy_id", id.toUpperCase()), [id]);
  assert.equal(completionsFor(rotator, "proxy_id", "").length, 4);
});

test("completionsFor() gives one id more than a client may be shown", () => {
  const rotator = new ProxyRotator();
  for (let i = 0; i < 150; i++) rotator.addProxy(`http://192.0.2.${i}:80`);
  assert.equal(completionsFor(rotator, "proxy_id", "").length, 101);
});
