/**
 * Keeps credentials out of everything that leaves the program.
 *
 * A credential sits in the userinfo of a URL, and lists also write it as `host:port:user:pass`. Text that
 * may hold either passes through here on its way out. When a text is ambiguous (an unescaped `/` in a
 * password looks like a path), more is removed rather than less.
 */

const URL_IN_TEXT = /([a-z][a-z0-9+.-]*:\/\/)([^\s"'<>`]+)/gi;
const HOST_LIKE = /^(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[a-z0-9-]+\.)+[a-z]{2,})$/i;

/**
 * Removes the userinfo of every `scheme://…` in a text. Everything else stays.
 *
 * Cost: linear in the length of the text.
 */
export function redactText(text: string): string {
  if (!text.includes("://") || !text.includes("@")) return text;
  return text.replace(URL_IN_TEXT, (_match, scheme: string, rest: string) => scheme + withoutUserinfo(rest));
}

/** A URL without its userinfo: `http://user:pw@h:1` becomes `http://h:1`. */
export function redactUrl(url: string): string {
  const start = url.indexOf("://");
  if (start < 0) return redactProxyInput(url);
  return url.slice(0, start + 3) + withoutUserinfo(url.slice(start + 3));
}

/**
 * What may be shown of a line that could not be read as a proxy: the scheme, what looks like a host, and
 * its port; anything that could be a user name or a password is `***`. At most 80 characters.
 */
export function redactProxyInput(input: string): string {
  const token = input.trim().split(/\s/, 1)[0] ?? "";
  const schemeEnd = token.indexOf("://");
  const scheme = schemeEnd < 0 ? "" : token.slice(0, schemeEnd + 3);
  let rest = token.slice(scheme.length);
  if (rest.includes("@")) rest = "***@" + rest.slice(rest.lastIndexOf("@") + 1);
  else if (!rest.startsWith("[") && rest.split(":").length > 2) {
    rest = rest.split(":").map((part) => HOST_LIKE.test(part) ? part : "***").join(":");
  }
  const shown = printable(scheme + rest);
  return shown.length > 80 ? shown.slice(0, 79) + "…" : shown;
}

function withoutUserinfo(rest: string): string {
  const end = rest.search(/[/?#\\]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const at = authority.includes(":") ? rest.lastIndexOf("@") : authority.lastIndexOf("@");
  return at < 0 ? rest : rest.slice(at + 1);
}

function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "?");
}
