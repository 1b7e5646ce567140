/** The action `fetch` against lists that are huge, never end, drip, break off or are no lists at all. */

import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import type { FetchOutput } from "../../gen/models.ts";
import { type Handler, ListServer } from "../unit/sources/list_server.ts";
import { makeSourcesWorld, type SourcesWorld } from "../unit/service/actions/sources_world.ts";

const MB = 1024 * 1024;

/** Lines of proxies, as many bytes as wanted. */
function send(size: number): Handler {
  const block = Array.from(
    { length: 20_000 },
    (_, i) => `203.0.${113 + (i & 1)}.${i & 255}:${1024 + (i >> 1)}\n`,
  ).join("");
  return (_request, response) => {
    let sent = 0;
    const more = () => {
      while (sent < size) {
        sent += block.length;
        if (!response.write(block)) return;
      }
      response.end();
    };
    response.on("drain", more);
    more();
  };
}

const drip: Handler = (_request, response) => {
  response.write("203.0.113.200:80\n");
  const timer = setInterval(() => response.write("2"), 50);
  response.once("close", () => clearInterval(timer));
};

async function fetchFrom(
  world: SourcesWorld,
  server: ListServer,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<FetchOutput> {
  const input = { action: "fetch", sources: paths.map((path) => server.origin + path), validate: false };
  const result = await world.service.handle(input, signal === undefined ? {} : { signal });
  assert.ok(result.ok, JSON.stringify(result));
  return result.value as FetchOutput;
}

test("fetch takes what it can of hostile lists, says what was wrong with each, and little memory", async () => {
  await using server = await ListServer.start({
    "/huge": send(100 * MB),
    "/endless": send(Infinity),
    "/binary": (_request, response) =>
      void response.end(Uint8Array.from({ length: 200_000 }, (_, i) => i * 7919 % 251)),
    "/cut": (request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("203.0.113.201:80\n", () => request.socket.destroy());
    },
    "/bomb.gz": (_request, response) => {
      response.setHeader("content-encoding", "gzip");
      response.end("this is no gzip");
    },
    "/json": (_request, response) => void response.end('[{"ip": "203.0.113.202", "port": '),
    "/reset": (request) => void request.socket.destroy(),
    "/loop": (_request, response) => void response.writeHead(302, { location: "/loop" }).end(),
    "/good": "203.0.113.203:3128\n",
  });
  await using world = await makeSourcesWorld();
  const before = process.memoryUsage().rss;
  const paths = ["/huge", "/endless", "/binary", "/cut", "/bomb.gz", "/json", "/reset", "/loop", "/good"];
  const output = await fetchFrom(world, server, paths);
  assert.deepEqual(output.sources.map(({ ok }) => ok), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
  for (const { error, ok } of output.sources) assert.ok(ok || (error ?? "").length > 5, String(error));
  assert.match(output.sources[0]?.error ?? "", /too long/);
  assert.deepEqual([output.success, output.added, world.rotator.size], [true, 100, 100]);
  assert.ok(
    world.rotator.findByUrl("http://203.0.113.203:3128"),
    "lists take turns: the small one is not crowded out",
  );
  const grownMb = (process.memoryUsage().rss - before) / MB;
  assert.ok(grownMb < 600, `${Math.round(grownMb)} MB more`);
});

test("fetch ends at once when its caller goes, also in the middle of a list that never ends", async () => {
  await using server = await ListServer.start({ "/drip": drip, "/good": "203.0.113.203:3128\n" });
  await using world = await makeSourcesWorld();
  const controller = new AbortController();
  const running = fetchFrom(world, server, ["/drip", "/good"], controller.signal);
  while (server.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  const closed = Promise.all(
    server.requests.map(({ socket }) =>
      new Promise<void>((resolve) => socket.destroyed ? resolve() : socket.once("close", () => resolve()))
    ),
  );
  controller.abort();
  const output = await running;
  assert.match(output.message, /caller gave up|None of 2 sources/);
  await closed;
});

test("fetch ends at its time limit when a list never does", async () => {
  await using server = await ListServer.start({ "/drip": drip });
  await using world = await makeSourcesWorld({ timeLimitS: 1 });
  const output = await fetchFrom(world, server, ["/drip"]);
  assert.equal(output.added, 0);
  assert.match(JSON.stringify(output), /time limit|Stopped|None of 1 source/);
});
