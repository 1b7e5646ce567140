/**
 * How sites and their guards say no: the marks by which an answer is judged, as data.
 *
 * The first rule that fits decides. A rule fits when all that it names fits: the status, the header fields, the
 * place a redirect leads to, the title, the start of the body. Texts are regular expressions without regard to
 * case. Bodies are looked at only in their first bytes, and only where the answer is a text.
 *
 * Sources: the vendors' documentation (Cloudflare "Detect a challenge page response", AWS WAF developer guide "How
 * challenge and CAPTCHA actions work", DataDome and HUMAN integration guides, Imperva "Error pages and codes"), and
 * the answers themselves.
 */

import type { Verdict } from "../core/mod.ts";

/** What says whether it is in a text: a `RegExp`, or one of another engine. */
export interface TextPattern {
  /** Whether it is in the text. */
  test(text: string): boolean;
}

/** One mark, and what it means. Texts to look for are regular expressions, with regard to case only as `RegExp`. */
export interface VerdictRule {
  /** Name, shown with each verdict that it decides. */
  readonly name: string;
  /** What it means. */
  readonly verdict: Exclude<Verdict, "aborted">;
  /** Statuses it goes for. @default {any} */
  readonly status?: readonly number[];
  /** Header fields that must be there and match. */
  readonly headers?: Readonly<Record<string, string | TextPattern>>;
  /** Where a redirect leads. */
  readonly location?: string | TextPattern;
  /** Title of an HTML page. */
  readonly title?: string | TextPattern;
  /** Text in the first bytes of the body. */
  readonly body?: string | TextPattern;
  /** Whether it goes only for answers that an HTTP proxy could have written itself (plain HTTP, absolute form). */
  readonly onlyFromProxy?: boolean;
  /** What it means, in a few words; the rule's name when absent. */
  readonly reason?: string;
}

/** Pages of guards come with these. */
const REFUSALS = [403, 405, 406, 410, 418, 428, 429, 444, 503];
const CHALLENGES = [200, 202, ...REFUSALS];

/** The rules that come with the program, most telling first. */
export const VERDICT_RULES: readonly VerdictRule[] = [
  // The proxy speaks for itself.
  {
    name: "proxy-auth",
    verdict: "dead",
    status: [407],
    onlyFromProxy: true,
    reason: "the proxy wants other credentials",
  },
  {
    name: "proxy-error-squid",
    verdict: "dead",
    headers: { "x-squid-error": "^ERR_" },
    onlyFromProxy: true,
    reason: "error page of the proxy (squid)",
  },
  {
    name: "proxy-error-tinyproxy",
    verdict: "dead",
    status: [400, 401, 403, 500, 502, 503, 504],
    headers: { server: "^tinyproxy" },
    onlyFromProxy: true,
    reason: "error page of the proxy (tinyproxy)",
  },
  {
    name: "proxy-error-page",
    verdict: "dead",
    status: [400, 403, 500, 502, 503, 504],
    headers: { server: "^(?:squid|privoxy|mikrotik|3proxy|haproxy|proxy-chain|CCProxy)" },
    onlyFromProxy: true,
    reason: "error page of the proxy",
  },
  {
    name: "proxy-cannot-reach",
    verdict: "dead",
    status: [590, 591, 592, 593, 594, 595, 596, 597, 598, 599],
    onlyFromProxy: true,
    reason: "the proxy could not reach the site",
  },

  // Cloudflare.
  {
    name: "cloudflare-challenge",
    verdict: "blocked",
    headers: { "cf-mitigated": "challenge" },
    reason: "challenge of Cloudflare",
  },
  {
    name: "cloudflare-rate-limit",
    verdict: "blocked",
    status: [403, 429],
    headers: { server: "^cloudflare" },
    body: "error(?:\\s|&nbsp;|<[^>]{0,99}>){0,9}(?:code:?\\s?)?1015|you are being rate limited",
    reason: "rate limit of Cloudflare (1015)",
  },
  {
    name: "cloudflare-block",
    verdict: "blocked",
    status: [403],
    headers: { server: "^cloudflare" },
    body:
      "error(?:\\s|<[^>]{0,99}>){0,9}(?:code:?\\s?)?10(?:05|06|07|08|09|10|12|20)|sorry, you have been blocked|cf-error-details",
    reason: "block of Cloudflare",
  },
  {
    // Scripts below /cdn-cgi/challenge-platform/ are in many pages that are served as wished.
    name: "cloudflare-challenge-page",
    verdict: "blocked",
    status: [200, 403, 429, 503],
    body: "_cf_chl_opt|cf-browser-verification",
    reason: "challenge page of Cloudflare",
  },
  {
    name: "cloudflare-challenge-title",
    verdict: "blocked",
    status: [403, 429, 503],
    title: "^(?:just a moment|attention required! \\| cloudflare|please wait\\.\\.\\. \\| cloudflare)",
    reason: "challenge page of Cloudflare",
  },

  // DataDome.
  {
    name: "datadome-challenge",
    verdict: "blocked",
    status: REFUSALS,
    headers: { "x-datadome": "." },
    reason: "challenge of DataDome",
  },
  {
    name: "datadome-page",
    verdict: "blocked",
    status: CHALLENGES,
    body:
      "(?:geo|interstitial|ct)\\.captcha-delivery\\.com/(?:captcha|interstitial|c\\.js)|'host':'geo\\.captcha-delivery\\.com'",
    reason: "challenge page of DataDome",
  },

  // PerimeterX, now HUMAN.
  {
    name: "human-challenge",
    verdict: "blocked",
    status: CHALLENGES,
    body: "id=[\"']?px-captcha",
    reason: "challenge of HUMAN (PerimeterX)",
  },
  {
    // These are in pages that are served as wished, too.
    name: "human-block",
    verdict: "blocked",
    status: REFUSALS,
    body: '_pxAppId|captcha\\.px-cdn\\.net|"appId"\\s?:\\s?"PX',
    reason: "block of HUMAN (PerimeterX)",
  },
  {
    name: "human-title",
    verdict: "blocked",
    status: REFUSALS,
    title: "access to this page has been denied",
    reason: "block of HUMAN (PerimeterX)",
  },

  // Imperva, once Incapsula.
  {
    name: "imperva-challenge",
    verdict: "blocked",
    status: CHALLENGES,
    body:
      "_Incapsula_Resource\\?(?:SWUDNSAI|CWUDNSAI|SWJIYLWA|NWFURVBO)|Incapsula incident ID|Request unsuccessful\\. Incapsula",
    reason: "challenge of Imperva",
  },
  {
    name: "imperva-block",
    verdict: "blocked",
    status: [403],
    headers: { "x-iinfo": "." },
    reason: "block of Imperva",
  },

  // Akamai.
  {
    name: "akamai-block",
    verdict: "blocked",
    status: [403, 429],
    body:
      "(?:Reference|&#35;|#)\\s*(?:&#35;|#)?\\d{1,2}(?:\\.|&#46;)[0-9a-f]{6,10}(?:\\.|&#46;)\\d{8,12}(?:\\.|&#46;)[0-9a-f]+|errors\\.edgesuite\\.net",
    reason: "block of Akamai",
  },
  {
    name: "akamai-server",
    verdict: "blocked",
    status: [403, 429],
    headers: { server: "^AkamaiGHost|^AkamaiNetStorage" },
    reason: "block of Akamai",
  },
  {
    name: "akamai-bot-manager",
    verdict: "blocked",
    status: CHALLENGES,
    body: "sec-if-cpt-container|/_sec/cp_challenge/|behavioral-content.{0,40}akamai",
    reason: "challenge of Akamai",
  },

  // AWS.
  {
    name: "aws-waf-challenge",
    verdict: "blocked",
    status: [202, 403, 405],
    headers: { "x-amzn-waf-action": "challenge|captcha" },
    reason: "challenge of AWS WAF",
  },
  {
    name: "aws-waf-page",
    verdict: "blocked",
    status: [202, 403, 405],
    body: "\\.(?:token|captcha)\\.awswaf\\.com/|AwsWafIntegration|awsWafCookieDomainList",
    reason: "challenge page of AWS WAF",
  },
  {
    name: "cloudfront-block",
    verdict: "blocked",
    status: [403],
    headers: { "x-cache": "^Error from cloudfront" },
    body: "Request blocked|could not be satisfied",
    reason: "block of CloudFront",
  },

  // Others by name.
  {
    name: "kasada-challenge",
    verdict: "blocked",
    status: [403, 429],
    headers: { "x-kpsdk-ct": "." },
    reason: "challenge of Kasada",
  },
  {
    name: "sucuri-block",
    verdict: "blocked",
    status: [403],
    headers: { server: "^Sucuri" },
    reason: "block of Sucuri",
  },
  {
    name: "google-sorry",
    verdict: "blocked",
    location: "^https?://(?:www\\.)?google\\.[a-z.]+/sorry/",
    reason: "unusual traffic, says Google",
  },
  {
    name: "linkedin-999",
    verdict: "blocked",
    status: [999],
    reason: "refused with status 999",
  },

  // Where a redirect leads.
  {
    name: "captcha-redirect",
    verdict: "blocked",
    location:
      "[/.?&=_-](?:captcha|recaptcha|hcaptcha|robot-?check|bot-?check|are-?you-?human|validatecaptcha|blocked|access-?denied|distil_r_captcha|px-captcha)(?:[/.?&=_-]|$)",
    reason: "redirect to a captcha",
  },

  // Captchas in general. A page that is served may be about captchas, so there the title must say nothing else.
  {
    name: "captcha-page",
    verdict: "blocked",
    status: REFUSALS,
    body:
      "g-recaptcha|h-captcha|hcaptcha\\.com/1/api|cf-turnstile|recaptcha/api\\.js|arkoselabs|funcaptcha|geetest",
    reason: "captcha",
  },
  {
    name: "captcha-title",
    verdict: "blocked",
    status: [200, 202],
    title:
      "^(?:robot (?:check|or human\\??)|are you (?:a )?(?:robot|human)\\??|human verification|pardon our interruption.*|" +
      "verify (?:that )?you(?:'|&#39;)?(?: a)?re (?:a )?(?:not a robot|human)|captcha|just a moment\\.\\.\\.)$",
    reason: "challenge page",
  },
  {
    name: "refusal-title",
    verdict: "blocked",
    status: REFUSALS,
    title:
      "robot|captcha|human|security check|unusual traffic|bot (?:detection|protection)|denied|blocked|restricted",
    reason: "challenge page",
  },

  // The status alone.
  { name: "rate-limited", verdict: "blocked", status: [429], reason: "status 429" },
  { name: "forbidden", verdict: "blocked", status: [403], reason: "status 403" },
  { name: "legal-block", verdict: "blocked", status: [451], reason: "status 451" },
  {
    name: "rate-limit-exhausted",
    verdict: "blocked",
    status: [503],
    headers: { "retry-after": ".", "x-ratelimit-remaining": "^0$" },
    reason: "rate limit used up",
  },
];
