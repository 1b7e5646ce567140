/**
 * What is known of what a service does: figures, log lines, and spans when somebody wants them.
 *
 * @module
 */
import { ACTIONS } from "../../gen/actions.ts";
import { NoProxyAvailableError } from "../core/mod.ts";
import type { AttemptFacts, AttemptObserver, NetObserver, RequestEnd, RequestObserver } from "../net/mod.ts";
import type { LogFields, Logger } from "./logger.ts";
import type { ServiceMetrics } from "./metrics.ts";
import { isTelemetryWanted } from "./telemetry.ts";
import type { ActionEnd, Telemetry, TraceContext } from "./telemetry_spans.ts";

/** Where what is seen goes. */
export interface ObservabilityOptions {
  /** Figures. */
  readonly metrics: ServiceMetrics;
  /** Log lines. */
  readonly logger: Logger;
  /** Version of the program. */
  readonly version: string;
}

/** Actions that change the pool, which is worth a line. Reports come with every request. */
const CHANGES: ReadonlySet<string> = new Set(
  ACTIONS.filter(({ effect, name }) => (effect === "write" || effect === "destructive") && name !== "report")
    .map(({ name }) => name),
);

/** Watches one service. */
export class Observability {
  readonly #options: ObservabilityOptions;
  #loading: Promise<Telemetry> | undefined;
  #telemetry: Telemetry | undefined;

  /** @param options Where what is seen goes */
  constructor(options: ObservabilityOptions) {
    this.#options = options;
    if (isTelemetryWanted()) void this.#load();
  }

  /**
   * Does an action and takes note of how it went.
   *
   * @param name As the caller wrote it
   * @param parent The trace that the call belongs to
   */
  async action<T>(
    name: string,
    parent: TraceContext | undefined,
    run: () => Promise<T>,
    endOf: (result: T) => ActionEnd,
  ): Promise<T> {
    const start = performance.now();
    const noted = async () => {
      const result = await run();
      this.#noteAction(name, endOf(result), performance.now() - start);
      return result;
    };
    if (!isTelemetryWanted()) return await noted();
    const telemetry = await this.#load();
    return await telemetry.action(name, parent, noted, endOf);
  }

  /** Hears what the network does. */
  get net(): NetObserver {
    return {
      requestStarted: (facts) => {
        const start = performance.now();
        const span = this.#telemetry?.request(facts);
        const about = { method: facts.method, host: facts.url.host };
        return {
          attemptStarted: (attempt) => this.#attempt(attempt, span?.attemptStarted?.(attempt)),
          ended: (end) => {
            this.#noteRequest(about, end, performance.now() - start);
            span?.ended(end);
          },
        } satisfies RequestObserver;
      },
      checkStarted: (facts) => this.#attempt(facts, this.#telemetry?.attempt(facts)),
      dialEnded: ({ durationMs, outcome, stage }) => {
        this.#options.metrics.recordDial(stage, outcome);
        if (outcome === "ok") return;
        this.#options.logger.debug("Connection failed", { stage, outcome, duration_ms: round(durationMs) });
      },
    };
  }

  /** Ends the exporting of metrics. */
  async close(): Promise<void> {
    (await this.#loading)?.close();
    this.#loading = undefined;
    this.#telemetry = undefined;
  }

  async #load(): Promise<Telemetry> {
    const { metrics, version } = this.#options;
    this.#loading ??= import("./telemetry_spans.ts").then(({ Telemetry }) => new Telemetry(metrics, version));
    return this.#telemetry = await this.#loading;
  }

  #noteAction(name: string, { code, error }: ActionEnd, durationMs: number): void {
    const { logger, metrics } = this.#options;
    metrics.recordAction(name, code, durationMs);
    const fields = { action: name, code, duration_ms: round(durationMs) };
    if (error !== undefined) logger.debug("Action refused", { ...fields, error });
    else if (CHANGES.has(name)) logger.info("Action done", fields);
    else logger.debug("Action done", fields);
  }

  #noteRequest(about: LogFields, end: RequestEnd, durationMs: number): void {
    const result = resultOf(end);
    this.#options.metrics.recordRequest(result, durationMs);
    this.#options.logger.info("Request done", {
      ...about,
      result,
      status: end.statusCode ?? null,
      attempts: end.attempts.length,
      duration_ms: round(durationMs),
      ...(end.error === undefined ? {} : { error: end.error }),
    });
  }

  #attempt({ method, number, proxy, url }: AttemptFacts, span: AttemptObserver | undefined): AttemptObserver {
    const start = performance.now();
    return {
      ended: (attempt) => {
        const durationMs = performance.now() - start;
        const verdict = attempt?.verdict ?? "aborted";
        this.#options.metrics.recordAttempt(verdict, durationMs);
        this.#options.logger.debug("Attempt ended", {
          attempt: number,
          method,
          host: url.host,
          proxy_id: proxy.id,
          verdict,
          rule: attempt?.rule ?? null,
          reason: attempt?.reason ?? null,
          status: attempt?.statusCode ?? null,
          duration_ms: round(durationMs),
        });
        span?.ended(attempt);
      },
    };
  }
}

/** The verdict on the answer, or why there is none. */
function resultOf({ attempts, error, verdict }: RequestEnd): string {
  if (verdict !== undefined) return verdict;
  if (error instanceof NoProxyAvailableError) return "unavailable";
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (code === "TARGET_REFUSED") return "refused";
  if (code === "ALL_ATTEMPTS_FAILED") return attempts.at(-1)?.verdict ?? "dead";
  return name === "AbortError" || name === "TimeoutError" ? "aborted" : "other";
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
