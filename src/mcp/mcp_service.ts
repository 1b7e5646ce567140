/**
 * What the MCP layer needs from whatever does the work: one narrow interface, so that a server can be built
 * over the real service, over a remote one, or over a small fake in a test.
 *
 * @module
 */
import type { ActionEffect } from "../contract/spec.ts";

/** An error as it goes over the wire: the guide's two keys, and hints on what to do next. */
export interface McpErrorBody {
  /** What went wrong, in one sentence; holds no credential. */
  readonly error: string;
  /** HTTP-like code: 400, 401, 404, 409, 429, 500, 501, 503 or 504. */
  readonly code: number;
  /** Seconds after which the same call may succeed. */
  readonly retry_after_s?: number;
  /** What to do next, for an assistant. */
  readonly next_step?: string;
}

/** The outcome of one action. */
export type McpActionResult =
  | { readonly ok: true; readonly value: object }
  | { readonly ok: false; readonly error: McpErrorBody };

/** How far a long action has come. */
export interface McpProgress {
  /** Units done so far; never falls. */
  readonly progress: number;
  /** Units in all, when known. */
  readonly total?: number;
  /** One line for a person. */
  readonly message?: string;
}

/** What the service learns about a call besides its input. */
export interface McpCallContext {
  /** Effects that the caller may have, by the scopes of its token; all when absent. */
  readonly effects?: readonly ActionEffect[];
  /** Whether the transport has already checked the key (a header); otherwise `api_key` in the input counts. */
  readonly authorized?: boolean;
  /** Where the call comes from: a process on this machine, or the network. */
  readonly origin?: "local" | "http";
  /** Aborted when the client cancels the call or goes away. */
  readonly signal?: AbortSignal;
  /** Present when the client asked for progress. */
  readonly progress?: (progress: McpProgress) => void;
}

/** Figures for monitoring. */
export interface McpMetrics {
  /** All figures in the text format of Prometheus. */
  prometheus(): string;
}

/** What {@link createMcpServer} needs. `ProxyWhirlService` has this shape. */
export interface McpService {
  /** Version of the program, as shown to clients. */
  readonly version: string;
  /** Whether calls need a key: only then is `api_key` published. */
  readonly requiresKey: boolean;
  /** Whether this is the key; compares in constant time. Without it keys in headers count for nothing. */
  acceptsKey?(apiKey: string): boolean;
  /** Figures for monitoring. Optional. */
  readonly metrics?: McpMetrics;
  /**
   * Names of the actions on offer, in the order of publication: those the contract publishes, less those that
   * a read-only service refuses. {@link McpService.handle} refuses the others by itself.
   */
  readonly actions: readonly string[];
  /** Validates the input and does the action. Never rejects: whatever goes wrong is an error result. */
  handle(input: unknown, context?: McpCallContext): Promise<McpActionResult>;
  /** The content of `proxy://health`: the output of the `health` action. */
  healthResource(): object | Promise<object>;
  /** The content of `proxy://config`. */
  configResource(): object | Promise<object>;
  /**
   * Calls the listener whenever the pool's health may have changed: a proxy came, went, or changed its status.
   * May be called in bursts; the MCP layer throttles.
   *
   * @returns A function that ends the listening.
   */
  onHealthChange(listener: () => void): () => void;
  /**
   * Calls the listener whenever `proxy://config` has changed, e.g. by `set_strategy`. Optional.
   *
   * @returns A function that ends the listening.
   */
  onConfigChange?(listener: () => void): () => void;
  /**
   * Values for an argument of a prompt that begin with what has been typed, best first. Optional.
   *
   * @param kind What the argument is.
   * @param prefix What has been typed so far; any case.
   */
  complete?(kind: "proxy_id" | "region", prefix: string): readonly string[];
}
