/** Judges answers by rules; the rules themselves are data, in `verdict_rules.ts`. */

import { ProxyWhirlError, type Verdict } from "../core/mod.ts";
import { VERDICT_RULES, type VerdictRule } from "./verdict_rules.ts";

/** An answer as far as it is looked at. */
export interface JudgedAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Header fields. */
  readonly headers: Headers;
  /** Whether an HTTP proxy could have written it itself: plain HTTP in absolute form. */
  readonly mayBeFromProxy: boolean;
  /** Where a redirect leads, in full; absent when it is none. */
  readonly location?: string | undefined;
}

/** What an answer means, and why. */
export interface Judged {
  /** What it means. */
  readonly verdict: Exclude<Verdict, "aborted">;
  /** Rule that decided. */
  readonly rule: string;
  /** The same in a few words. */
  readonly reason: string;
}

/** First bytes of a body that are looked at. */
export const JUDGED_BYTES = 16_384;

interface CompiledRule {
  readonly rule: VerdictRule;
  readonly status: ReadonlySet<number> | undefined;
  readonly headers: readonly (readonly [string, RegExp])[];
  readonly location: RegExp | undefined;
  readonly title: RegExp | undefined;
  readonly body: RegExp | undefined;
}

/** Rules, ready for use. */
export class VerdictClassifier {
  readonly #rules: readonly CompiledRule[];

  /**
   * Makes a classifier.
   *
   * @param extra Rules of the user, which go before those that come with the program
   * @throws {ProxyWhirlError} `INVALID_VERDICT_RULE` naming the rule, when one cannot be used
   */
  constructor(extra: readonly VerdictRule[] = []) {
    this.#rules = [...extra, ...VERDICT_RULES].map(compile);
  }

  /** Whether the body could change the judgement of the head. */
  wantsBody(answer: JudgedAnswer): boolean {
    const { status, headers } = answer;
    if (!mayHoldMarks(status, headers.get("content-type"))) return false;
    for (const rule of this.#rules) {
      if (!fitsHead(rule, answer)) continue;
      if (rule.body === undefined && rule.title === undefined) return false;
      return true;
    }
    return false;
  }

  /**
   * Judges an answer.
   *
   * @param body First bytes of the body, decoded; leave it out when {@linkcode VerdictClassifier.wantsBody} says so
   */
  judge(answer: JudgedAnswer, body?: Uint8Array): Judged {
    const text = body === undefined ? "" : new TextDecoder("latin1").decode(body);
    const title = /<title[^>]{0,200}>([^<]{0,300})/i.exec(text)?.[1]?.trim() ?? "";
    for (const compiled of this.#rules) {
      if (!fitsHead(compiled, answer)) continue;
      if (compiled.title !== undefined && !compiled.title.test(title)) continue;
      if (compiled.body !== undefined && !compiled.body.test(text)) continue;
      const { name, reason = name, verdict } = compiled.rule;
      return { verdict, rule: name, reason };
    }
    const { status } = answer;
    if (status >= 500) return { verdict: "target_error", rule: "server-error", reason: `status ${status}` };
    return { verdict: "ok", rule: "status", reason: `status ${status}` };
  }
}

function fitsHead(compiled: CompiledRule, answer: JudgedAnswer): boolean {
  const { rule } = compiled;
  if (compiled.status !== undefined && !compiled.status.has(answer.status)) return false;
  if (rule.onlyFromProxy === true && !answer.mayBeFromProxy) return false;
  for (const [name, pattern] of compiled.headers) {
    const value = answer.headers.get(name);
    if (value === null || !pattern.test(value)) return false;
  }
  if (compiled.location === undefined) return true;
  return answer.location !== undefined && compiled.location.test(answer.location);
}

/** Refusals are texts of any kind, challenges in the place of a page are pages. */
function mayHoldMarks(status: number, contentType: string | null): boolean {
  if (status === 204 || status === 304) return false;
  if (status < 300) return contentType !== null && /^\s*(?:text\/html|application\/xhtml)/i.test(contentType);
  return contentType === null ||
    /^\s*(?:text\/(?!event-stream)|application\/(?:xhtml|json|xml|[\w.-]+\+(?:json|xml)))/i.test(contentType);
}

function compile(rule: VerdictRule): CompiledRule {
  return {
    rule,
    status: rule.status === undefined ? undefined : new Set(rule.status),
    headers: Object.entries(rule.headers ?? {}).map(([name, text]) =>
      [name.toLowerCase(), patternOf(rule, text)] as const
    ),
    location: rule.location === undefined ? undefined : patternOf(rule, rule.location),
    title: rule.title === undefined ? undefined : patternOf(rule, rule.title),
    body: rule.body === undefined ? undefined : patternOf(rule, rule.body),
  };
}

function patternOf({ name }: VerdictRule, text: string): RegExp {
  try {
    return new RegExp(text, "i");
  } catch (cause) {
    const message = `Cannot use verdict rule "${name.slice(0, 60)}": "${
      text.slice(0, 60)
    }" is no regular expression`;
    throw new ProxyWhirlError("INVALID_VERDICT_RULE", message, { cause });
  }
}
