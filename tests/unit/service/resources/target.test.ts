import assert from "node:assert/strict";
import { test } from "node:test";
import { presentTarget } from "../../../../src/service/resources/target.ts";
import type { ProxyOnTarget } from "../../../../gen/models.ts";
import { addProxy, makeWorld } from "../support.ts";

const SITE = "https://www.shop.example/item";

test("proxy://targets shows whom the site refuses first, the figures of all, and who may go there", async () => {
  const world = makeWorld();
  const [good, refused, unused] = [1, 2, 3].map((n) => addProxy(world, `http://u:s3cret@203.0.113.${n}:80`));
  world.rotator.report(good!, { verdict: "ok", latencyMs: 90, target: SITE });
  world.rotator.report(refused!, { verdict: "blocked", latencyMs: 20, target: SITE });
  world.advance(1000);
  world.rotator.report(good!, { verdict: "ok", latencyMs: 90, target: SITE });
  world.rotator.report(unused!, { verdict: "blocked", target: "https://other.example/" });
  const content = await world.service.readResource("proxy://targets/{target}", SITE);
  assert.partialDeepStrictEqual(content, {
    target: "shop.example",
    total: 3,
    eligible: 2,
    rejected: { ejected_on_target: 1 },
    cooling_down_s: null,
    pacing: null,
    seen: 2,
    successes: 2,
    blocks: 1,
    failures: 0,
    message: "2 of 3 proxies may go to shop.example now; the others: 1 refused by the site lately",
  });
  const { proxies } = content as { proxies: ProxyOnTarget[] };
  assert.deepEqual(proxies.map(({ proxy_id }) => proxy_id), [refused, good]);
  assert.partialDeepStrictEqual(proxies[0], {
    url: "http://203.0.113.2:80",
    last_verdict: "blocked",
    reason: "ejected_on_target",
  });
  assert.ok((proxies[0]?.ejected_for_s ?? 0) > 0);
  assert.doesNotMatch(JSON.stringify(content), /s3cret/);
});

test("proxy://targets tells of paces, and of a site that asked everybody to wait", () => {
  const world = makeWorld({ rotator: { pacing: { rate: "6/min", targets: { "slow.example": "1/min" } } } });
  for (let n = 1; n <= 3; n++) addProxy(world, `http://203.0.113.${n}:80`);
  world.rotator.acquire({ target: "https://slow.example/" }).report({ verdict: "ok" });
  const slow = presentTarget(world.rotator, "slow.example");
  assert.deepEqual([slow?.pacing, slow?.rejected, slow?.eligible], ["1/min", { paced: 1 }, 2]);
  world.rotator.acquire({ target: "https://busy.example/" }).report({
    verdict: "blocked",
    retryAfterMs: 30_000,
  });
  const busy = presentTarget(world.rotator, "busy.example");
  assert.deepEqual([busy?.pacing, busy?.eligible, busy?.cooling_down_s], ["6/min", 0, 30]);
});

test("proxy://targets has something to say of a site where nobody has been, and nothing of what is no site", async () => {
  const world = makeWorld();
  addProxy(world, "http://203.0.113.1:80");
  assert.partialDeepStrictEqual(presentTarget(world.rotator, "new.example"), {
    seen: 0,
    eligible: 1,
    proxies: [],
    message: "1 of 1 proxies may go to new.example now",
  });
  for (
    const odd of [
      "",
      " ",
      "http://",
      "a b",
      "x".repeat(300),
      "user:pass@",
      "http://user:#s3cret@h:1/",
      "http://user:pass@shop.example/",
      "{target}",
    ]
  ) {
    assert.equal(presentTarget(world.rotator, odd), undefined, odd);
    assert.equal(await world.service.readResource("proxy://targets/{target}", odd), undefined);
  }
});

test("proxy://targets is bounded: at most 50 proxies of a large pool", () => {
  const world = makeWorld();
  for (let n = 1; n <= 120; n++) {
    const id = addProxy(world, `http://203.0.113.${n}:80`);
    world.rotator.report(id, { verdict: n % 2 === 0 ? "ok" : "blocked", target: SITE });
  }
  const content = presentTarget(world.rotator, SITE);
  assert.deepEqual([content?.seen, content?.proxies.length, content?.blocks], [120, 50, 60]);
  assert.ok(content?.proxies.every(({ reason }) => reason === "ejected_on_target"));
});
