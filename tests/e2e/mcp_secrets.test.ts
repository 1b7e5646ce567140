/** No credential leaves the process: not in results, errors, resources, prompts, nor in the log. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Child } from "../support/child.ts";
import { TempDir } from "../support/temp_dir.ts";
import { cleanEnvironment, program, type Wire } from "./support/clients.ts";

/**
 * A credential: a needle to search for, unmistakable and whole in every encoding, among characters that upset
 * parsers and redaction.
 */
interface Credential {
  readonly needles: readonly [string, string];
  readonly user: string;
  readonly password: string;
}

const needle = fc.string({
  unit: fc.constantFrom(..."ABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
  minLength: 10,
  maxLength: 10,
})
  .map((text) => `Zq${text}`);
const nasty = fc.string({ unit: fc.constantFrom(..."@:/#?%&=+!$'\"<>\\[]{}|^~ é-._;,"), maxLength: 3 });
const credential: fc.Arbitrary<Credential> = fc.record({
  a: needle,
  b: needle,
  c: nasty,
  d: nasty,
  e: nasty,
  f: nasty,
})
  .map(({ a, b, c, d, e, f }) => ({ needles: [a, b], user: c + a + d, password: e + b + f }));

/** Every way in which a list, a person or a model might write a proxy with a credential. */
function spellings(
  { needles: [plainUser, plainPassword], user, password }: Credential,
  host: string,
): string[] {
  const encoded = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return [
    `http://${encoded}@${host}:8080`,
    `socks5://${encoded}@${host}:1080`,
    `HTTP://${encoded}@${host}:8080/path?query#fragment`,
    `http://${user}:${password}@${host}:8080`,
    `${user}:${password}@${host}:8080`,
    `${host}:8080:${plainUser}:${plainPassword}`,
    `${host}:8080:${user}:${password}`,
    `https://${encodeURIComponent(user)}@${host}:443`,
    `http://${encoded}@`,
    `http://${encoded}@${host}:0`,
    `http://${encoded}@${host}:99999`,
    `gopher://${encoded}@${host}:70`,
    ` see http://${encoded}@${host}:8080 and socks4://${encoded}@${host}:1 # note`,
  ];
}

/** Requests that put a text where it does and does not belong. */
function misuses(text: string): [string, object][] {
  const call = (args: object): [string, object] => ["tools/call", { name: "proxywhirl", arguments: args }];
  return [
    call({ action: text }),
    call({ action: "status", proxy_id: text }),
    call({ action: "reset_cb", proxy_id: text }),
    call({ action: "remove", proxy_id: text }),
    call({ action: "list", cursor: text }),
    call({ action: "list", limit: text }),
    call({ action: "list", [text]: 1 }),
    call({ action: "list", criteria: { [text]: text } }),
    call({ action: "list", criteria: { region: text, target: text, tag: text } }),
    call({ action: "recommend", criteria: { performance: text } }),
    call({ action: "recommend", criteria: { target: text } }),
    call({ action: "explain", criteria: { target: text } }),
    call({ action: "explain", proxy_id: text }),
    call({ action: "set_strategy", strategy: text }),
    call({ action: "report", lease_id: text, outcome: "ok" }),
    call({ action: "report", outcome: text, lease_id: "x" }),
    call({ action: "add", proxy_url: text, region: text }),
    call({ action: "add", proxy_url: text, tags: [text] }),
    ["tools/call", { name: text, arguments: {} }],
    ["resources/read", { uri: text }],
    ["resources/subscribe", { uri: text }],
    ...["proxy://targets/", "proxy://proxies/", "proxy://nope/", "proxy://health/"].flatMap((start) =>
      [start + encodeURIComponent(text), start + encodeURIComponent(encodeURIComponent(text)), start + text]
        .flatMap((uri): [string, object][] => [["resources/read", { uri }], ["resources/subscribe", { uri }]])
    ),
    ["tools/list", { cursor: text }],
    ["resources/list", { cursor: text }],
    ["prompts/get", {
      name: "polite_scraping_workflow",
      arguments: { target: text, pages: text, region: text },
    }],
    ["prompts/get", { name: "target_diagnosis_workflow", arguments: { target: text, proxy_id: text } }],
    ["completion/complete", {
      ref: { type: "ref/resource", uri: text },
      argument: { name: text, value: text },
    }],
    ["completion/complete", {
      ref: { type: "ref/resource", uri: "proxy://targets/{target}" },
      argument: { name: "target", value: text },
    }],
    ["prompts/get", { name: text }],
    ["prompts/get", { name: "troubleshooting_workflow", arguments: { proxy_id: text } }],
    ["prompts/get", { name: "proxy_selection_workflow", arguments: { region: text, performance: text } }],
    ["completion/complete", {
      ref: { type: "ref/prompt", name: text },
      argument: { name: text, value: text },
    }],
    [text, {}],
  ];
}

/** The program with the loudest log, spoken to in raw lines. */
class Raw {
  readonly child: Child;
  readonly #waiting = new Map<unknown, (message: Wire) => void>();
  #id = 0;
  #searched = 0;

  constructor(db: string) {
    const { command, args } = program(["--db", db, "--log-level", "DEBUG"]);
    this.child = new Child(command, args, { env: cleanEnvironment() });
    void this.#read().catch(() => {}); // the program has ended; who still waits for an answer fails by its timeout
  }

  /** Sends a request and resolves with its response. */
  request(method: string, params: object): Promise<Wire> {
    const id = ++this.#id;
    const answer = new Promise<Wire>((resolve) => this.#waiting.set(id, resolve));
    this.child.writeLine(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return answer;
  }

  /** What the program has written since the last call, and a little before. */
  newOutput(): string {
    const { stdout, stderr } = this.child;
    const text = stdout.slice(Math.max(0, this.#searched - 1000)) + stderr;
    this.#searched = stdout.length;
    return text;
  }

  async #read(): Promise<never> {
    for (;;) {
      const message = JSON.parse(await this.child.nextLine());
      this.#waiting.get(message.id)?.(message);
    }
  }

  /** Calls the tool; resolves with its structured content. */
  async call(args: object): Promise<Wire> {
    return (await this.request("tools/call", { name: "proxywhirl", arguments: args })).result
      .structuredContent;
  }

  /** Shakes hands. */
  async open(): Promise<void> {
    const clientInfo = { name: "raw", version: "1" };
    await this.request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
    this.child.writeLine('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  }
}

/** Uses every action, resource and prompt on the pool. */
async function useAll(raw: Raw): Promise<number> {
  const { proxies } = await raw.call({ action: "list", limit: 1000 });
  const id = proxies[0]?.id ?? "nobody";
  const uris = ["health", "config", "sources", "metrics", `proxies/${id}`, "targets/a.example"];
  for (const uri of uris.map((path) => `proxy://${path}`)) {
    await raw.request("resources/subscribe", { uri });
    await raw.request("resources/read", { uri });
  }
  for (const strategy of ["random", "weighted", "least-used", "round-robin"]) {
    await raw.call({ action: "set_strategy", strategy });
    const { lease_id } = await raw.call({ action: "rotate", session: strategy });
    await raw.call({ action: "report", lease_id, outcome: "dead" });
  }
  for (const { id: proxy_id } of proxies.slice(0, 5)) {
    await raw.call({ action: "report", proxy_id, target: "a.example", outcome: "blocked", status_code: 403 });
    await raw.call({ action: "status", proxy_id });
    await raw.call({ action: "explain", proxy_id });
    await raw.call({ action: "reset_cb", proxy_id });
  }
  await raw.call({ action: "recommend", criteria: { performance: "high" } });
  await raw.call({ action: "explain", criteria: { target: "a.example" } });
  await raw.call({ action: "health" });
  await raw.request("tools/list", {});
  if (proxies.length > 0) await raw.call({ action: "remove", proxy_id: proxies[0].id });
  return proxies.length;
}

/** Asserts that what has left the process holds no needle, in any encoding that leaves it readable. */
function assertSilent(raw: Raw, credentials: readonly Credential[], when: string): void {
  const output = raw.newOutput();
  for (const { needles } of credentials) {
    for (const secret of needles) {
      const at = output.toLowerCase().indexOf(secret.toLowerCase());
      assert.equal(at, -1, `${when}: …${output.slice(Math.max(0, at - 400), at + 200)}…`);
    }
  }
}

describe("Credentials of proxies", () => {
  test("never leave the process, whatever is added, asked and broken", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(credential, { minLength: 2, maxLength: 3 }), async (credentials) => {
        using folder = new TempDir();
        const db = folder.join("pool.db");
        const raw = new Raw(db);
        try {
          await raw.open();
          const texts = credentials.flatMap((one, index) => spellings(one, `proxy${index}.example.com`));
          for (const proxy_url of texts) {
            await raw.call({ action: "add", proxy_url });
            assertSilent(raw, credentials, `after adding ${JSON.stringify(proxy_url)}`);
          }
          await raw.call({ action: "add", proxy_urls: texts });
          assert.ok(await useAll(raw) >= credentials.length * 3);
          assertSilent(raw, credentials, "after using all actions");
          for (const text of texts.filter((text) => text.includes("://"))) {
            await Promise.all(misuses(text).map(([method, params]) => raw.request(method, params)));
            raw.child.writeLine(
              `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":NaN,"y":${JSON.stringify(text)}}}`,
            );
            raw.child.writeLine(text);
            await raw.request("ping", {});
            assertSilent(raw, credentials, `after misusing ${JSON.stringify(text)}`);
          }
          raw.child.endInput();
          await raw.child.exited;
        } finally {
          await raw.child[Symbol.asyncDispose]();
        }
        assertSilent(raw, credentials, "at the end");

        const again = new Raw(db);
        try {
          await again.open();
          assert.ok(await useAll(again) >= credentials.length * 3, "the pool is there after a restart");
          again.child.endInput();
          await again.child.exited;
        } finally {
          await again.child[Symbol.asyncDispose]();
        }
        assertSilent(again, credentials, "after a restart");
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});
