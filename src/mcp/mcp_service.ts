/**
 * What the MCP layer needs from whatever does the work: one narrow interface, so that a server can be built
 * over the real service, over a remote one, or over a small fake in a test.
 *
 * @module
 */
import type { ActionEffect, CompletionKind } from "../contract/spec.ts";
import type { ToolLayout } from "./tool_definitions.ts";

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

/** A place in a trace: https://www.w3.org/TR/trace-context/. */
export interface McpTrace {
  /** Version, trace, span and flags. */
  readonly traceparent: string;
  /** What systems on the way added. */
  readonly tracestate?: string;
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
  /** The trace that the call belongs to. */
  readonly trace?: McpTrace;
}

/** A question for a person. */
export interface McpConfirmation {
  /** Names the deed and its object: an answer to one question is none to another. */
  readonly key: string;
  /** The question; holds no credential. */
  readonly message: string;
  /** The result of the action when that person does not agree. */
  readonly declined: object;
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
  /**
   * What a person should be asked before the action is done; `undefined` when it is to be done without asking, or is
   * going to fail anyway. Optional.
   */
  confirmation?(input: unknown, context?: McpCallContext): Promise<McpConfirmation | undefined>;
  /** How the actions are laid out in tools, unless the server's options say otherwise. @default {"unified"} */
  readonly toolLayout?: ToolLayout;
  /** Addresses of the resources on offer, and templates of addresses. */
  readonly resources: readonly string[];
  /**
   * Content of a resource; `undefined` when there is none there.
   *
   * @param uri Its address or the template of that, as in {@link McpService.resources}.
   * @param value What stands for the variable of a template.
   */
  readResource(uri: string, value?: string): Promise<object | undefined>;
  /**
   * Calls the listener with the address of every resource that may have changed. May be called in bursts; the MCP
   * layer throttles.
   *
   * @returns A function that ends the listening.
   */
  onResourceChange(listener: (uri: string) => void): () => void;
  /**
   * Values for an argument of a prompt, or the variable of a template, that begin with what has been typed, best
   * first. Optional.
   *
   * @param kind What is to be completed.
   * @param prefix What has been typed so far; any case.
   */
  complete?(kind: CompletionKind, prefix: string): readonly string[];
}
