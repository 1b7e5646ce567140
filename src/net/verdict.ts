/** Judges answers by rules; the rules themselves are data, in `verdict_rules.ts`. */

import { ProxyWhirlError, type Verdict } from "../core/mod.ts";
import { decodeText } from "./charset.ts";
import { type TextPattern, VERDICT_RULES, type VerdictRule } from "./verdict_rules.ts";

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
  /** Whether it is one of the user's. */
  readonly isExtra: boolean;
  readonly status: ReadonlySet<number> | undefined;
  readonly headers: readonly (readonly [string, TextPattern])[];
  readonly location: TextPattern | undefined;
  readonly title: TextPattern | undefined;
  readonly body: TextPattern | undefined;
}

/** The start of a body, as rules look at it. */
interface Page {
  readonly text: string;
  readonly title: string;
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
    this.#rules = [
      ...extra.map((rule) => compile(rule, true)),
      ...VERDICT_RULES.map((rule) => compile(rule, false)),
    ];
  }

  /** Whether the body could change the judgement of the head. */
  wantsBody(answer: JudgedAnswer): boolean {
    for (const rule of this.#rules) {
      if (!fitsHead(rule, answer)) continue;
      if (rule.body === undefined && rule.title === undefined) return false;
      if (looksInto(rule, answer)) return true;
    }
    return false;
  }

  /**
   * Judges an answer.
   *
   * @param body First bytes of the body, decoded; leave it out when {@linkcode VerdictClassifier.wantsBody} says so
   */
  judge(answer: JudgedAnswer, body?: Uint8Array): Judged {
    const pages = new Pages(body, answer);
    for (const compiled of this.#rules) {
      if (!fitsHead(compiled, answer)) continue;
      if (compiled.title !== undefined || compiled.body !== undefined) {
        const page = looksInto(compiled, answer) ? pages.for(compiled) : undefined;
        if (page === undefined) continue;
        if (compiled.title !== undefined && !compiled.title.test(page.title)) continue;
        if (compiled.body !== undefined && !compiled.body.test(page.text)) continue;
      }
      const { name, reason = name, verdict } = compiled.rule;
      return { verdict, rule: name, reason };
    }
    const { status } = answer;
    if (status >= 500) return { verdict: "target_error", rule: "server-error", reason: `status ${status}` };
    return { verdict: "ok", rule: "status", reason: `status ${status}` };
  }
}

/** The start of a body, decoded when a rule first asks for it. */
class Pages {
  readonly #body: Uint8Array | undefined;
  readonly #contentType: string | null;
  #plain: Page | undefined;
  #decoded: Page | undefined;

  constructor(body: Uint8Array | undefined, { headers }: JudgedAnswer) {
    this.#body = body;
    this.#contentType = headers.get("content-type");
  }

  /** The marks of guards are ASCII in any charset; users write in their own language. */
  for({ isExtra }: CompiledRule): Page | undefined {
    const body = this.#body;
    if (body === undefined) return undefined;
    if (isExtra) return this.#decoded ??= pageOf(decodeText(body, this.#contentType));
    return this.#plain ??= pageOf(new TextDecoder("latin1").decode(body));
  }
}

function pageOf(text: string): Page {
  return { text, title: /<title[^>]{0,200}>([^<]{0,300})/i.exec(text)?.[1]?.trim() ?? "" };
}

/** Whether a rule looks into bodies of this kind: those of users into every text, since they know their sites. */
function looksInto({ isExtra }: CompiledRule, { status, headers }: JudgedAnswer): boolean {
  const contentType = headers.get("content-type");
  return mayHoldMarks(isExtra ? 400 : status, contentType) && status !== 204 && status !== 304;
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
  if (status < 300) return contentType !== null && /^\s*(?:text\/html|application\/xhtml)/i.test(contentType);
  return contentType === null ||
    /^\s*(?:text\/(?!event-stream)|application\/(?:xhtml|json|xml|[\w.-]+\+(?:json|xml)))/i.test(contentType);
}

function compile(rule: VerdictRule, isExtra: boolean): CompiledRule {
  const { headers = {}, status } = rule;
  const pattern = (key: "location" | "title" | "body") => {
    const given = rule[key];
    return given === undefined ? undefined : patternOf(rule, given);
  };
  return {
    rule,
    isExtra,
    status: status === undefined ? undefined : new Set(status),
    headers: Object.entries(headers).map(([name, given]) =>
      [name.toLowerCase(), patternOf(rule, given)] as const
    ),
    location: pattern("location"),
    title: pattern("title"),
    body: pattern("body"),
  };
}

function patternOf({ name }: VerdictRule, given: string | TextPattern): TextPattern {
  if (typeof given !== "string") return given instanceof RegExp ? withoutState(given) : given;
  try {
    return new RegExp(given, "i");
  } catch (cause) {
    const message = `Cannot use verdict rule "${name.slice(0, 60)}": "${
      given.slice(0, 60)
    }" is no regular expression`;
    throw new ProxyWhirlError("INVALID_VERDICT_RULE", message, { cause });
  }
}

/** With the flags `g` and `y` a search begins where the last one ended. */
function withoutState({ flags, source }: RegExp): RegExp {
  return new RegExp(source, flags.replace(/[gy]/g, ""));
}
