/** The product's HTTP mount, with the servers of the conformance suite behind it. */

import type { McpService } from "../../src/mcp/mcp_service.ts";
import { mountMcp } from "../../src/mcp/http/handler.ts";
import { listenHttp } from "../../src/runtime/mod.ts";
import { createFixtureServer } from "./fixtures.ts";

/** A server that listens. */
export interface FixtureServer extends AsyncDisposable {
  /** Its MCP endpoint. */
  readonly url: string;
}

/** The mount asks its service for little; the fixtures ask it for nothing. */
const NO_SERVICE: McpService = {
  version: "0.0.0",
  requiresKey: false,
  actions: [],
  handle: () => Promise.resolve({ ok: false, error: { error: "There is no service", code: 501 } }),
  healthResource: () => ({}),
  configResource: () => ({}),
  onHealthChange: () => () => {},
};

/** Starts it on a free port of loopback, as the program starts its own. */
export async function startFixtureServer(): Promise<FixtureServer> {
  const hostname = "127.0.0.1";
  const handler = mountMcp(
    NO_SERVICE,
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
