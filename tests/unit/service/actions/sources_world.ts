/** A service whose lists, judges and proxies are on loopback. */
import { DEFAULT_SETTINGS, type Settings } from "../../../../gen/settings.ts";
import { ProxyRotator } from "../../../../src/core/mod.ts";
import { ProxyWhirlService } from "../../../../src/service/mod.ts";
import type { Notes } from "../../../../src/service/supply/notes.ts";
import { type Judge, startJudge } from "../../../../src/sources/judge.ts";

/** A service, and its judge. */
export interface SourcesWorld extends AsyncDisposable {
  readonly service: ProxyWhirlService;
  readonly rotator: ProxyRotator;
  readonly judge: Judge;
}

/** Makes one. */
export async function makeSourcesWorld(
  options: {
    readonly settings?: Partial<Settings>;
    readonly extra?: readonly unknown[];
    readonly judges?: readonly string[];
    readonly timeLimitS?: number;
    readonly notes?: Notes;
  } = {},
): Promise<SourcesWorld> {
  const judge = await startJudge({ port: 0 });
  const rotator = new ProxyRotator();
  const { extra = [], judges = [judge.url], notes, timeLimitS = 50 } = options;
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    allowPrivateTargets: true,
    sources: { extra: JSON.stringify(extra), allowPrivate: true },
    validation: { judges: JSON.stringify(judges), concurrency: 20, timeoutS: 2, timeLimitS },
    ...options.settings,
  };
  const service = new ProxyWhirlService({ rotator, settings, version: "1.2.3", notes });
  return {
    service,
    rotator,
    judge,
    async [Symbol.asyncDispose]() {
      await service.close();
      await judge.close();
    },
  };
}

/** URL of a port of loopback where nobody listens (it was free a moment ago). */
export async function deadProxyUrl(): Promise<string> {
  const judge = await startJudge({ port: 0 });
  await judge.close();
  return `http://127.0.0.1:${judge.port}`;
}
