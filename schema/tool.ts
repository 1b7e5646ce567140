/** The unified tool, its description and the server's instructions. */
import type { ErrorDefinition, ToolDefinition } from "./define.ts";

/** Two arrows that turn around a point. */
const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#2a7de1" ' +
  'stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"><path d="M20 11a8 8 0 0 0-14-4.5L4 9m0-5v5h5' +
  'M4 13a8 8 0 0 0 14 4.5l2-2.5m0 5v-5h-5"/><circle cx="12" cy="12" r="1.5" fill="#2a7de1"/></svg>';

/** The unified tool. */
export const tool: ToolDefinition = {
  name: "proxywhirl",
  title: "ProxyWhirl",
  description: "Works with a pool of proxies: choose one, see how they do, report outcomes, manage them. " +
    "Each call does one action, listed as name(what it needs); parameters name the actions that take them. Proxy credentials are never shown. " +
    "Errors are {error, code}.",
  parts: [
    {
      suffix: "_read",
      title: "ProxyWhirl: look",
      description: "Shows a pool of proxies.",
      effects: ["read"],
    },
    {
      suffix: "_use",
      title: "ProxyWhirl: use proxies",
      description: "Uses a pool of proxies.",
      effects: ["use"],
    },
    {
      suffix: "_manage",
      title: "ProxyWhirl: change the pool",
      description: "Changes a pool of proxies.",
      effects: ["write", "destructive"],
    },
  ],
  icon: "data:image/svg+xml," + encodeURIComponent(ICON),
  instructions:
    "ProxyWhirl manages a pool of proxies through the tool proxywhirl; the parameter action says what to do.\n" +
    '- Start with {"action":"health"}. If pool_status is "empty", ask the user for proxies and add them.\n' +
    '- A proxy for one task: {"action":"recommend","criteria":{"region":"US","performance":"high"}}.\n' +
    '- A new proxy for each request: {"action":"rotate"}; add a session name to keep the same one.\n' +
    '- After a request: {"action":"report","lease_id":"…","outcome":"ok"|"blocked"|"dead"}. The pool learns from it.\n' +
    '- Trouble: {"action":"status","proxy_id":"…"}, then {"action":"explain"}.\n' +
    "Results may carry next_step and message: read them. Errors are {error, code}, with retry_after_s when waiting helps.",
};

/** Errors that every action can answer. */
export const commonErrors: readonly ErrorDefinition[] = [
  { code: 400, text: "action required. Must be one of: <actions>", when: "`action` is missing" },
  { code: 400, text: "Unknown action: <action>. Must be one of: <actions>", when: "there is no such action" },
  {
    code: 400,
    text: 'Unknown key "<key>" for <action> action. Allowed: <keys>',
    when: "the action does not take the key",
  },
  {
    code: 400,
    text: "<key> must be <what is allowed>, got <value>",
    when: "a value is of the wrong type or range",
  },
  {
    code: 401,
    text: "Authentication failed: Invalid API key",
    when: "a key is configured and another or none was given",
  },
  {
    code: 403,
    text: "<action> is not allowed: the server is read-only",
    when: "the server runs with `--read-only`",
  },
  { code: 500, text: "Internal error: <reason>", when: "something else went wrong" },
  {
    code: 501,
    text: "<action> is not available in this version",
    when: "the action is announced but does not work yet",
  },
];
