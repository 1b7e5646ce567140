/**
 * The judges of a validation. Each is first asked without a proxy: that shows whether it is alive, what it answers,
 * and our own address. A proxy's failure counts only when the judge is proved alive afterwards, so a judge that
 * dies in the middle costs no proxy anything. (One of two judges down otherwise reports half of all live proxies
 * dead: ricerati/proxy-checker-python PR 16, constverum/ProxyBroker#146.)
 */

import { ProxyWhirlError } from "../core/mod.ts";
import { requestThrough, type TlsLayer } from "../net/mod.ts";
import type { AnonymityBaseline } from "./anonymity.ts";
import { type JudgeEcho, readEcho } from "./judge_echo.ts";

/** Judges on the web that anybody may use; a team with much to check runs its own. */
export const DEFAULT_JUDGES: readonly string[] = Object.freeze([
  "http://httpbin.org/get",
  "http://azenv.net/",
  "http://www.cloudflare.com/cdn-cgi/trace",
  "https://www.cloudflare.com/cdn-cgi/trace",
]);

/** No judge answers, so nothing can be said of any proxy. */
export class JudgesUnavailableError extends ProxyWhirlError {
  /**
   * Makes the error.
   *
   * @param reasons What is wrong with each judge
   */
  constructor(reasons: readonly string[]) {
    super("JUDGES_UNAVAILABLE", `Cannot validate: no judge answers (${reasons.join("; ").slice(0, 500)})`);
  }
}

/** Terms of a panel. */
export interface JudgePanelOptions {
  /** Longest time for one answer, ms. @default {10_000} */
  readonly timeoutMs?: number | undefined;
  /** Whether judges may have private addresses. @default {false} */
  readonly allowPrivate?: boolean | undefined;
  /** How certificates of judges are checked. */
  readonly tls?: TlsLayer | undefined;
  /** Our own addresses, besides those that judges see. */
  readonly ownAddresses?: readonly string[] | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
}

/** One judge as it is without a proxy. */
export interface PanelJudge extends AnonymityBaseline {
  /** Its URL as given. */
  readonly url: string;
  /** Whether it is asked over TLS. */
  readonly isTls: boolean;
  /** Status of its answer. */
  readonly status: number;
  /** Whether it tells the address of who asks. */
  readonly tellsAddress: boolean;
  /** Whether it tells the header fields. */
  readonly tellsHeaders: boolean;
  /** Whether its answer repeats the query of the URL. */
  readonly tellsQuery: boolean;
}

/** A judge that is left out. */
export interface DeadJudge {
  /** Its URL. */
  readonly url: string;
  /** Why. */
  readonly reason: string;
}

interface Seat {
  readonly judge: PanelJudge;
  isAlive: boolean;
  /** A probe that has not been sent yet, for all who ask meanwhile. */
  waiting: Promise<boolean> | undefined;
  running: Promise<unknown>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;
/** Dead proxies are many: not each of them is a reason to bother a judge. */
const MAX_ANSWER_AGE_MS = 2_000;

/** The judges that are alive. */
export class JudgePanel {
  readonly #options: JudgePanelOptions;
  readonly #seats: Seat[] = [];
  readonly #dead: DeadJudge[] = [];
  readonly #ownAddresses: Set<string>;
  #turn = 0;
  #lastAnswerAt = -Infinity;

  private constructor(options: JudgePanelOptions) {
    this.#options = options;
    this.#ownAddresses = new Set(options.ownAddresses);
  }

  /**
   * Asks every judge, without a proxy.
   *
   * @throws {JudgesUnavailableError} when none answers
   * @throws the reason of the signal when the caller gives up
   */
  static async open(urls: readonly string[], options: JudgePanelOptions = {}): Promise<JudgePanel> {
    const panel = new JudgePanel(options);
    await Promise.all(urls.map((url) => panel.#seat(url)));
    options.signal?.throwIfAborted();
    panel.#seats.sort((a, b) =>
      rankOf(a.judge) - rankOf(b.judge) || urls.indexOf(a.judge.url) - urls.indexOf(b.judge.url)
    );
    if (panel.#seats.length === 0) throw panel.#unavailable();
    return panel;
  }

  /** Judges that are left out, and why. */
  get dead(): readonly DeadJudge[] {
    return this.#dead;
  }

  /** Judges that are asked. */
  get alive(): readonly PanelJudge[] {
    return this.#seats.filter(({ isAlive }) => isAlive).map(({ judge }) => judge);
  }

  /** Our own addresses, as judges see them. */
  get ownAddresses(): ReadonlySet<string> {
    return this.#ownAddresses;
  }

  /**
   * The judges for one proxy, in the order in which to ask. They take turns among equals: those that tell most
   * come first, and those over TLS last, since not every proxy tunnels.
   *
   * @throws {JudgesUnavailableError} when none is left
   */
  pick(count: number): readonly PanelJudge[] {
    const alive = this.alive;
    const [best] = alive;
    if (best === undefined) throw this.#unavailable();
    const equals = alive.filter((judge) => rankOf(judge) === rankOf(best));
    const first = this.#turn++ % equals.length;
    const order = [...equals.slice(first), ...equals.slice(0, first), ...alive.slice(equals.length)];
    return order.slice(0, count);
  }

  /** A judge over TLS, if there is one. */
  secureJudge(): PanelJudge | undefined {
    return this.alive.find(({ isTls }) => isTls);
  }

  /**
   * Whether a judge is alive **now**: asked without a proxy after this call. Many callers share one question. One
   * that does not answer is left out from now on.
   */
  confirm(judge: PanelJudge): Promise<boolean> {
    const seat = this.#seats.find((other) => other.judge === judge);
    if (seat === undefined || !seat.isAlive) return Promise.resolve(false);
    return seat.waiting ??= seat.running.then(() => {
      seat.waiting = undefined;
      const probe = this.#probe(seat);
      seat.running = probe;
      return probe;
    });
  }

  /** Notes that a judge's answer came, through whatever proxy. */
  noteAnswer(): void {
    this.#lastAnswerAt = performance.now();
  }

  /**
   * Whether our own network is there: some judge answered within the last two seconds, or does when asked. When none
   * does, the panel is empty, and {@linkcode JudgePanel.pick} throws.
   */
  async confirmNetwork(): Promise<boolean> {
    if (performance.now() - this.#lastAnswerAt <= MAX_ANSWER_AGE_MS) return true;
    for (const judge of this.alive) {
      if (await this.confirm(judge)) return true;
    }
    return false;
  }

  async #probe(seat: Seat): Promise<boolean> {
    const { url } = seat.judge;
    const found = await askDirectly(url, this.#options);
    if (this.#options.signal?.aborted) return true;
    if (typeof found !== "string") {
      this.noteAnswer();
      return seat.isAlive;
    }
    if (seat.isAlive) this.#dead.push({ url, reason: found });
    seat.isAlive = false;
    return false;
  }

  async #seat(url: string): Promise<void> {
    const found = await askDirectly(url, this.#options);
    if (typeof found === "string") {
      this.#dead.push({ url, reason: found });
      return;
    }
    if (found.echo.remoteAddress !== null) this.#ownAddresses.add(found.echo.remoteAddress);
    const judge: PanelJudge = {
      url,
      isTls: url.startsWith("https:"),
      status: found.status,
      tellsAddress: found.echo.remoteAddress !== null,
      tellsHeaders: found.echo.headers !== null,
      tellsQuery: found.body.includes(found.nonce),
      headerNames: new Set(Object.keys(found.echo.headers ?? {})),
      ownAddresses: this.#ownAddresses,
    };
    this.#seats.push({ judge, isAlive: true, waiting: undefined, running: Promise.resolve() });
  }

  #unavailable(): JudgesUnavailableError {
    const reasons = this.#dead.map(({ reason, url }) => `${hostOf(url)}: ${reason}`);
    return new JudgesUnavailableError(reasons.length === 0 ? ["none is configured"] : reasons);
  }
}

/** The URL of a judge with something new in it, against caches and proxies that answer by themselves. */
export function judgeUrl(url: string, nonce: string): string {
  const base = url.split("#", 1)[0] ?? "";
  return `${base}${base.includes("?") ? "&" : "?"}n=${nonce}`;
}

/** Something that no answer holds by accident. */
export function newNonce(): string {
  return Math.random().toString(36).slice(2, 12).padEnd(10, "0");
}

/** What is sent to judges: what a browser would, roughly; proxies treat strange clients strangely. */
export const JUDGE_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  "accept": "*/*",
  "user-agent": "Mozilla/5.0 (compatible; proxywhirl)",
});

interface DirectAnswer {
  readonly status: number;
  readonly body: string;
  readonly echo: JudgeEcho;
  readonly nonce: string;
}

/** The answer, or what is wrong. */
async function askDirectly(url: string, options: JudgePanelOptions): Promise<DirectAnswer | string> {
  const { allowPrivate = false, signal, timeoutMs = DEFAULT_TIMEOUT_MS, tls } = options;
  const nonce = newNonce();
  try {
    const { body, status } = await requestThrough(null, judgeUrl(url, nonce), {
      headers: JUDGE_HEADERS,
      maxBytes: MAX_ANSWER_BYTES,
      timeoutMs,
      allowPrivate,
      signal,
      tls,
    });
    const text = new TextDecoder().decode(body);
    const echo = readEcho(status, text);
    return echo === undefined
      ? `it answers ${status} and not as a judge`
      : { status, body: text, echo, nonce };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function rankOf(judge: PanelJudge): number {
  if (judge.isTls) return 3;
  return judge.tellsHeaders && judge.tellsAddress ? 0 : judge.tellsAddress ? 1 : 2;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "not a URL";
}
