/** Writes `--help` from the specifications of the commands. */
import type { ArgumentSpec, CommandSpec, OptionSpec } from "./command.ts";
import { COMMANDS, GROUPS } from "./commands.ts";
import { SERVE } from "./serve_command.ts";

const HELP_OPTION: OptionSpec = { name: "help", short: "h", type: "boolean", help: "Show this help" };

/** Name of the program in help texts. */
export const PROGRAM = "proxywhirl";

/** Options of the server that most people need; the others are in the help of `serve`. */
const MOST_USED: readonly string[] = ["db", "config", "strategy", "read-only", "api-key", "version"];

/** Help of the program as a whole: what it does without a command, and the commands. */
export function programHelp(): string {
  const options = SERVE.options.filter(({ name }) => MOST_USED.includes(name));
  return [
    `${PROGRAM}: a pool of proxies for AI assistants, scripts and people\n`,
    `Usage: ${PROGRAM} COMMAND [ARGUMENTS]  do one thing and end`,
    `       ${PROGRAM} [OPTIONS]            start the MCP server on stdin and stdout\n`,
    ...Object.entries(GROUPS).map(([group, title]) =>
      section(
        title,
        COMMANDS.filter((command) => command.group === group).map(({ name, summary }) => [name, summary]),
      )
    ),
    section("Options of the server, some of many", [...options, HELP_OPTION].map(optionRow)),
    section("Examples", [
      [`${PROGRAM} import http.txt socks5.txt`, "fill the pool"],
      [`${PROGRAM} list --status healthy`, "see what works"],
      [`${PROGRAM} setup claude-desktop --write`, "connect an assistant"],
    ], 62),
    "Exit codes: 0 done, 1 failed, 2 wrong command line or setting, 3 not found, 4 nothing available.",
    "Colours and bars are for terminals; NO_COLOR=1 and FORCE_COLOR=1 decide otherwise.",
    `${PROGRAM} COMMAND --help tells more about a command, ${PROGRAM} serve --help names every option.\n`,
  ].join("\n");
}

/** Help of one command. */
export function commandHelp(command: CommandSpec): string {
  const shown = command.options.filter(({ isHidden }) => isHidden !== true);
  const isCut = shown.length < command.options.length;
  const required = shown.filter(({ isRequired }) => isRequired === true)
    .map((option) => ` --${option.name} ${option.placeholder ?? "VALUE"}`).join("");
  const places = command.arguments.map(argumentPlace).map((place) => ` ${place}`).join("");
  return [
    `Usage: ${PROGRAM} ${command.name}${places}${required} [OPTIONS]\n`,
    `${command.summary}.\n`,
    ...paragraphs(command),
    section("Arguments", command.arguments.map(argumentRow)),
    section("Options", [...shown, HELP_OPTION].map(optionRow)),
    isCut ? `The other settings of the server are options, too: ${PROGRAM} serve --help names them.\n` : "",
    examples(command),
  ].filter((part) => part !== "").join("\n");
}

/** `FILE…`, `[LIST…]`. */
export function argumentPlace(argument: ArgumentSpec): string {
  const name = argument.isVariadic === true ? `${argument.name}…` : argument.name;
  return argument.isOptional === true ? `[${name}]` : name;
}

function argumentRow({ help, name, values }: ArgumentSpec): [left: string, right: string] {
  return [name, values === undefined ? help : `${help} (one of ${values.join(", ")})`];
}

function optionRow(option: OptionSpec): [left: string, right: string] {
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  const value = option.type === "boolean" ? "" : ` ${option.placeholder ?? "VALUE"}`;
  const remarks = [
    option.values === undefined ? "" : `one of ${option.values.join(", ")}`,
    limitsText(option),
    option.isRepeatable === true ? "may be repeated" : "",
    option.defaultText === undefined ? "" : `default ${option.defaultText}`,
  ].filter((remark) => remark !== "").join("; ");
  // What is on can only be switched off.
  const name = option.type === "boolean" && option.defaultText === "on" ? `[no-]${option.name}` : option.name;
  return [`${short}--${name}${value}`, remarks === "" ? option.help : `${option.help} (${remarks})`];
}

function limitsText({ maximum, minimum }: OptionSpec): string {
  if (minimum === undefined || maximum === undefined) return "";
  return Number.isFinite(maximum) ? `${minimum} to ${maximum}` : "";
}

function section(
  title: string,
  rows: readonly (readonly [left: string, right: string])[],
  widest = 30,
): string {
  if (rows.length === 0) return "";
  const width = Math.min(widest, Math.max(...rows.map(([left]) => left.length)));
  const lines = rows.flatMap(([left, right]) => {
    const [first = "", ...rest] = wrap(right, 106 - width);
    if (right === "") return [`  ${left}`];
    const indent = " ".repeat(width + 4);
    const head = left.length > width
      ? [`  ${left}`, indent + first]
      : [`  ${left.padEnd(width)}  ${first}`.trimEnd()];
    return [...head, ...rest.map((line) => indent + line)];
  });
  return `${title}:\n${lines.join("\n")}\n`;
}

function paragraphs(command: CommandSpec): readonly string[] {
  return (command.details ?? []).map((text) => wrap(text, 110).join("\n") + "\n");
}

function examples(command: CommandSpec): string {
  return section(
    "Examples",
    command.examples.map(({ line, says }) => [`${PROGRAM} ${line}`.trim(), says]),
    62,
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
