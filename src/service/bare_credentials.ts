/**
 * Removes credentials that are written without a scheme: `user:pass@host` and `host:port:user:pass`.
 *
 * By hand, since what is searched may come from a hostile site: regular expressions for these forms take quadratic time,
 * some 10 s for 80 kB without a space. Here each character is looked at a few times, whatever the text.
 */

/** `user:pass@host` as `***@host`, everywhere in a text. */
export function hideUserinfo(text: string): string {
  let shown = "";
  let done = 0;
  // Where the text between two of space, slash and `@` begins.
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "@") {
      const user = userStart(text, start, at);
      if (user >= 0 && HOST_START.test(text[at + 1] ?? "")) {
        shown += `${text.slice(done, user)}***@`;
        done = at + 1;
      }
    }
    if (char === "@" || char === "/" || isSpace(char)) start = at + 1;
  }
  return done === 0 ? text : shown + text.slice(done);
}

const HOST_START = /[\w[]/;

/** Where `user:pass` begins between two places, or -1: something, a colon, and something. */
function userStart(text: string, start: number, end: number): number {
  let first = start;
  while (first < end && text[first] === ":") first++;
  // Not `indexOf`, which would go on to the end of the text for each `@`.
  let colon = first;
  while (colon < end && text[colon] !== ":") colon++;
  return colon < end - 1 ? first : -1;
}

/** `host:port:user:pass` as `host:port:***`, everywhere in a text. */
export function hideTrailingCredentials(text: string): string {
  // No credential of this form is shorter than `a.b:1:u:p`.
  return text.replace(/\S{9,}/g, hideInWord);
}

function hideInWord(word: string): string {
  let [host, port, user] = [0, word.indexOf(":"), 0];
  for (; port >= 0; host = port + 1, port = user) {
    user = word.indexOf(":", port + 1);
    if (user < 0) return word;
    const isAddress = isPort(word, port + 1, user) && isHost(word, host, port);
    const password = isAddress ? word.indexOf(":", user + 1) : -1;
    if (password <= user + 1 || password === word.length - 1) continue;
    if (!word.slice(user + 1, password).includes("/")) return `${word.slice(0, user)}:***`;
  }
  return word;
}

function isPort(word: string, start: number, end: number): boolean {
  return end - start <= 5 && /^\d+$/.test(word.slice(start, end));
}

/** Whether a name with a dot ends here, whatever is before it. */
function isHost(word: string, start: number, end: number): boolean {
  let dot = end;
  while (dot > start && LABEL.test(word[dot - 1] ?? "")) dot--;
  return dot < end && word[dot - 1] === "." && dot - 2 >= start && LABEL.test(word[dot - 2] ?? "");
}

const LABEL = /[\w-]/;

function isSpace(char: string): boolean {
  return SPACE.test(char);
}

const SPACE = /\s/;
