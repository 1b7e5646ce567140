/** The user is asked before a removal: in both eras, by forms, where the client shows them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeService } from "./fake_service.ts";
import { type Era, ERAS, type Wire, WireClient } from "./wire.ts";

const KEY = "remove some-id";
const QUESTION = {
  key: KEY,
  message: "Remove it?",
  declined: { success: false, message: "Nothing was removed" },
};
const INPUT = { action: "remove", proxy_id: "some-id" };

async function connect(era: Era, capabilities: object = { elicitation: { form: {} } }) {
  const service = new FakeService();
  service.question = QUESTION;
  const client = new WireClient(service, era);
  client.capabilities = { ...capabilities };
  await client.open();
  return { client, service };
}

/** Calls the tool and answers the form, as a client of the era does. */
async function callAndAnswer(
  client: WireClient,
  era: Era,
  answer: object,
): Promise<{ form: Wire; result: Wire }> {
  const params = { name: "proxywhirl", arguments: INPUT };
  if (era === "legacy") {
    const called = client.request("tools/call", params);
    const request = await client.nextNotification();
    assert.equal(request.method, "elicitation/create");
    client.respond(request.id, answer);
    return { form: request.params, result: (await called).result };
  }
  const asked = (await client.request("tools/call", params)).result;
  assert.equal(asked.resultType, "input_required");
  assert.deepEqual(Object.keys(asked.inputRequests), [KEY]);
  assert.equal(asked.inputRequests[KEY].method, "elicitation/create");
  const { result } = await client.request("tools/call", { ...params, inputResponses: { [KEY]: answer } });
  return { form: asked.inputRequests[KEY].params, result };
}

for (const era of ERAS) {
  test(`A removal is done when the user agrees (${era})`, async () => {
    const { client, service } = await connect(era);
    const { form, result } = await callAndAnswer(client, era, {
      action: "accept",
      content: { confirm: true },
    });
    assert.equal(form.message, "Remove it?");
    assert.deepEqual(Object.keys(form.requestedSchema.properties), ["confirm"]);
    assert.deepEqual(form.requestedSchema.required, ["confirm"]);
    assert.deepEqual(service.calls.map(({ input }) => input), [INPUT]);
    assert.deepEqual(result.structuredContent, { echo: INPUT });
    await client.close();
  });

  for (
    const [how, answer] of [
      ["declines", { action: "decline" }],
      ["closes the form", { action: "cancel" }],
      ["sends the form without a tick", { action: "accept", content: { confirm: false } }],
      ["sends an empty form", { action: "accept", content: {} }],
      ["sends no content", { action: "accept" }],
      ["sends another type", { action: "accept", content: { confirm: "true" } }],
    ] as const
  ) {
    test(`Nothing is removed, and the result says so, when the user ${how} (${era})`, async () => {
      const { client, service } = await connect(era);
      const { result } = await callAndAnswer(client, era, answer);
      assert.equal(service.calls.length, 0);
      if (result.isError !== true) {
        assert.deepEqual(result.structuredContent, QUESTION.declined);
        assert.deepEqual(JSON.parse(result.content[0].text), QUESTION.declined);
      } else assert.match(result.content[0].text, /Fulfilling input required/, "the SDK checked the form");
      await client.close();
    });
  }

  for (const capabilities of [{}, { sampling: {} }, { elicitation: { url: {} } }]) {
    test(`A client that shows no forms is not asked: ${JSON.stringify(capabilities)} (${era})`, async () => {
      const { client, service } = await connect(era, capabilities);
      const result = await client.call(INPUT);
      assert.deepEqual(result.structuredContent, { echo: INPUT });
      assert.equal(service.calls.length, 1);
      await client.close();
    });
  }

  test(`Nothing is asked where the service has no question (${era})`, async () => {
    const { client, service } = await connect(era, { elicitation: {} });
    service.question = undefined;
    assert.deepEqual((await client.call(INPUT)).structuredContent, { echo: INPUT });
    await client.close();
  });
}

test("An answer to another question is no consent (modern)", async () => {
  const { client, service } = await connect("modern");
  const answer = { action: "accept", content: { confirm: true } };
  for (
    const inputResponses of [
      { "remove other-id": answer },
      { [KEY]: { action: "perhaps" } },
      { [KEY]: 5 },
      {},
    ]
  ) {
    const { error, result } = await client.request("tools/call", {
      name: "proxywhirl",
      arguments: INPUT,
      inputResponses,
    });
    assert.ok(error !== undefined || result.resultType === "input_required", JSON.stringify(result));
  }
  assert.equal(service.calls.length, 0);
  await client.close();
});

test("A client that goes away instead of answering has removed nothing (legacy)", async () => {
  const { client, service } = await connect("legacy");
  void client.request("tools/call", { name: "proxywhirl", arguments: INPUT });
  assert.equal((await client.nextNotification()).method, "elicitation/create");
  await client.server.close();
  assert.equal(service.calls.length, 0);
});

for (const era of ERAS) {
  test(`Nothing is removed when the service fails to say what to ask (${era})`, async () => {
    const { client, service } = await connect(era);
    service.confirmation = () => Promise.reject(new Error("s3cret"));
    const result = await client.call(INPUT);
    assert.deepEqual(result.structuredContent, { error: "Internal error", code: 500 });
    assert.doesNotMatch(JSON.stringify(result), /s3cret/);
    assert.equal(service.calls.length, 0);
    assert.match(client.errors[0]?.message ?? "", /service failed/);
    await client.close();
  });
}
