/** Markers in documents: `<!-- gen:NAME -->` … `<!-- /gen:NAME -->`. */

/** The formatter must not touch what the generator wrote, or the two would undo each other. */
const IGNORE_START = "<!-- deno-fmt-ignore-start -->";
const IGNORE_END = "<!-- deno-fmt-ignore-end -->";
const ANY = /<!-- (\/?)gen:([\w-]*) -->/g;

/** The names of the parts of a document, in order. Throws for markers that do not pair. */
export function markersOf(text: string, path: string): readonly string[] {
  const names: string[] = [];
  let open: string | undefined;
  for (const match of text.matchAll(ANY)) {
    const [whole, slash, name = ""] = match;
    if (slash === "") {
      if (open !== undefined) {
        throw new SyntaxError(`Cannot read ${path}: gen:${open} is not closed before gen:${name}`);
      }
      if (names.includes(name)) throw new SyntaxError(`Cannot read ${path}: gen:${name} is there twice`);
      names.push(name);
      open = name;
    } else if (open === name) open = undefined;
    else throw new SyntaxError(`Cannot read ${path}: ${whole} closes nothing`);
  }
  if (open !== undefined) throw new SyntaxError(`Cannot read ${path}: gen:${open} is not closed`);
  return names;
}

/** The document with every part filled in. Throws for a name that no part has. */
export function fillMarkers(text: string, parts: ReadonlyMap<string, string>, path: string): string {
  let out = text;
  for (const name of markersOf(text, path)) {
    const part = parts.get(name);
    if (part === undefined) {
      throw new RangeError(
        `Cannot fill gen:${name} in ${path}: must be one of ${[...parts.keys()].join(", ")}`,
      );
    }
    const open = `<!-- gen:${name} -->`;
    const start = out.indexOf(open) + open.length;
    const end = out.indexOf(`<!-- /gen:${name} -->`, start);
    out = `${out.slice(0, start)}\n${IGNORE_START}\n\n${part.trimEnd()}\n\n${IGNORE_END}\n${out.slice(end)}`;
  }
  return out;
}
