/** What every form of the program must do over every transport. */

import assert from "node:assert/strict";
import { ACTIONS } from "../../../gen/actions.ts";
import { lintWireSchema } from "../../../src/contract/wire_lint.ts";
import type { Connected, Wire } from "../support/clients.ts";
import { assertShape, GUIDE } from "../support/guide_examples.ts";
import type { Link } from "./links.ts";
import type { World } from "./world.ts";

/** What a case works with. The pool is empty when it begins. */
export interface Trial {
  /** The connected client. */
  readonly server: Connected;
  /** What the program can reach. */
  readonly world: World;
  /** How the client is connected. */
  readonly link: Link;
  /** The user at the client, who is shown forms. */
  readonly user: User;
}

/** A user who answers all forms alike, at first with yes. */
export class User {
  /** What the user does with a form. */
  answer: Wire = { action: "accept", content: { confirm: true } };
  /** Forms that were shown. */
  readonly forms: Wire[] = [];

  /** Fills in a form. */
  readonly elicit = (form: Wire): Wire => {
    this.forms.push(form);
    return this.answer;
  };
}

/** One row of the table. */
export interface SurfaceCase {
  /** What the program does. */
  readonly name: string;
  /** Whether the program must get through a proxy. */
  readonly isOnline?: true;
  /** Asserts it. */
  run(trial: Trial): Promise<void> | void;
}

const UNKNOWN_ID = "550e8400-e29b-41d4-a716-446655440000";
const MEGABYTE = "x".repeat(1 << 20);

/** Adds the proxies that work; their ids. */
async function fill({ server, world }: Trial): Promise<[string, string]> {
  const ids: string[] = [];
  for (const proxy_url of world.working) {
    const { proxy } = await server.ok({ action: "add", proxy_url, region: "US", tags: ["mine"] });
    ids.push(proxy.id);
  }
  return [ids[0]!, ids[1]!];
}

/**
 * Runs a call, and asserts that progress was told that never falls and ends at the total. Read off the wire: the
 * clients drop progress that arrives together with the answer.
 */
async function withProgress(server: Connected, input: Record<string, unknown>): Promise<Wire> {
  const start = server.received.length;
  const result = await server.ok(input, { onprogress: () => {} });
  const messages = server.received.slice(start).trimEnd().split("\n").map((line) => JSON.parse(line));
  const steps: Wire[] = messages.filter(({ method }) => method === "notifications/progress")
    .map(({ params }) => params);
  assert.ok(steps.length > 0, "no progress was told");
  steps.forEach((step, i) => assert.ok(i === 0 || step.progress >= steps[i - 1].progress, "progress fell"));
  assert.equal(steps.at(-1).progress, steps.at(-1).total);
  return result;
}

async function assertError(server: Connected, input: Record<string, unknown>, code: number, text: RegExp) {
  const error = await server.error(input);
  const name = JSON.stringify(input).slice(0, 100);
  assert.deepEqual([error.code, text.test(error.error)], [code, true], `${name}: ${JSON.stringify(error)}`);
  return error;
}

/** The table. */
export const CASES: readonly SurfaceCase[] = [
  {
    name: "introduces itself in the revision that the client speaks",
    run: ({ server, link }) => {
      assert.equal(server.revision, link.revision);
      assert.equal(server.client.getServerVersion().name, "proxywhirl");
      assert.match(server.client.getInstructions() ?? "", /"action":"health"/);
      const { tools, resources, prompts, completions } = server.client.getServerCapabilities();
      assert.ok(tools && prompts && completions && resources.subscribe === true);
    },
  },
  {
    name: "lists one tool that offers every action, with a schema that every host takes",
    run: async ({ server }) => {
      const { tools } = await server.client.listTools();
      assert.deepEqual(tools.map(({ name }: Wire) => name), ["proxywhirl"]);
      const { $schema: _dialect, ...schema } = tools[0].inputSchema;
      assert.deepEqual(lintWireSchema(schema), []);
      assert.deepEqual(
        schema.properties.action.enum,
        ACTIONS.filter(({ published }) => published).map(({ name }) => name),
      );
    },
  },
  {
    name: "add, list, health, status, explain: what goes in comes out, page by page",
    run: async (trial) => {
      const { server, world } = trial;
      const [first] = await fill(trial);
      const many = await server.ok({
        action: "add",
        proxy_urls: [world.working[0], "192.0.2.1:80", "192.0.2.1:80", "gopher://192.0.2.2:70"],
      });
      assert.partialDeepStrictEqual(many, { added: 1, duplicates: 2, pool_size: 3 });
      assert.equal(many.rejected.length, 1);
      const page = await server.ok({ action: "list", limit: 2 });
      assertShape(page, GUIDE.list);
      assert.deepEqual([page.total, page.unknown, page.proxies.length], [3, 3, 2]);
      const last = await server.ok({ action: "list", limit: 2, cursor: page.next_cursor });
      assert.deepEqual([last.proxies.length, last.next_cursor], [1, undefined]);
      assert.equal((await server.ok({ action: "list", criteria: { tag: "mine" } })).total, 2);
      const health = await server.ok({ action: "health" });
      assertShape(health, GUIDE.health);
      assert.deepEqual([health.total_proxies, health.unknown_proxies], [3, 3]);
      const status = await server.ok({ action: "status", proxy_id: first });
      assert.deepEqual([status.proxy_id, status.protocol, status.region], [first, "http", "US"]);
      assert.equal((await server.ok({ action: "explain" })).eligible, 3);
    },
  },
  {
    name: "rotate, report, recommend, reset_cb, set_strategy: the pool learns, and obeys",
    run: async (trial) => {
      const { server } = trial;
      const [first, second] = await fill(trial);
      const turns = [await server.ok({ action: "rotate" }), await server.ok({ action: "rotate" })];
      assertShape(turns[0], GUIDE.rotate);
      assert.deepEqual(new Set(turns.map(({ proxy }) => proxy.id)), new Set([first, second]));
      for (const { lease_id, proxy } of turns) {
        const told = await server.ok({ action: "report", lease_id, outcome: "ok", latency_ms: 120 });
        assert.deepEqual([told.proxy_id, told.status], [proxy.id, "healthy"]);
      }
      const again = { action: "report", lease_id: turns[0].lease_id, outcome: "ok" };
      await assertError(server, again, 404, /^Lease not found/);
      const held = await server.ok({ action: "rotate" });
      const other = held.proxy.id === first ? second : first;
      const mismatch = { action: "report", lease_id: held.lease_id, proxy_id: other, outcome: "ok" };
      await assertError(server, mismatch, 409, /is not of proxy/);
      const best = await server.ok({ action: "recommend", criteria: { region: "US", performance: "high" } });
      assertShape(best, GUIDE.recommend);
      for (let i = 0; i < 5; i++) {
        await server.ok({ action: "report", proxy_id: first, target: "a.example", outcome: "dead" });
      }
      assert.equal((await server.ok({ action: "recommend" })).recommendation.id, second);
      assertShape(await server.ok({ action: "status", proxy_id: first }), GUIDE.status);
      const reset = await server.ok({ action: "reset_cb", proxy_id: first });
      assert.deepEqual([reset.previous_state, reset.new_state], ["open", "closed"]);
      const changed = await server.ok({ action: "set_strategy", strategy: "least-used" });
      assert.equal(changed.new_strategy, "least-used");
      await server.ok({ action: "set_strategy", strategy: "round-robin" });
      const session = async () => (await server.ok({ action: "rotate", session: "cart" })).proxy.id;
      assert.equal(await session(), await session());
    },
  },
  {
    name: "fetch and validate fill the pool with what works, and tell how far they are",
    isOnline: true,
    run: async ({ server }) => {
      const fetched = await withProgress(server, { action: "fetch", sources: ["mine-http", "mine-socks"] });
      assert.partialDeepStrictEqual(fetched, {
        success: true,
        fetched: 3,
        added: 2,
        rejected: 1,
        pool_size: 2,
      });
      const validated = await withProgress(server, { action: "validate" });
      assert.partialDeepStrictEqual(validated, { validated: 2, valid: 2, invalid: 0 });
      assert.partialDeepStrictEqual(await server.ok({ action: "health" }), {
        pool_status: "healthy",
        healthy_proxies: 2,
      });
    },
  },
  {
    name: "request goes through a proxy, also when another is dead; check_target tells who gets through",
    isOnline: true,
    run: async (trial) => {
      const { server, world } = trial;
      await fill(trial);
      const { url } = world.page("/echo");
      const posted = await server.ok({ action: "request", url, method: "POST", body: "hello" });
      assert.partialDeepStrictEqual(posted, { status: 200, verdict: "ok" });
      assert.equal(JSON.parse(posted.body).body, "hello");
      await server.ok({ action: "add", proxy_url: world.dead.url("http") });
      const verdicts: string[] = [];
      for (let turn = 0; turn < 3; turn++) { // each proxy has its turn
        const answer = await server.ok({ action: "request", url: world.page("/ok").url });
        assert.equal(answer.body, "ok");
        verdicts.push(answer.attempts.map(({ verdict }: Wire) => verdict).join(", "));
      }
      assert.deepEqual(new Set(verdicts), new Set(["ok", "dead, ok"]));
      const html = await server.ok({ action: "request", url: world.page("/html").url, format: "markdown" });
      assert.match(html.body, /# Hello/);
      const checked = await server.ok({ action: "check_target", url: world.page("/ok").url });
      assert.deepEqual([checked.checked, checked.clean_ratio], [3, 1]);
    },
  },
  {
    name: "400: bad input is told by name, and nothing is lost",
    run: async (trial) => {
      const { server } = trial;
      const [proxy_id] = await fill(trial);
      const cases: [Record<string, unknown>, RegExp][] = [
        [{}, /action required/],
        [{ action: "nope" }, /Unknown action: nope/],
        [{ action: "__proto__" }, /Unknown action/],
        [{ action: MEGABYTE }, /a text of 1048576 characters/],
        [{ action: "list", foreign: 1 }, /foreign/],
        [{ action: "list", limit: "10" }, /limit/],
        [{ action: "list", limit: 1e308 }, /limit/],
        [{ action: "list", cursor: "nonsense" }, /cursor/i],
        [{ action: "recommend", criteria: { performance: "best" } }, /Must be one of: high, medium, low/],
        [{ action: "status" }, /^proxy_id required for status action$/],
        [{ action: "status", proxy_id: "not-an-id" }, /^Invalid proxy_id format: not-an-id/],
        [{ action: "status", proxy_id: { $ne: null } }, /proxy_id/],
        [{ action: "add" }, /proxy_url/],
        [{ action: "add", proxy_url: "http://user:hunter2@host:99999" }, /port/],
        [{ action: "set_strategy", strategy: "best" }, /round-robin/],
        [{ action: "report", outcome: "great", proxy_id, target: "a.example" }, /outcome/],
        [{ action: "fetch", sources: ["no-such-list"] }, /Unknown source: no-such-list/],
        [{ action: "request", url: "file:///etc/passwd" }, /url|target/i],
      ];
      for (const [input, text] of cases) await assertError(server, input, 400, text);
      assert.equal((await server.ok({ action: "list" })).total, 2);
    },
  },
  {
    name: "404: what does not exist is named",
    run: async (trial) => {
      const { server } = trial;
      await fill(trial);
      for (const action of ["status", "reset_cb", "remove", "validate"]) {
        const { error, code } = await server.error({ action, proxy_id: UNKNOWN_ID });
        assert.deepEqual([error, code], [`Proxy not found: ${UNKNOWN_ID}`, 404], action);
      }
      const unknown = { action: "report", proxy_id: UNKNOWN_ID, target: "a.example", outcome: "ok" };
      await assertError(server, unknown, 404, /^Proxy not found/);
      await assertError(server, { action: "rotate", criteria: { region: "JP" } }, 404, /region: JP$/);
    },
  },
  {
    name: "429: a site that asked to wait is not asked again, and the answer says how long",
    isOnline: true,
    run: async (trial) => {
      const { server, world } = trial;
      await fill(trial);
      const { url, target } = world.page("/status?code=429&retry-after=60");
      const refused = await server.ok({ action: "request", url });
      assert.equal(refused.verdict, "blocked");
      const error = await assertError(server, { action: "rotate", criteria: { target } }, 429, /wait|paced/);
      assert.ok(error.retry_after_s > 30 && error.retry_after_s <= 60, String(error.retry_after_s));
      await server.ok({ action: "rotate" });
    },
  },
  {
    name: "503 and 504: an empty pool, and one whose proxies are all dead",
    run: async ({ server, world }) => {
      for (const action of ["rotate", "recommend"]) {
        const error = await assertError(server, { action }, 503, /^No proxy available/);
        assert.match(error.next_step, /add|fetch/);
      }
      await server.ok({ action: "add", proxy_url: world.dead.url("http") });
      const failed = await assertError(
        server,
        { action: "request", url: world.page("/ok").url },
        504,
        /failed/,
      );
      assert.match(failed.error, /attempt|proxy|proxies/);
    },
  },
  {
    name: "resources can be read, and an unknown one is an error",
    run: async (trial) => {
      const { server } = trial;
      await fill(trial);
      const { resources } = await server.client.listResources();
      const uris = resources.map(({ uri }: Wire) => uri);
      assert.ok(uris.includes("proxy://health") && uris.includes("proxy://config"));
      assertShape(await server.resource("proxy://health"), GUIDE["proxy://health"]);
      assertShape(await server.resource("proxy://config"), GUIDE["proxy://config"]);
      await assert.rejects(server.client.readResource({ uri: "proxy://nope" }), /not found/i);
    },
  },
  {
    name: "templates lead to one proxy and to one site, and are completed from the pool",
    run: async (trial) => {
      const { server } = trial;
      const [id, untouched] = await fill(trial);
      await server.ok({ action: "report", proxy_id: id, target: "shop.example", outcome: "blocked" });
      const { resourceTemplates } = await server.client.listResourceTemplates();
      const [proxies, targets] = ["proxy://proxies/{id}", "proxy://targets/{target}"];
      const templates = resourceTemplates.map(({ uriTemplate }: Wire) => uriTemplate);
      assert.deepEqual(templates.toSorted(), [proxies, targets]);
      const status = await server.ok({ action: "status", proxy_id: untouched });
      assert.deepEqual(await server.resource(`proxy://proxies/${untouched}`), { ...status });
      assert.match(JSON.stringify(await server.resource("proxy://targets/shop.example")), new RegExp(id));
      const complete = async (uri: string, name: string, value: string) =>
        (await server.client.complete({ ref: { type: "ref/resource", uri }, argument: { name, value } }))
          .completion.values;
      assert.deepEqual(await complete(proxies, "id", id.slice(0, 8)), [id]);
      assert.deepEqual(await complete(targets, "target", "sho"), ["shop.example"]);
      for (const uri of [`proxy://proxies/${UNKNOWN_ID}`, "proxy://proxies/nonsense"]) {
        await assert.rejects(server.client.readResource({ uri }), /not found/i, uri);
      }
      const { content } = await server.call({ action: "list" });
      const links = content.slice(1).map(({ type, uri }: Wire) => [type, uri]);
      assert.deepEqual(links[0], ["resource_link", `proxy://proxies/${id}`]);
    },
  },
  {
    name: "remove asks a user who can be asked, and takes no for an answer",
    run: async (trial) => {
      const { server, user } = trial;
      const [proxy_id] = await fill(trial);
      const remove = { action: "remove", proxy_id };
      const refusals: Wire[] = [
        { action: "decline" },
        { action: "cancel" },
        { action: "accept", content: { confirm: false } },
      ];
      const yes = user.answer;
      for (const refusal of refusals) {
        user.answer = refusal;
        const { success, pool_size } = await server.ok(remove);
        assert.deepEqual([success, pool_size], [false, 2], JSON.stringify(refusal));
      }
      user.answer = yes;
      assert.partialDeepStrictEqual(await server.ok(remove), { success: true, pool_size: 1 });
      const { message, requestedSchema } = user.forms.at(-1);
      assert.match(message, /^Remove the proxy http:\/\/127\.0\.0\.1:\d+ \(US, unknown, 0 requests\)/);
      assert.deepEqual(requestedSchema.required, ["confirm"]);
      const asked = user.forms.length;
      await assertError(server, remove, 404, /^Proxy not found/);
      assert.equal(user.forms.length, asked, "there is nothing to ask about what does not exist");
    },
  },
  {
    name: "a subscriber hears of changes until it has had enough",
    run: async (trial) => {
      const { server } = trial;
      for (
        const [uri, change] of [
          ["proxy://health", { action: "add", proxy_url: "192.0.2.1:80" }],
          ["proxy://config", { action: "set_strategy", strategy: "random" }],
        ] as const
      ) {
        let heard: () => void = () => {};
        const isHeard = new Promise<void>((resolve) => heard = resolve);
        const unsubscribe = await server.subscribe(uri, () => heard());
        await server.ok(change);
        await isHeard;
        await unsubscribe();
      }
      await server.ok({ action: "set_strategy", strategy: "round-robin" });
    },
  },
  {
    name: "prompts are rendered and their arguments completed from the pool",
    run: async (trial) => {
      const { server } = trial;
      const [proxy_id] = await fill(trial);
      const { prompts } = await server.client.listPrompts();
      for (const name of ["proxy_selection_workflow", "troubleshooting_workflow"]) {
        assert.ok(prompts.some((prompt: Wire) => prompt.name === name), name);
        const { messages } = await server.client.getPrompt({ name });
        assert.match(messages[0].content.text, /^## 1/m);
      }
      const ref = (name: string) => ({ type: "ref/prompt" as const, name });
      const regions = await server.client.complete({
        ref: ref("proxy_selection_workflow"),
        argument: { name: "region", value: "u" },
      });
      assert.deepEqual(regions.completion.values, ["US"]);
      const ids = await server.client.complete({
        ref: ref("troubleshooting_workflow"),
        argument: { name: "proxy_id", value: proxy_id.slice(0, 8) },
      });
      assert.deepEqual(ids.completion.values, [proxy_id]);
      await assert.rejects(server.client.getPrompt({ name: "nope" }), /Unknown prompt: nope/);
    },
  },
  {
    name: "a cancelled call lets go of every connection, and the server goes on",
    isOnline: true,
    run: async ({ server, world }) => {
      await server.ok({ action: "add", proxy_urls: [world.working[0], world.hanging.url("http")] });
      const controller = new AbortController();
      const validating = server.call({ action: "validate" }, {
        onprogress: () => controller.abort(),
        signal: controller.signal,
      });
      await assert.rejects(validating);
      await world.hanging.sockets.none();
      assert.partialDeepStrictEqual(await server.ok({ action: "health" }), {
        healthy_proxies: 1,
        unknown_proxies: 1,
      });
    },
  },
  {
    name: "many calls at once get their own answers",
    run: async (trial) => {
      const { server } = trial;
      await fill(trial);
      const answers = await Promise.all(Array.from({ length: 60 }, async (_, i) => {
        if (i % 3 === 0) {
          return (await server.error({ action: "status", proxy_id: `x-${i}.` })).error.includes(`x-${i}.`);
        }
        if (i % 3 === 1) return (await server.error({ action: `nope-${i}.` })).error.includes(`nope-${i}.`);
        return (await server.ok({ action: "list", limit: 1 + i % 2 })).proxies.length === 1 + i % 2;
      }));
      assert.ok(answers.every(Boolean), JSON.stringify(answers));
    },
  },
];
