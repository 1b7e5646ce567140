/** A service over a pool in memory, with time in the test's hands. */
import assert from "node:assert/strict";
import type { ActionErrorBody, ActionName, ActionOutputs } from "../../../gen/models.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../../gen/settings.ts";
import { ProxyRotator, type ProxyRotatorOptions } from "../../../src/core/mod.ts";
import { type CallContext, ProxyWhirlService } from "../../../src/service/mod.ts";

/** What a test wants to be different. */
export interface WorldOptions {
  readonly settings?: Partial<Settings>;
  readonly rotator?: ProxyRotatorOptions;
}

/** A service and the things around it. */
export interface World {
  readonly service: ProxyWhirlService;
  readonly rotator: ProxyRotator;
  /** Lets time pass. */
  advance(ms: number): void;
  /** The output of an action that must succeed. */
  call<Name extends ActionName>(
    action: Name,
    input?: object,
    context?: CallContext,
  ): Promise<ActionOutputs[Name]>;
  /** The error of an action that must fail. */
  fail(input: unknown, context?: CallContext): Promise<ActionErrorBody>;
}

/** 2024-01-15T10:30:00Z. */
export const NOON = 1_705_314_600_000;

export function makeWorld(options: WorldOptions = {}): World {
  let elapsed = 0;
  const rotator = new ProxyRotator({
    clock: { now: () => elapsed },
    wallClock: { now: () => NOON + elapsed },
    ...options.rotator,
  });
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const service = new ProxyWhirlService({ rotator, settings, version: "1.2.3" });
  return {
    service,
    rotator,
    advance: (ms) => void (elapsed += ms),
    async call(action, input = {}, context = {}) {
      const result = await service.handle({ action, ...input }, context);
      assert.ok(result.ok, JSON.stringify(result));
      return result.value as ActionOutputs[typeof action];
    },
    async fail(input, context = {}) {
      const result = await service.handle(input, context);
      assert.ok(!result.ok, `succeeded: ${JSON.stringify(result)}`);
      return result.error;
    },
  };
}

/** Adds a proxy with a history: ok and dead outcomes. */
export function addProxy(
  { rotator }: World,
  url: string,
  options: { region?: string; tags?: string[]; ok?: number; dead?: number; latencyMs?: number } = {},
): string {
  const { region, tags, ok = 0, dead = 0, latencyMs = 100 } = options;
  const { id } = rotator.addProxy(url, { ...(region && { region }), ...(tags && { tags }) });
  for (let i = 0; i < dead; i++) rotator.report(id, { verdict: "dead" });
  for (let i = 0; i < ok; i++) rotator.report(id, { verdict: "ok", latencyMs });
  return id;
}
