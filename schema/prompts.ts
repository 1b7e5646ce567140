/** The two prompts: workflows of concrete calls. */
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

/** Prompts in the order in which they are listed. */
export const prompts: readonly PromptDefinition[] = [
  {
    name: "proxy_selection_workflow",
    title: "Choose a proxy",
    description:
      "Steps for choosing the best proxy for a request: needs, pool health, recommendation, check, use.",
    arguments: [
      { name: "region", description: "Country code, for example US", completes: "region" },
      { name: "performance", description: "high, medium or low" },
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
];
