import assert from "node:assert/strict";
import { test } from "node:test";
import { addProxy, makeWorld } from "./support.ts";

test("confirmation() asks before a removal, names the proxy without credentials, and changes nothing", async () => {
  const world = makeWorld();
  const id = addProxy(world, "http://user:s3cret@203.0.113.1:80", { region: "US", ok: 3 });
  const question = await world.service.confirmation({ action: "remove", proxy_id: id.toUpperCase() });
  assert.equal(question?.key, `remove ${id}`);
  assert.match(question.message, /http:\/\/203\.0\.113\.1:80 \(US, healthy, 3 requests\)/);
  assert.doesNotMatch(JSON.stringify(question), /s3cret/);
  assert.partialDeepStrictEqual(question.declined, { success: false, proxy_id: id, pool_size: 1 });
  assert.equal(world.rotator.size, 1);
});

test("confirmation() asks nothing where the action does not destroy, or is going to fail", async () => {
  const world = makeWorld({ settings: { apiKey: "s3cret" } });
  const proxy_id = addProxy(world, "http://203.0.113.1:80");
  const asks = async (input: unknown) => await world.service.confirmation(input) !== undefined;
  const api_key = "s3cret";
  assert.equal(await asks({ action: "remove", proxy_id, api_key }), true);
  for (
    const input of [
      { action: "remove", proxy_id },
      { action: "remove", proxy_id, api_key: "wrong" },
      { action: "remove", api_key },
      { action: "remove", proxy_id: "nobody", api_key },
      { action: "remove", proxy_id, api_key, foreign: 1 },
      { action: "status", proxy_id, api_key },
      { action: "add", proxy_url: "http://203.0.113.2:80", api_key },
      { action: "nope" },
      {},
      null,
      "remove",
    ]
  ) assert.equal(await asks(input), false, JSON.stringify(input));
});

test("confirmation() asks nothing when the settings say never, or the server does not remove", async () => {
  for (const settings of [{ confirm: "never" as const }, { readOnly: true }, { allowActions: "list" }]) {
    const world = makeWorld({ settings });
    const proxy_id = addProxy(world, "http://203.0.113.1:80");
    assert.equal(await world.service.confirmation({ action: "remove", proxy_id }), undefined);
  }
});
