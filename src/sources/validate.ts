/**
 * Tries proxies: many at once, through the same dialers as real requests, against judges.
 *
 * A proxy works when a judge's answer came through it: for that the answer must be the judge's own, with what was
 * asked in it, since many a proxy answers 200 to everything. When one judge cannot be reached, another is asked
 * before the proxy is called dead; a connection that the proxy itself refuses needs no second opinion. One that is not
 * answered at all counts only while our own network is there.
 *
 * Of two judges that disagree the one who was reached is believed; of three, two decide.
 */

import { type Clock, type Outcome, type ProxyUrl, redactText } from "../core/mod.ts";
import { readProxyUrl } from "../core/proxy_url.ts";
import { NetError, requestThrough, type RequestThroughResult } from "../net/mod.ts";
import { type Anonymity, anonymityOf } from "./anonymity.ts";
import { type JudgeEcho, readEcho } from "./judge_echo.ts";
import {
  DEFAULT_JUDGES,
  JUDGE_HEADERS,
  JudgePanel,
  type JudgePanelOptions,
  judgeUrl,
  newNonce,
  type PanelJudge,
} from "./judge_panel.ts";
import { mapConcurrently } from "./map_concurrently.ts";

/** Terms of a validation. */
export interface ValidateOptions extends JudgePanelOptions {
  /** URLs of judges, or a panel that is open already. @default {DEFAULT_JUDGES} */
  readonly judges?: readonly string[] | JudgePanel | undefined;
  /** Judges that are asked about one proxy, at most. @default {2} */
  readonly judgesPerProxy?: number | undefined;
  /** Proxies that are tried at the same time. @default {100} */
  readonly concurrency?: number | undefined;
  /** Whether to find out if HTTP proxies tunnel HTTPS: one more request for each that works. @default {true} */
  readonly checkHttps?: boolean | undefined;
  /** Called after each proxy. */
  readonly onProgress?: ((progress: ValidationProgress) => void) | undefined;
  /** Wall clock, epoch ms. @default {Date} */
  readonly wallClock?: Clock | undefined;
}

/** How far a validation has come. */
export interface ValidationProgress {
  /** Proxies tried. */
  readonly done: number;
  /** Of these, those that work. */
  readonly valid: number;
}

/** What the trial of one proxy showed. */
export interface Validation<T> {
  /** What was given. */
  readonly candidate: T;
  /** Whether it works. */
  readonly isValid: boolean;
  /** Time until a judge's answer began, connection included, ms; null when none came. */
  readonly latencyMs: number | null;
  /** HTTP status of the last answer; null without one. */
  readonly statusCode: number | null;
  /** What went wrong; null when nothing did. Holds no credential. */
  readonly error: string | null;
  /** How much it tells of its user; null when not known. */
  readonly anonymity: Anonymity | null;
  /** Whether requests for https sites get through; null when not known. */
  readonly isHttpsCapable: boolean | null;
  /** Address that sites see; null when not known. */
  readonly exitAddress: string | null;
  /** When, epoch ms. */
  readonly checkedAt: number;
  /** The same for `rotator.report`. */
  readonly outcome: Outcome;
}

/** Something that has the URL of a proxy: a `PoolProxy`, a `FoundProxy`. */
export interface ProxyCandidate {
  /** With credentials. */
  readonly url: string;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_CONCURRENCY = 100;
const DEFAULT_JUDGES_PER_PROXY = 2;
const MAX_ANSWER_BYTES = 65_536;

/**
 * Tries proxies and yields what each showed, as it is known. Leaving the loop early ends what is under way.
 *
 * @example
 * ```ts ignore
 * for await (const { candidate, isValid, latencyMs, outcome } of validateProxies(rotator.proxies())) {
 *   rotator.report(candidate.id, outcome);
 * }
 * ```
 *
 * @param candidates Proxies; taken one by one as there is room
 * @param options Judges and limits
 * @throws {JudgesUnavailableError} when no judge is left: the proxies not yet yielded are not to be blamed
 * @throws the reason of the signal when the caller gives up
 */
export async function* validateProxies<T extends ProxyCandidate>(
  candidates: Iterable<T> | AsyncIterable<T>,
  options: ValidateOptions = {},
): AsyncGenerator<Validation<T>, void, undefined> {
  const { concurrency = DEFAULT_CONCURRENCY, judges = DEFAULT_JUDGES, onProgress } = options;
  const panel = judges instanceof JudgePanel ? judges : await JudgePanel.open(judges, options);
  let done = 0;
  let valid = 0;
  const tried = mapConcurrently(
    candidates,
    (candidate, signal) => validate(candidate, panel, { ...options, signal }),
    { concurrency, signal: options.signal },
  );
  for await (const validation of tried) {
    done++;
    if (validation.isValid) valid++;
    onProgress?.({ done, valid });
    yield validation;
  }
}

async function validate<T extends ProxyCandidate>(
  candidate: T,
  panel: JudgePanel,
  options: ValidateOptions,
): Promise<Validation<T>> {
  const { wallClock = Date } = options;
  const proxy = readProxyUrl(candidate.url, "http");
  const invalid = (error: string, statusCode: number | null): Validation<T> => ({
    candidate,
    isValid: false,
    latencyMs: null,
    statusCode,
    error,
    anonymity: null,
    isHttpsCapable: null,
    exitAddress: null,
    checkedAt: wallClock.now(),
    outcome: { verdict: "dead", reason: error, ...(statusCode === null ? {} : { statusCode }) },
  });
  if (typeof proxy === "string") return invalid(`It is no proxy: ${proxy}`, null);
  const trial = await tryProxy(proxy, panel, options);
  if (trial.echo === undefined) return invalid(trial.error, trial.statusCode);
  const { echo, judge, latencyMs, statusCode } = trial;
  return {
    candidate,
    isValid: true,
    latencyMs,
    statusCode,
    error: null,
    // Inside TLS a proxy can add nothing: nothing is learned of what it would add outside.
    anonymity: (judge.isTls && speaksHttp(proxy) ? undefined : anonymityOf(echo, judge)) ?? null,
    isHttpsCapable: options.checkHttps === false ? null : await isHttpsCapable(proxy, judge, panel, options),
    exitAddress: echo.remoteAddress,
    checkedAt: wallClock.now(),
    outcome: { verdict: "ok", latencyMs, statusCode },
  };
}

interface Success {
  readonly echo: JudgeEcho;
  readonly judge: PanelJudge;
  readonly latencyMs: number;
  readonly statusCode: number;
}

interface Failure {
  readonly echo?: undefined;
  readonly error: string;
  readonly statusCode: number | null;
  /** Who but the proxy may have caused it. */
  readonly suspect: Suspect;
}

/** `network` is our own. */
type Suspect = "nobody" | "network" | "judge";

async function tryProxy(
  proxy: ProxyUrl,
  panel: JudgePanel,
  options: ValidateOptions,
): Promise<Success | Failure> {
  const perProxy = options.judgesPerProxy ?? DEFAULT_JUDGES_PER_PROXY;
  for (;;) {
    const judges = panel.pick(perProxy);
    const needed = Math.ceil(judges.length / 2);
    const successes: Success[] = [];
    const failures: { readonly judge: PanelJudge; readonly failure: Failure }[] = [];
    for (const judge of judges) {
      const answer = await ask(proxy, judge, panel, options);
      if (answer.echo !== undefined) successes.push(answer);
      else if (answer.suspect === "nobody") return answer;
      else if (answer.suspect === "network" && await panel.confirmNetwork()) return answer;
      else failures.push({ judge, failure: answer });
      const [first] = successes;
      if (first !== undefined && successes.length >= needed) return first;
      if (judges.length - failures.length < needed) break;
    }
    const living = await Promise.all(failures.map(({ judge }) => panel.confirm(judge)));
    const [last] = failures.slice(-1);
    if (last !== undefined && living.every((isAlive) => isAlive)) return last.failure;
    // A judge had died: the question is put again to those that are left.
    options.signal?.throwIfAborted();
  }
}

async function ask(
  proxy: ProxyUrl,
  judge: PanelJudge,
  panel: JudgePanel,
  options: ValidateOptions,
): Promise<Success | Failure> {
  const nonce = newNonce();
  const answer = await send(proxy, judgeUrl(judge.url, nonce), options);
  if ("error" in answer) return answer;
  const { status } = answer;
  const text = new TextDecoder().decode(answer.body);
  const echo = status === judge.status ? readEcho(status, text) : undefined;
  const isOwn = echo !== undefined && (!judge.tellsQuery || text.includes(nonce)) &&
    (!judge.tellsAddress || echo.remoteAddress !== null) && (!judge.tellsHeaders || echo.headers !== null);
  if (isOwn) {
    panel.noteAnswer();
    return { echo, judge, latencyMs: Math.round(answer.timings.firstByteMs * 10) / 10, statusCode: status };
  }
  const error = status === 407
    ? "The proxy wants other credentials"
    : `The answer (${status}) is not the judge's own`;
  return { error, statusCode: status, suspect: status === 407 ? "nobody" : "judge" };
}

async function send(
  proxy: ProxyUrl,
  url: string,
  options: ValidateOptions & { readonly tunnel?: boolean },
): Promise<RequestThroughResult | Failure> {
  const { allowPrivate = false, signal, timeoutMs = DEFAULT_TIMEOUT_MS, tls, tunnel = false } = options;
  try {
    return await requestThrough(proxy, url, {
      headers: JUDGE_HEADERS,
      maxBytes: MAX_ANSWER_BYTES,
      timeoutMs,
      allowPrivate,
      signal,
      tls,
      tunnel,
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // Whatever is odd about one proxy must not end the trial of ten thousand.
    if (!(error instanceof NetError)) return { error: messageOf(error), statusCode: null, suspect: "judge" };
    return { error: error.message, statusCode: error.replyCode ?? null, suspect: suspectOf(error) };
  }
}

/** Who but the proxy may have caused a failure. */
function suspectOf({ code, phase, side }: NetError): Suspect {
  if (code === "PROXY_AUTH_REQUIRED") return "nobody";
  if (side !== "proxy" || !/^(?:resolve|connect|proxy_tls)$/.test(phase)) return "judge";
  // An answer of whatever kind proves that our own network is there.
  return /^(?:CONNECTION_FAILED|TIMED_OUT|NAME_NOT_FOUND)$/.test(code) ? "network" : "nobody";
}

function messageOf(error: unknown): string {
  return redactText(error instanceof Error ? error.message : String(error)).slice(0, 300);
}

/** SOCKS tunnels everything; an HTTP proxy is asked for it. Without a judge over TLS a refusal proves nothing. */
async function isHttpsCapable(
  proxy: ProxyUrl,
  judge: PanelJudge,
  panel: JudgePanel,
  options: ValidateOptions,
): Promise<boolean | null> {
  if (judge.isTls || !speaksHttp(proxy)) return true;
  const secure = panel.secureJudge();
  const answer = await send(proxy, judgeUrl((secure ?? judge).url, newNonce()), { ...options, tunnel: true });
  if (!("error" in answer)) return true;
  return secure !== undefined && await panel.confirm(secure) ? false : null;
}

function speaksHttp({ protocol }: ProxyUrl): boolean {
  return protocol === "http" || protocol === "https";
}
