/** Small helpers of the emitters: names, comments, literals. */

/** Longest line of generated code, where it can be helped. */
const WIDTH = 110;

/** Head of a generated TypeScript file. */
export function header(doc: string): string {
  return `// Generated from schema/ by \`deno task gen\`. Do not edit.\n\n/**\n * ${doc}\n *\n * @module\n */\n`;
}

/** `reset_cb` → `ResetCb`. */
export function pascal(name: string): string {
  return name.split(/[_.]/).map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
}

/** `reset_cb` → `resetCb`. */
export function camel(name: string): string {
  const word = pascal(name);
  return word.charAt(0).toLowerCase() + word.slice(1);
}

/** `reset_cb` → `reset-cb`. */
export function kebab(name: string): string {
  return name.replaceAll("_", "-");
}

/** With a capital letter at the start. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A doc comment: on one line where it fits, else wrapped. */
export function comment(text: string, indent = ""): string {
  const clean = sentence(text).replaceAll("*/", "*\\/");
  if (indent.length + clean.length + 7 <= WIDTH) return `${indent}/** ${clean} */\n`;
  let out = `${indent}/**\n`;
  let line = "";
  for (const word of clean.split(" ")) {
    if (line !== "" && indent.length + line.length + word.length + 4 > WIDTH) {
      out += `${indent} * ${line}\n`;
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return `${out}${indent} * ${line}\n${indent} */\n`;
}

/** Ends with a full stop. */
export function sentence(text: string): string {
  return /[.!?:}]$/.test(text) ? text : `${text}.`;
}

/** A value as TypeScript, wrapped where it is long. */
export function literal(value: unknown, indent = "", used = 0): string {
  const flat = flatLiteral(value);
  if (typeof value !== "object" || value === null) return flat;
  if (indent.length + used + flat.length + 1 <= WIDTH) return flat;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const rows = value.map((item) => `${deeper}${literal(item, deeper)},\n`);
    return `[\n${rows.join("")}${indent}]`;
  }
  const rows = entries(value).map(([key, item]) =>
    `${deeper}${key}: ${literal(item, deeper, key.length + 3)},\n`
  );
  return `{\n${rows.join("")}${indent}}`;
}

function flatLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const rows = entries(value).map(([key, item]) => `${key}: ${flatLiteral(item)}`);
    return rows.length === 0 ? "{}" : `{ ${rows.join(", ")} }`;
  }
  return JSON.stringify(value);
}

/** Entries with a value, keys quoted where TypeScript wants it. */
function entries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined)
    .map(([key, item]) => [/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key), item]);
}

/** A cell of a Markdown table. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}
