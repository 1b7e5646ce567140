import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import {
  type FetchHandler,
  type HttpListener,
  type HttpListenerOptions,
  isLoopback,
  listenHttp,
} from "../../../src/runtime/mod.ts";
import { currentRuntime } from "../../support/runtimes.ts";
import { skipIf } from "../../support/skip.ts";

const HOST = "127.0.0.1";
const SERVERS = currentRuntime() === "deno" ? ["deno", "node"] as const : ["node"] as const;

/** Measured on 1.4.5; programs end after a second all the same. */
const blind = currentRuntime() === "bun"
  ? "node:http of Bun tells of a connection only when its first request comes"
  : undefined;

/** Serves while `use` runs. */
async function serving(
  server: "deno" | "node",
  fetch: FetchHandler,
  use: (url: string, listener: HttpListener) => Promise<void>,
  limits: Partial<HttpListenerOptions> = {},
): Promise<void> {
  const listener = await listenHttp({ hostname: HOST, port: 0, fetch, server, ...limits });
  try {
    await use(`http://${HOST}:${listener.port}`, listener);
  } finally {
    await listener.kill();
  }
}

/** Sends raw text; resolves with all that comes back once the server has closed the connection. */
function raw(url: string, text: string, drip?: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(new URL(url).port), HOST, () => socket.write(text));
    const timer = drip === undefined ? undefined : setInterval(() => socket.write(drip), 20);
    socket.setEncoding("utf8").on("data", (chunk: string) => answer += chunk);
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(timer);
      resolve(answer);
    });
  });
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

for (const server of SERVERS) {
  describe(`listenHttp() on the server of ${server}`, () => {
    test("stops although a client has opened a connection and sent nothing", skipIf(blind), async () => {
      await serving(server, () => Promise.resolve(new Response("ok")), async (url, listener) => {
        const socket = connect(listener.port, HOST);
        const isClosed = new Promise((resolve) => socket.once("close", resolve));
        socket.on("error", () => {}).resume();
        await new Promise((resolve) => socket.once("connect", resolve));
        assert.equal(await (await fetch(url)).text(), "ok"); // accepted later, so the other one was as well
        await listener.stop();
        await isClosed;
      });
    });

    test("hands over method, path, headers, body and the address of the client", async () => {
      await serving(server, async (request, origin) => {
        const { pathname, search } = new URL(request.url);
        const seen = [request.method, pathname + search, request.headers.get("x-one"), await request.text()];
        return Response.json([...seen, origin?.remoteAddr?.hostname], { headers: { "x-two": "2" } });
      }, async (url) => {
        const response = await fetch(`${url}/a%20b?c=d`, {
          method: "POST",
          headers: { "x-one": "1" },
          body: "é".repeat(70_000),
        });
        assert.equal(response.headers.get("x-two"), "2");
        assert.deepEqual(await response.json(), ["POST", "/a%20b?c=d", "1", "é".repeat(70_000), HOST]);
        const empty = await fetch(`${url}/`, { method: "DELETE" });
        assert.deepEqual((await empty.json()).slice(0, 4), ["DELETE", "/", null, ""]);
      });
    });

    test("sends events as they come, and tells the stream when the client has gone", async () => {
      let cancelled: () => void;
      const gone = new Promise<void>((resolve) => cancelled = resolve);
      await serving(server, () => {
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(encode("data: 1\n\n")),
          cancel: () => cancelled(),
        });
        return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
      }, async (url) => {
        const controller = new AbortController();
        const response = await fetch(url, { signal: controller.signal });
        const first = await response.body!.getReader().read();
        assert.equal(new TextDecoder().decode(first.value), "data: 1\n\n");
        controller.abort();
        await gone;
      });
    });

    test("aborts the signal of a request whose client has gone", async () => {
      let arrived: () => void;
      let aborted: () => void;
      const here = new Promise<void>((resolve) => arrived = resolve);
      const gone = new Promise<void>((resolve) => aborted = resolve);
      await serving(server, async (request) => {
        arrived();
        await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
        aborted();
        return new Response("late");
      }, async (url) => {
        const controller = new AbortController();
        const answer = fetch(url, { signal: controller.signal });
        await here;
        controller.abort();
        await assert.rejects(answer);
        await gone;
      });
    });

    test("lets a client read a refusal that comes before its body has been read", async () => {
      await serving(server, () => Promise.resolve(new Response("too long", { status: 413 })), async (url) => {
        for (let i = 0; i < 3; i++) {
          const response = await fetch(url, { method: "POST", body: new Uint8Array(3_000_000) });
          assert.equal(response.status, 413);
          assert.equal(await response.text(), "too long");
        }
      });
    });

    test("survives what is no HTTP", async () => {
      await serving(server, () => Promise.resolve(new Response("ok")), async (url) => {
        const close = "Connection: close\r\n\r\n";
        assert.doesNotMatch(await raw(url, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), / 200 /);
        assert.doesNotMatch(
          await raw(url, `GET / HTTP/1.1\r\nX: ${"a".repeat(200_000)}\r\n${close}`),
          / 200 /,
        );
        const odd = await raw(url, `OPTIONS * HTTP/1.1\r\nHost: ${HOST}\r\n${close}`);
        assert.match(odd, /^HTTP\/1\.1 [24]\d\d /);
        assert.equal(await (await fetch(url)).text(), "ok");
      });
    });

    test("answers what is being asked before it stops, and takes nothing new", async () => {
      let arrived: () => void;
      let finish: () => void;
      const here = new Promise<void>((resolve) => arrived = resolve);
      const done = new Promise<void>((resolve) => finish = resolve);
      await serving(server, async () => {
        arrived();
        await done;
        return new Response("answered");
      }, async (url, listener) => {
        const answer = fetch(url, { headers: { connection: "close" } });
        await here;
        const stopped = listener.stop();
        await assert.rejects(fetch(url));
        finish();
        assert.equal(await (await answer).text(), "answered");
        await stopped;
      });
    });

    test("cuts all connections when it is killed", async () => {
      const listener = await listenHttp({
        hostname: HOST,
        port: 0,
        server,
        fetch: () =>
          Promise.resolve(
            new Response(
              new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(encode(": \n\n")) }),
              { headers: { "content-type": "text/event-stream" } },
            ),
          ),
      });
      const response = await fetch(`http://${HOST}:${listener.port}`);
      const reader = response.body!.getReader();
      await reader.read();
      await listener.kill();
      await reader.read().then(({ done }) => assert.equal(done, true), () => {});
    });

    test("says why it cannot listen", async () => {
      await serving(server, () => Promise.resolve(new Response()), async (_url, { port }) => {
        const options = { hostname: HOST, port, server, fetch: () => Promise.resolve(new Response()) };
        await assert.rejects(listenHttp(options), { code: "EADDRINUSE" });
      });
    });
  });
}

describe("listenHttp() on the server of node", () => {
  const limits = { headersTimeoutMs: 200, requestTimeoutMs: 400 };

  test("cuts clients off that send too slowly", async () => {
    await serving("node", async (request) => {
      await request.text().catch(() => {});
      return new Response("ok");
    }, async (url) => {
      const header = "POST / HTTP/1.1\r\nHost: x\r\nX: ";
      const body = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc";
      const answers = await Promise.all([
        raw(url, ""),
        raw(url, header),
        raw(url, header, "a"),
        raw(url, body),
        raw(url, body, "a"),
      ]);
      for (const answer of answers) assert.doesNotMatch(answer, / 200 /);
      assert.equal(await (await fetch(url)).text(), "ok");
    }, limits);
  });

  test("keeps a strange Host header out of the path", async () => {
    await serving(
      "node",
      (request) => Promise.resolve(new Response(new URL(request.url).pathname)),
      async (url) => {
        for (const host of ["x/y", "a@b", "x?y", "", "[::1", "x:99999"]) {
          const answer = await raw(url, `GET /real HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
          assert.ok(
            answer.endsWith("/real") || answer.startsWith("HTTP/1.1 400"),
            JSON.stringify([host, answer]),
          );
        }
      },
    );
  });
});

test("isLoopback() knows the names and addresses of this machine", () => {
  for (const host of ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST", "::1", "[::1]"]) {
    assert.equal(isLoopback(host), true, host);
  }
  for (const host of ["0.0.0.0", "::", "192.168.1.2", "localhost.example", "127.0.0.1.example", ""]) {
    assert.equal(isLoopback(host), false, host);
  }
});
