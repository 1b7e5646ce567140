/** The product's HTTP mount, with the servers of the conformance suite behind it. */

import { mountMcp } from "../../src/mcp/http/handler.ts";
import { listenHttp } from "../../src/runtime/mod.ts";
import { FakeService } from "../unit/mcp/fake_service.ts";
import { createFixtureServer } from "./fixtures.ts";

/** A server that listens. */
export interface FixtureServer extends AsyncDisposable {
  /** Its MCP endpoint. */
  readonly url: string;
}

/** Starts it on a free port of loopback, as the program starts its own. */
export async function startFixtureServer(): Promise<FixtureServer> {
  const hostname = "127.0.0.1";
  const handler = mountMcp(
    new FakeService(), // the fixtures ask nothing of it
    { hostname },
    ({ era = "legacy" }, notify) => createFixtureServer(era, notify),
  );
  const { port, stop } = await listenHttp({ hostname, port: 0, fetch: handler.fetch });
  return {
    url: `http://${hostname}:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      const stopped = stop();
      await handler.close(0);
      await stopped;
    },
  };
}
