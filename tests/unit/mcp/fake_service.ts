/** A service that does what a test tells it to. */

import type { McpActionResult, McpCallContext, McpService } from "../../../src/mcp/mod.ts";

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
  readonly healthListeners: Set<() => void> = new Set<() => void>();
  readonly configListeners: Set<() => void> = new Set<() => void>();
  /** What the next calls answer. */
  answer: (input: unknown, context: McpCallContext) => McpActionResult | Promise<McpActionResult> = (
    input,
  ) => ({
    ok: true,
    value: { echo: input },
  });

  async handle(input: unknown, context: McpCallContext = {}): Promise<McpActionResult> {
    this.calls.push({ input, context });
    return await this.answer(input, context);
  }

  healthResource(): object {
    return { pool_status: "healthy" };
  }

  configResource(): object {
    return { rotation_strategy: "RoundRobinStrategy" };
  }

  onHealthChange(listener: () => void): () => void {
    this.healthListeners.add(listener);
    return () => void this.healthListeners.delete(listener);
  }

  onConfigChange(listener: () => void): () => void {
    this.configListeners.add(listener);
    return () => void this.configListeners.delete(listener);
  }

  complete(kind: "proxy_id" | "region", prefix: string): readonly string[] {
    const values = kind === "region" ? ["DE", "DK", "US"] : Array.from({ length: 150 }, (_, i) => `id-${i}`);
    return values.filter((value) => value.toLowerCase().startsWith(prefix.toLowerCase()));
  }

  /** Tells all listeners that the pool's health changed. */
  changeHealth(): void {
    for (const listener of this.healthListeners) listener();
  }
}
