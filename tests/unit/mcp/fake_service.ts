/** A service that does what a test tells it to. */

import { RESOURCES } from "../../../gen/resources.ts";
import type { CompletionKind } from "../../../src/contract/spec.ts";
import type { McpActionResult, McpCallContext, McpConfirmation, McpService } from "../../../src/mcp/mod.ts";

/** A call that reached the service. */
export interface RecordedCall {
  readonly input: unknown;
  readonly context: McpCallContext;
}

/** A scripted {@linkcode McpService}. */
export class FakeService implements McpService {
  version = "1.2.3";
  requiresKey = false;
  actions: readonly string[] = ["list", "rotate", "status", "health", "add", "remove"];
  readonly calls: RecordedCall[] = [];
  resources: readonly string[] = RESOURCES.map(({ uri }) => uri);
  readonly listeners: Set<(uri: string) => void> = new Set<(uri: string) => void>();
  /** What is asked before the next calls. */
  question: McpConfirmation | undefined;
  /** What the next calls answer. */
  answer: (input: unknown, context: McpCallContext) => McpActionResult | Promise<McpActionResult> = (
    input,
  ) => ({
    ok: true,
    value: { echo: input },
  });

  confirmation(): Promise<McpConfirmation | undefined> {
    return Promise.resolve(this.question);
  }

  async handle(input: unknown, context: McpCallContext = {}): Promise<McpActionResult> {
    this.calls.push({ input, context });
    return await this.answer(input, context);
  }

  readResource(uri: string, value?: string): Promise<object | undefined> {
    if (value === "nobody") return Promise.resolve(undefined);
    if (value === undefined) return Promise.resolve({ uri });
    return Promise.resolve({ [uri.includes("{id}") ? "proxy_id" : "target"]: value });
  }

  onResourceChange(listener: (uri: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  complete(kind: CompletionKind, prefix: string): readonly string[] {
    const values = kind === "proxy_id"
      ? Array.from({ length: 150 }, (_, i) => `id-${i}`)
      : kind === "region"
      ? ["DE", "DK", "US"]
      : [`a ${kind}`];
    return values.filter((value) => value.toLowerCase().startsWith(prefix.toLowerCase()));
  }

  /** Tells all listeners that a resource changed. */
  change(uri: string): void {
    for (const listener of this.listeners) listener(uri);
  }

  /** Tells all listeners that the pool's health changed. */
  changeHealth(): void {
    this.change("proxy://health");
  }
}
