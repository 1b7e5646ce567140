/** Every combination of proxy program, protocol and credentials, tried on a runtime. */

import { fileURLToPath } from "node:url";
import { run } from "./child.ts";
import { PASSWORD, PROXY_PROGRAMS, startRealProxy, USER } from "./real_proxies.ts";
import { findRuntime, type RuntimeName } from "./runtimes.ts";
import { Site } from "./site.ts";

/** What is tried with each combination. */
export const CHECKS = [
  "plain page",
  "TLS page",
  "large page",
  "POST",
  "kept connection",
  "wrong password",
] as const;

/** One of {@linkcode CHECKS}. */
export type Check = (typeof CHECKS)[number];

/** One combination. */
export interface Combination {
  /** Program. */
  readonly program: string;
  /** Protocol. */
  readonly protocol: string;
  /** Whether it wants credentials. */
  readonly hasCredentials: boolean;
  /** URL of the proxy. */
  readonly proxy: string;
  /** The same with a wrong password; absent when it takes everybody. */
  readonly wrong?: string;
}

/** What a runtime got: `null` where a check does not apply, else why it failed, or `""`. */
export type Outcomes = Readonly<Record<Check, string | null>>;

/** Results of one combination, by runtime. */
export interface MatrixRow extends Omit<Combination, "proxy" | "wrong"> {
  /** By runtime. */
  readonly outcomes: Readonly<Partial<Record<RuntimeName, Outcomes>>>;
}

/** Tries every combination on each runtime. */
export async function tryMatrix(runtimes: readonly RuntimeName[]): Promise<readonly MatrixRow[]> {
  await using site = await Site.start();
  await using stack = new AsyncDisposableStack();
  const combinations: Combination[] = [];
  for (const program of PROXY_PROGRAMS) {
    for (const mode of program.modes) {
      const hasCredentials = mode === "credentials";
      for (const isTls of program.protocols.includes("https") ? [false, true] : [false]) {
        const proxy = await startRealProxy(program, { hasCredentials, isTls });
        stack.defer(() => proxy.stop());
        for (const protocol of program.protocols.filter((name) => (name === "https") === isTls)) {
          const url = (password: string) =>
            `${protocol}://${
              hasCredentials ? `${USER}:${encodeURIComponent(password)}@` : ""
            }127.0.0.1:${proxy.port}`;
          const wrong = hasCredentials ? { wrong: url("wrong") } : {};
          combinations.push({
            program: program.name,
            protocol,
            hasCredentials,
            proxy: url(PASSWORD),
            ...wrong,
          });
        }
      }
    }
  }
  const byRuntime = new Map<RuntimeName, readonly Outcomes[]>();
  for (const name of runtimes) byRuntime.set(name, await tryOn(name, site, combinations));
  return combinations.map(({ hasCredentials, program, protocol }, i) => ({
    program,
    protocol,
    hasCredentials,
    outcomes: Object.fromEntries([...byRuntime].map(([name, outcomes]) => [name, outcomes[i]])),
  }));
}

async function tryOn(
  name: RuntimeName,
  site: Site,
  combinations: readonly Combination[],
): Promise<readonly Outcomes[]> {
  const runtime = findRuntime(name);
  if (runtime === undefined) throw new Error(`${name} is not installed`);
  const program = fileURLToPath(new URL("real_proxies_program.ts", import.meta.url));
  const { http, https, ca } = site;
  const input = JSON.stringify({ http, https, ca, combinations });
  const { code, stderr, stdout } = await run(runtime.command, runtime.args(program), { input });
  if (code !== 0) throw new Error(`The checks ended with code ${code} on ${name}: ${stderr.slice(-2_000)}`);
  return JSON.parse(stdout);
}
