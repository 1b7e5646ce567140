import assert from "node:assert/strict";
import { test } from "node:test";
import { watchResources } from "../../../src/mcp/mod.ts";
import { FakeService } from "./fake_service.ts";
import { FakeTimer } from "./fake_timer.ts";
import { type Era, ERAS, WireClient } from "./wire.ts";

const uri = "proxy://health";

async function subscribe(era: Era) {
  const [service, timer] = [new FakeService(), new FakeTimer()];
  const client = new WireClient(service, era, { timer });
  await client.open();
  if (era === "legacy") assert.deepEqual((await client.request("resources/subscribe", { uri })).result, {});
  else {
    void client.send("sub", "subscriptions/listen", { notifications: { resourceSubscriptions: [uri] } });
    const acknowledged = await client.nextNotification();
    assert.equal(acknowledged.method, "notifications/subscriptions/acknowledged");
    assert.deepEqual(acknowledged.params.notifications, { resourceSubscriptions: [uri] });
  }
  return { service, timer, client };
}

/** All notifications that arrive before the answer to a request sent now. */
async function arrived(client: WireClient) {
  await client.request("resources/list");
  return client.notifications.splice(0).map(({ method, params }) => [method, params.uri]);
}

const update = ["notifications/resources/updated", uri];

for (const era of ERAS) {
  test(`A subscriber hears of changes at once, then once a second, and of the last one (${era})`, async () => {
    const { service, timer, client } = await subscribe(era);
    service.changeHealth();
    assert.deepEqual(await arrived(client), [update]);
    for (let i = 0; i < 50; i++) {
      timer.advance(10);
      service.changeHealth();
    }
    assert.deepEqual(await arrived(client), []);
    timer.advance(500);
    assert.deepEqual(await arrived(client), [update]);
    timer.advance(5000);
    assert.deepEqual(await arrived(client), []);
    await client.close();
  });

  test(`A subscriber to one resource does not hear of another (${era})`, async () => {
    const { service, client } = await subscribe(era);
    service.change("proxy://config");
    assert.deepEqual(await arrived(client), []);
    await client.close();
  });

  test(`Nothing of the service is held when the connection has ended (${era})`, async () => {
    const { service, timer, client } = await subscribe(era);
    service.changeHealth();
    service.changeHealth();
    assert.equal(service.listeners.size, 1);
    await client.close();
    assert.equal(service.listeners.size, 0);
    assert.equal(timer.pending, 0);
  });
}

test("resources/unsubscribe ends the notifications", async () => {
  const { service, client } = await subscribe("legacy");
  await client.request("resources/unsubscribe", { uri });
  assert.equal(service.listeners.size, 0);
  service.changeHealth();
  assert.deepEqual(await arrived(client), []);
  await client.close();
});

test("resources/subscribe refuses what there is not, and takes a second subscription as one", async () => {
  const { service, client } = await subscribe("legacy");
  assert.equal((await client.request("resources/subscribe", { uri: "proxy://nope" })).error.code, -32602);
  await client.request("resources/subscribe", { uri });
  service.changeHealth();
  assert.deepEqual(await arrived(client), [update]);
  await client.close();
});

test("A client of the 2025 era that has not subscribed hears nothing", async () => {
  const service = new FakeService();
  const client = new WireClient(service, "legacy");
  await client.open();
  assert.equal(service.listeners.size, 0);
  service.changeHealth();
  assert.deepEqual(await arrived(client), []);
  await client.close();
});

test("resources/subscribe takes a single proxy, and refuses what tells of no changes", async () => {
  const service = new FakeService();
  const client = new WireClient(service, "legacy");
  await client.open();
  const subscribe = async (uri: string) => await client.request("resources/subscribe", { uri });
  for (const uri of ["proxy://metrics", "proxy://targets/shop.example"]) {
    const { error } = await subscribe(uri);
    assert.equal(error.code, -32602);
    assert.match(error.message, /tells of no changes/);
  }
  assert.deepEqual((await subscribe("proxy://proxies/a")).result, {});
  service.change("proxy://proxies/b");
  service.change("proxy://proxies/a");
  assert.deepEqual(await arrived(client), [["notifications/resources/updated", "proxy://proxies/a"]]);
  await client.close();
});

test("resources/subscribe takes 1000 subscriptions of a connection and no more", async () => {
  const client = new WireClient(new FakeService(), "legacy");
  await client.open();
  const answers = await Promise.all(
    Array.from(
      { length: 1001 },
      (_, i) => client.request("resources/subscribe", { uri: `proxy://proxies/${i}` }),
    ),
  );
  assert.deepEqual(answers.filter(({ error }) => error !== undefined).map(({ error }) => error.message), [
    "At most 1000 subscriptions",
  ]);
  await client.close();
});

test("watchResources() forgets proxies that have been quiet, and loses no change", () => {
  const [service, timer] = [new FakeService(), new FakeTimer()];
  const heard = new Map<string, number>();
  const end = watchResources(service, (uri) => heard.set(uri, (heard.get(uri) ?? 0) + 1), { timer });
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 2000; i++) service.change(`proxy://proxies/${i}`);
    timer.advance(1000);
  }
  assert.equal(heard.size, 2000);
  assert.deepEqual([...new Set(heard.values())], [3]);
  end();
  assert.equal(service.listeners.size + timer.pending, 0);
});

test("watchResources() reports both resources, each at its own pace, until ended", () => {
  const [service, timer] = [new FakeService(), new FakeTimer()];
  const heard: string[] = [];
  const end = watchResources(service, (changed) => heard.push(changed), { timer, intervalMs: 100 });
  service.changeHealth();
  service.change("proxy://config");
  service.changeHealth();
  timer.advance(100);
  assert.deepEqual(heard, ["proxy://health", "proxy://config", "proxy://health"]);
  end();
  assert.equal(service.listeners.size + timer.pending, 0);
});
