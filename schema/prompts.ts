/** The prompts: workflows of concrete calls. */
import type { PromptDefinition } from "./define.ts";

const selection = `# Choosing a proxy

Work through these steps with the \`proxywhirl\` tool.

## 1. Assess requirements

Settle three things before you call anything:

- From which country should the site see the request? That becomes \`criteria.region\`, for example "US".
- What matters most? \`criteria.performance\` is "high" (fast and reliable), "medium" (reliable) or "low" (cheap, spares the good proxies).
- Is it one request, or several that must come from the same address? For the latter choose a session name.

## 2. Check pool health

\`\`\`json
{"action": "health"}
\`\`\`

- \`pool_status\` "healthy" or "degraded": go on.
- "critical": go on, and expect failures; more proxies are needed.
- "empty": stop here and ask the user for proxies. One call takes many:

\`\`\`json
{"action": "add", "proxy_urls": ["http://host:port"]}
\`\`\`

## 3. Get a recommendation

\`\`\`json
{"action": "recommend", "criteria": {"region": "{{region|US}}", "performance": "{{performance|high}}"}}
\`\`\`

Read \`reason\` and \`score\`, and keep the \`alternatives\` for later. If no proxy is found, leave out the region, then the tier.

## 4. Verify the selected proxy

Put the recommended id in:

\`\`\`json
{"action": "status", "proxy_id": "<id from step 3>"}
\`\`\`

Take it when \`health.circuit_breaker\` is "closed", \`health.consecutive_failures\` is 0 or small, and \`metrics.success_rate\` suits the task. A proxy with no requests yet is untried, not bad.

## 5. Use it, or rotate

For a plain sequence of requests let the strategy choose, and keep the \`lease_id\`:

\`\`\`json
{"action": "rotate", "criteria": {"region": "{{region|US}}"}}
\`\`\`

Several requests from one address: add \`"session": "any-name"\`; a new address for it: add \`"renew": true\`.

Always tell how it went, because the pool learns from it:

\`\`\`json
{"action": "report", "lease_id": "<lease_id>", "outcome": "ok", "latency_ms": 120}
\`\`\`

\`outcome\` is "blocked" when the site refused (403, 429, captcha), "dead" when the proxy itself failed. After either, rotate and try once more; after three failures on one site, stop and say so: the site, not the pool, may be the cause.
`;

const troubleshooting = `# Finding out why proxies fail

Work through these steps with the \`proxywhirl\` tool. Stop at the first one that explains the trouble.

## 1. Diagnose pool health

\`\`\`json
{"action": "health"}
\`\`\`

- \`total_proxies\` 0: there is nothing to use; add proxies.
- \`unknown_proxies\` large: most were never tried; their state is not known yet.
- \`failed_proxies\` or \`open_circuits\` large: the pool is worn out, or one site refuses all of it.
- \`average_success_rate\` under 0.8: look at single proxies next.

## 2. Check the specific proxy

\`\`\`json
{"action": "status", "proxy_id": "{{proxy_id|<id of the proxy>}}"}
\`\`\`

- \`health.circuit_breaker\` "open": it failed several times in a row and rests.
- \`health.last_failure\` later than \`health.last_success\`: it is failing now.
- \`targets\`: "blocked" at one site only means the site refuses it; the proxy is fine elsewhere.

No id at hand? See the bad ones:

\`\`\`json
{"action": "list", "status": "dead", "limit": 20}
\`\`\`

## 3. Circuit breaker issues

An open breaker closes by itself after a trial that works. Reset it only when you know that the cause is gone:

\`\`\`json
{"action": "reset_cb", "proxy_id": "{{proxy_id|<id of the proxy>}}"}
\`\`\`

If it opens again, the proxy is the cause: leave it, or remove it after asking the user.

## 4. Find an alternative

\`\`\`json
{"action": "recommend", "criteria": {"performance": "high"}}
\`\`\`

If nothing can be recommended, ask why:

\`\`\`json
{"action": "explain"}
\`\`\`

\`rejected\` counts the proxies by reason, and \`next_free_in_s\` says when waiting helps.

## 5. Rotate away

\`\`\`json
{"action": "rotate"}
\`\`\`

Then report the outcome with the \`lease_id\`, so that the failing proxy is avoided from now on.

## What the findings usually mean

| finding | likely cause | what to do |
|---|---|---|
| every breaker is open | the network here, or one site that refuses the whole pool | try another site; wait a minute before any reset |
| low success rate everywhere | old public proxies | add fresh ones, remove the dead |
| one proxy fails, others do not | that proxy, or its credentials | rotate away; check its user name and password |
| slow answers | distant or crowded proxies | recommend with performance "high" |
`;

const politeScraping = `# Planning a scraping job politely

Plan the job with the \`proxywhirl\` tool before the first page is fetched. A site that is treated well keeps letting the pool in.

The job: {{pages|some}} pages of {{target|<the site>}}.

## 1. Is it all right?

Ask the user, unless it is known: may this site be read by a program (its terms, its robots.txt), and is there an API or an export that would spare it? Personal data and anything behind a login need the user's explicit word. Stop here when the answer is no.

## 2. See what there is

\`\`\`json
{"action": "health"}
\`\`\`

\`\`\`json
{"action": "explain", "criteria": {"target": "{{target|<the site>}}", "region": "{{region|US}}"}}
\`\`\`

\`eligible\` is how many proxies can go there now. Fewer than 5 for many pages: fill the pool (\`fetch\`), drop the region, or make the job smaller.

## 3. Try before you start

\`\`\`json
{"action": "check_target", "url": "<a page of {{target|the site}}>", "sample": 5}
\`\`\`

- \`clean_ratio\` 0.8 or more: go on.
- 0.3 to 0.8: go on at half the pace of step 4.
- Less: stop, and use the prompt \`target_diagnosis_workflow\`.

## 4. Choose a pace

Requests per minute for the whole job = 4 × eligible proxies, and never more than 60: a site counts what reaches it, not only what one address asks. \`rate_limit\` of health tells whether the server paces by itself; if not, and the job is long, ask the user to start it with \`--pacing 15/min\`. Tell the user how long the job will take at this pace.

## 5. Rotation, sessions and regions

- Let the strategy learn which exits the site likes; unless the user wants another one:

\`\`\`json
{"action": "set_strategy", "strategy": "{{strategy|adaptive}}"}
\`\`\`

- Proxies of this job: those with the label {{tag|(any)}}. With a label, put it as \`"tag"\` into every \`criteria\`.

- Pages that belong together (a listing and its items, a cart, a language) share a \`session\` name, so that one address asks for them:

\`\`\`json
{"action": "request", "url": "<a page of {{target|the site}}>", "session": "visit-1", "criteria": {"region": "{{region|US}}"}, "format": "markdown"}
\`\`\`

- A session of about 20 pages looks like a visitor; then take another name.
- Set a region only if the page depends on it: it makes the pool smaller.
- No session for pages that have nothing to do with each other.

## 6. Work, and watch

Fetch each page once, and keep what you have. After every 20 requests look at the verdicts:

| what you see | what to do |
|---|---|
| \`ok\` | go on |
| \`blocked\` in 1 of 10 | half the pace |
| 429, or \`retry_after_s\` | wait that long, then half the pace |
| \`blocked\` in 3 of 10 | stop for an hour, then step 3 |
| \`dead\` | nothing: another proxy is tried by itself |
| \`target_error\` | the site itself fails: wait 10 minutes |

## 7. When to stop

Stop for good, and tell the user, when every page is there; when three pauses of step 6 did not help; when the site asks for a login or a captcha; or when the user's limit is reached. Report how many pages were fetched, how many are missing and why.
`;

const targetDiagnosis = `# Finding out how a site treats the pool

Find out with the \`proxywhirl\` tool why requests to {{target|a site}} fail, and what to do about it. Stop at the first step that explains it.

## 1. Ask the site

\`\`\`json
{"action": "check_target", "url": "<a page of {{target|the site}}>", "sample": 10}
\`\`\`

Each result has a \`verdict\`: "ok", "blocked" (the site refuses this proxy), "dead" (the proxy failed), "target_error" (the site failed). \`clean_ratio\` is the share that the site lets in; read \`advice\`.

| verdicts | meaning | go to |
|---|---|---|
| all \`ok\` | the site lets the pool in; look for the fault in the request: headers, method, pace | 2 |
| \`ok\` and \`blocked\` | it refuses some exits | 3 |
| all \`blocked\` | it refuses this kind of proxies, or this page | 4 |
| mostly \`dead\` | the proxies are the trouble, not the site | 5 |
| mostly \`target_error\` | the site is down: try again later | – |

## 2. See who could go there now

\`\`\`json
{"action": "explain", "criteria": {"target": "{{target|<the site>}}"}}
\`\`\`

\`rejected\` counts the proxies that may not, by reason; \`next_free_in_s\` says when waiting helps:

- \`paced\`: the pool goes as fast as it may; wait, or ask the user for another \`--pacing\`.
- \`target_cooling_down\`: the site asked everybody to wait; do so.
- \`ejected_on_target\`: refused there lately; each is tried again by itself.
- \`circuit_open\`: resting after failures of their own.

The resource \`proxy://targets/…\` shows the same per proxy.

## 3. Compare those that get in with those that do not

\`\`\`json
{"action": "status", "proxy_id": "{{proxy_id|<id of a refused proxy>}}"}
\`\`\`

\`\`\`json
{"action": "explain", "criteria": {"target": "{{target|<the site>}}"}, "proxy_id": "{{proxy_id|<id of a refused proxy>}}"}
\`\`\`

Do the refused ones share a region, a vendor, a protocol? Then ask for the others with \`criteria\`. The strategy \`adaptive\` learns it by itself:

\`\`\`json
{"action": "set_strategy", "strategy": "adaptive"}
\`\`\`

## 4. Everybody is refused

Check another page of the site: if that works, the first one needs a login or a cookie. If not, the site knows these addresses. Do not push: stop for an hour, go slower, use sessions (prompt \`polite_scraping_workflow\`), or use proxies of another kind (residential, mobile, another country).

## 5. The proxies themselves fail

\`\`\`json
{"action": "validate", "limit": 50}
\`\`\`

Then \`health\`. If few are left, \`fetch\` others or ask the user for a list. Work on with the prompt \`troubleshooting_workflow\`.

## 6. Say what you found

Tell the user in three sentences: what the site does, the figures that show it, and what to do next.
`;

const target = { name: "target", description: "Site, as host or URL", completes: "target" } as const;

/** Prompts in the order in which they are listed. */
export const prompts: readonly PromptDefinition[] = [
  {
    name: "proxy_selection_workflow",
    title: "Choose a proxy",
    description:
      "Steps for choosing the best proxy for a request: needs, pool health, recommendation, check, use.",
    arguments: [
      { name: "region", description: "Country code, for example US", completes: "region" },
      { name: "performance", description: "high, medium or low", completes: "performance" },
    ],
    text: selection,
  },
  {
    name: "troubleshooting_workflow",
    title: "Find out why proxies fail",
    description:
      "Steps for finding the cause of failing requests: pool, proxy, circuit breaker, alternative.",
    arguments: [{ name: "proxy_id", description: "Id of the proxy in question", completes: "proxy_id" }],
    text: troubleshooting,
  },
  {
    name: "polite_scraping_workflow",
    title: "Plan a scraping job politely",
    description:
      "Steps for planning many requests to one site: permission, trial, pace, sessions, regions, when to stop.",
    arguments: [
      target,
      { name: "pages", description: "How many pages, for example 200" },
      { name: "region", description: "Country code, for example US", completes: "region" },
      { name: "tag", description: "Label of the proxies to use", completes: "tag" },
      { name: "strategy", description: "How proxies rotate, for example adaptive", completes: "strategy" },
    ],
    text: politeScraping,
  },
  {
    name: "target_diagnosis_workflow",
    title: "Find out how a site treats the pool",
    description:
      "Steps for finding out why requests to one site fail: try it, explain it, compare proxies, decide.",
    arguments: [
      target,
      { name: "proxy_id", description: "Id of a proxy that the site refuses", completes: "proxy_id" },
    ],
    text: targetDiagnosis,
  },
];
