import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { VerdictClassifier } from "../../../src/net/verdict.ts";
import { VERDICT_RULES } from "../../../src/net/verdict_rules.ts";

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly mayBeFromProxy?: boolean;
  readonly location?: string;
}

const classifier = new VerdictClassifier();

function judge(answer: Answer, by = classifier) {
  const { status = 200, headers = {}, body = "", mayBeFromProxy = false, location } = answer;
  const fields = new Headers({ "content-type": "text/html", ...headers });
  const judged = { status, headers: fields, mayBeFromProxy, location };
  const bytes = by.wantsBody(judged) ? new TextEncoder().encode(body) : undefined;
  const { verdict, rule } = by.judge(judged, bytes);
  return [verdict, rule];
}

const titled = (title: string, body = "") =>
  `<!doctype html><html><head><title>${title}</title></head><body>${body}`;

const CASES: readonly (readonly [string, Answer, string, string])[] = [
  ["a page", { body: titled("Shop") }, "ok", "status"],
  ["a missing page", { status: 404 }, "ok", "status"],
  ["a page that wants a login", { status: 401, body: "g-recaptcha" }, "ok", "status"],
  ["a redirect", { status: 302, location: "https://shop.example/new" }, "ok", "status"],
  ["a broken site", { status: 500 }, "target_error", "server-error"],
  ["an overloaded site", { status: 503, body: "try later" }, "target_error", "server-error"],
  ["403", { status: 403 }, "blocked", "forbidden"],
  ["429", { status: 429 }, "blocked", "rate-limited"],
  ["451", { status: 451 }, "blocked", "legal-block"],
  ["999", { status: 999 }, "blocked", "linkedin-999"],
  [
    "a spent limit",
    { status: 503, headers: { "retry-after": "9", "x-ratelimit-remaining": "0" } },
    "blocked",
    "rate-limit-exhausted",
  ],
  ["407 of the proxy", { status: 407, mayBeFromProxy: true }, "dead", "proxy-auth"],
  ["407 of a site", { status: 407 }, "ok", "status"],
  [
    "squid's own error",
    { status: 503, headers: { "x-squid-error": "ERR_CONNECT_FAIL 111" }, mayBeFromProxy: true },
    "dead",
    "proxy-error-squid",
  ],
  [
    "the same from a site",
    { status: 503, headers: { "x-squid-error": "ERR_CONNECT_FAIL 111" } },
    "target_error",
    "server-error",
  ],
  [
    "tinyproxy's own error",
    { status: 500, headers: { server: "tinyproxy/1.11.1" }, mayBeFromProxy: true },
    "dead",
    "proxy-error-tinyproxy",
  ],
  ["proxy-chain's own error", { status: 595, mayBeFromProxy: true }, "dead", "proxy-cannot-reach"],
  [
    "Cloudflare's challenge by header",
    { status: 403, headers: { "cf-mitigated": "challenge" } },
    "blocked",
    "cloudflare-challenge",
  ],
  [
    "Cloudflare's challenge by body",
    { status: 503, body: "<script>window._cf_chl_opt={}" },
    "blocked",
    "cloudflare-challenge-page",
  ],
  [
    "Cloudflare's challenge by title",
    { status: 403, body: titled("Just a moment...") },
    "blocked",
    "cloudflare-challenge-title",
  ],
  [
    "Cloudflare's rate limit",
    { status: 429, headers: { server: "cloudflare" }, body: "<h1>Error <span>1015</span>" },
    "blocked",
    "cloudflare-rate-limit",
  ],
  [
    "Cloudflare's block",
    { status: 403, headers: { server: "cloudflare" }, body: "error code: 1020" },
    "blocked",
    "cloudflare-block",
  ],
  [
    "a page behind Cloudflare",
    { headers: { server: "cloudflare" }, body: "/cdn-cgi/challenge-platform/h/g/scripts/jsd/x.js" },
    "ok",
    "status",
  ],
  [
    "DataDome by header",
    { status: 403, headers: { "x-datadome": "protected" } },
    "blocked",
    "datadome-challenge",
  ],
  [
    "DataDome by body",
    { status: 403, body: "var dd={'host':'geo.captcha-delivery.com'}" },
    "blocked",
    "datadome-page",
  ],
  [
    "a page with DataDome's tag",
    { headers: { "x-datadome": "protected" }, body: "js.datadome.co/tags.js" },
    "ok",
    "status",
  ],
  ["HUMAN's captcha", { status: 403, body: '<div id="px-captcha">' }, "blocked", "human-challenge"],
  ["HUMAN's block", { status: 403, body: "window._pxAppId = 'PX1'" }, "blocked", "human-block"],
  ["a page with HUMAN's sensor", { body: "window._pxAppId = 'PX1'" }, "ok", "status"],
  [
    "Imperva's challenge, served as 200",
    { body: "<iframe src=/_Incapsula_Resource?SWUDNSAI=31>" },
    "blocked",
    "imperva-challenge",
  ],
  ["Imperva's block", { status: 403, headers: { "x-iinfo": "8-1" } }, "blocked", "imperva-block"],
  [
    "Akamai's block by reference",
    {
      status: 403,
      body: titled("Access Denied", "Reference&#32;&#35;18&#46;2d351ab8&#46;1557333295&#46;a4e16ab"),
    },
    "blocked",
    "akamai-block",
  ],
  [
    "Akamai's block by server",
    { status: 403, headers: { server: "AkamaiGHost" } },
    "blocked",
    "akamai-server",
  ],
  [
    "Akamai's challenge",
    { status: 428, body: '<div id="sec-if-cpt-container">' },
    "blocked",
    "akamai-bot-manager",
  ],
  [
    "AWS WAF's challenge",
    { status: 202, headers: { "x-amzn-waf-action": "challenge" } },
    "blocked",
    "aws-waf-challenge",
  ],
  [
    "AWS WAF's captcha page",
    { status: 405, body: "https://x.captcha.awswaf.com/x/jsapi.js" },
    "blocked",
    "aws-waf-page",
  ],
  [
    "CloudFront's block",
    { status: 403, headers: { "x-cache": "Error from cloudfront" }, body: "Request blocked." },
    "blocked",
    "cloudfront-block",
  ],
  ["a captcha on a refusal", { status: 403, body: "<div class=h-captcha>" }, "blocked", "captcha-page"],
  ["a captcha in place of a page", { body: titled("Robot Check") }, "blocked", "captcha-title"],
  ["a page about captchas", { body: titled("CAPTCHA: how it works", "g-recaptcha") }, "ok", "status"],
  [
    "a redirect to a captcha",
    { status: 302, location: "https://shop.example/captcha?next=/" },
    "blocked",
    "captcha-redirect",
  ],
  [
    "a redirect to Google's sorry page",
    { status: 302, location: "https://www.google.com/sorry/index?continue=x" },
    "blocked",
    "google-sorry",
  ],
  [
    "JSON that speaks of a captcha",
    { headers: { "content-type": "application/json" }, body: "g-recaptcha" },
    "ok",
    "status",
  ],
];

describe("VerdictClassifier", () => {
  for (const [name, answer, verdict, rule] of CASES) {
    test(`judges ${name}`, () => assert.deepEqual(judge(answer), [verdict, rule]));
  }

  test("looks at bodies only where they could matter", () => {
    const wants = (status: number, contentType: string) =>
      classifier.wantsBody({
        status,
        headers: new Headers({ "content-type": contentType }),
        mayBeFromProxy: false,
      });
    assert.equal(wants(200, "text/html; charset=utf-8"), true);
    assert.equal(wants(200, "application/json"), false);
    assert.equal(wants(200, "image/png"), false);
    assert.equal(wants(403, "application/json"), true);
    assert.equal(wants(403, "image/png"), false);
    assert.equal(wants(404, "text/html"), false);
    assert.equal(wants(204, "text/html"), false);
  });

  test("lets rules of the user go first", () => {
    const own = new VerdictClassifier([
      { name: "soft-block", verdict: "blocked", status: [200], body: "please log in to continue" },
      { name: "fine-403", verdict: "ok", status: [403], headers: { "x-mine": "^yes$" } },
    ]);
    assert.deepEqual(judge({ body: "Please LOG IN to continue" }, own), ["blocked", "soft-block"]);
    assert.deepEqual(judge({ status: 403, headers: { "x-mine": "yes" } }, own), ["ok", "fine-403"]);
    assert.deepEqual(judge({ status: 403 }, own), ["blocked", "forbidden"]);
  });

  test("refuses a rule that is no regular expression, and names it", () => {
    assert.throws(() => new VerdictClassifier([{ name: "mine", verdict: "blocked", body: "(" }]), {
      code: "INVALID_VERDICT_RULE",
      message: /"mine"/,
    });
  });

  test("has a name of its own for each rule", () => {
    assert.equal(new Set(VERDICT_RULES.map(({ name }) => name)).size, VERDICT_RULES.length);
  });

  test("is not slowed down by a hostile page", () => {
    for (const part of ["<title ", "error<", "Reference #", "error code: ", "verify you ", "/captcha"]) {
      const body = part.repeat(16_384 / part.length);
      const start = performance.now();
      judge({ status: 403, headers: { server: "cloudflare" }, body });
      judge({ body });
      assert.ok(performance.now() - start < 1_000, part);
    }
  });
});
