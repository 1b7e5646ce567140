/**
 * Watches a stream of events on its way to the client: when it has ended, and whether the client still reads.
 *
 * The SDK puts events into its streams whether or not somebody takes them out. A client that stops reading would let
 * them pile up; so a stream that nobody reads for a while is cut. Keep-alive comments see to it that there is always
 * something to read.
 *
 * @module
 */
import { clearTimeout, setTimeout } from "node:timers";

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Options of {@linkcode watchBody}. */
export interface WatchOptions {
  /** Called once: everything has been read, or the client has gone, or the stream was cut. */
  readonly onEnd: () => void;
  /** How long a client may leave an event unread. */
  readonly stallMs: number;
  /** When what the client has shown to get the stream is no longer good: seconds since 1970. */
  readonly expiresAt?: number | undefined;
}

/** Whether a response is a stream of events. */
export function isEventStream(response: Response): boolean {
  return response.body !== null &&
    response.headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** The same response, watched. One that is no stream of events counts as ended at once. */
export function watchBody(response: Response, { onEnd, stallMs, expiresAt }: WatchOptions): Response {
  if (response.body === null || !isEventStream(response)) {
    onEnd();
    return response;
  }
  const reader = response.body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let expiry: ReturnType<typeof setTimeout> | undefined;
  let isEnded = false;
  const end = () => {
    clearTimeout(timer);
    clearTimeout(expiry);
    if (isEnded) return;
    isEnded = true;
    onEnd();
  };
  const cut = (controller: ReadableStreamDefaultController<Uint8Array>, reason: Error) => {
    controller.error(reason);
    void reader.cancel(reason).catch(() => {});
    end();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (expiresAt === undefined) return;
      const leftMs = Math.min(Math.max(expiresAt * 1000 - Date.now(), 0), LONGEST_TIMER_MS);
      expiry = setTimeout(() => cut(controller, new Error("The token has expired")), leftMs);
      expiry.unref();
    },
    async pull(controller) {
      clearTimeout(timer);
      try {
        const { done, value } = await reader.read();
        if (isEnded) return;
        if (done) {
          end();
          controller.close();
          return;
        }
        controller.enqueue(value);
        const stalled = () => cut(controller, new Error(`The client has read nothing for ${stallMs} ms`));
        timer = setTimeout(stalled, stallMs);
        timer.unref();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason).catch(() => {});
    },
  }, { highWaterMark: 0 }); // a pull then means that somebody reads
  return new Response(body, { status: response.status, headers: response.headers });
}
