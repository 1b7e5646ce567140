/**
 * Keeps credentials out of everything that leaves the program.
 *
 * A credential sits in the userinfo of a URL, and lists also write it as `host:port:user:pass`. Text that
 * may hold either passes through here on its way out. When a text is ambiguous (an unescaped `/` in a
 * password looks like a path), more is removed rather than less.
 */

/**
 * Starts at `://`, since a pattern for the scheme before it would take quadratic time on a long word. An
 * apostrophe does not end a URL: it may stand unescaped in a password.
 */
const URL_IN_TEXT = /:\/\/([^\s"<>]+)/g;
const IP = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i;
const ADDRESS = /^(?:(?:[a-z0-9_-]+\.)+[a-z0-9-]+|\[[0-9a-f:.]+\])(?::\d*)?$/i;
const SCHEME = /^[a-z][a-z0-9+.-]{0,19}$/i;

/**
 * Removes the credentials of every `scheme://…` in a text. Everything else stays.
 *
 * Cost: linear in the length of the text.
 */
export function redactText(text: string): string {
  if (!text.includes("://")) return text;
  return text.replace(URL_IN_TEXT, (_match, rest: string) => "://" + withoutCredentials(rest));
}

/** A URL without its credentials: `http://user:pw@h:1` becomes `http://h:1`. */
export function redactUrl(url: string): string {
  const start = url.indexOf("://");
  if (start < 0) return redactProxyInput(url);
  return url.slice(0, start + 3) + withoutCredentials(url.slice(start + 3));
}

/**
 * What may be shown of a line that could not be read as a proxy: the scheme, what looks like a host, and
 * its port; anything that could be a user name or a password is `***`. At most 80 characters.
 */
export function redactProxyInput(input: string): string {
  const text = input.trim();
  const schemeEnd = text.indexOf("://");
  const hasScheme = SCHEME.test(text.slice(0, Math.max(0, schemeEnd)));
  const scheme = hasScheme ? text.slice(0, schemeEnd + 3) : "";
  const rest = text.slice(scheme.length);
  const shown = printable(scheme + shownRest(rest));
  return shown.length > 80 ? shown.slice(0, 79) + "…" : shown;
}

function shownRest(rest: string): string {
  const at = rest.lastIndexOf("@");
  const first = rest.slice(at + 1).split(/[\s,|/?#]/, 1)[0] ?? "";
  if (at >= 0) {
    // In `host:port@user:pass` the user may look like a host and the password like a port.
    const isReversed = /:\d+\s*$/.test(rest.slice(0, at)) && !IP.test(first.replace(/:\d*$/, ""));
    return `***@${isReversed ? "***" : shownIf(ADDRESS, first)}`;
  }
  if (!rest.includes(":") || ADDRESS.test(first)) return first;
  return first.split(/:(?![^[]*\])/).map((part) => shownIf(IP, part)).join(":");
}

function shownIf(pattern: RegExp, text: string): string {
  return pattern.test(text) ? text : "***";
}

function withoutCredentials(rest: string): string {
  const end = rest.search(/[/?#\\]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const at = authority.includes(":") ? rest.lastIndexOf("@") : authority.lastIndexOf("@");
  if (at >= 0) return rest.slice(at + 1);
  const fields = authority.replace(/[\p{P}\s]+$/u, "").split(":");
  if (fields.length < 3 || authority.startsWith("[")) return rest;
  return fields.map((field) => shownIf(IP, field)).join(":");
}

function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "?");
}
