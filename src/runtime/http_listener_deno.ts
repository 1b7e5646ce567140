/**
 * HTTP by `Deno.serve`.
 *
 * @module
 */
import type { HttpListener, HttpListenerOptions } from "./http_listener.ts";

/** Starts to listen. */
export function listenOnDeno({ hostname, port, fetch }: HttpListenerOptions): HttpListener {
  const controller = new AbortController();
  const server = Deno.serve({
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    signal: controller.signal,
    onListen: () => {},
  }, fetch);
  return {
    hostname: server.addr.hostname,
    port: server.addr.port,
    stop: () => server.shutdown(),
    kill: () => {
      controller.abort();
      return server.finished;
    },
  };
}
