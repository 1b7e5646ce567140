/** Writes `--help` from the specifications of the commands. */
import type { ArgumentSpec, CommandSpec, OptionSpec } from "./command.ts";

const HELP_OPTION: OptionSpec = { name: "help", short: "h", type: "boolean", help: "Show this help" };

/** Name of the program in help texts. */
export const PROGRAM = "proxywhirl";

/** Help of the program as a whole: what it does without a command, and the commands. */
export function programHelp(program: CommandSpec, commands: readonly CommandSpec[]): string {
  return [
    `${PROGRAM}: ${program.summary}\n`,
    `Usage: ${PROGRAM} [OPTIONS]            ${"start the MCP server on stdin and stdout"}`,
    `       ${PROGRAM} COMMAND [ARGUMENTS]  ${"do one thing and end"}\n`,
    section("Commands", commands.map((command) => [command.name, command.summary])),
    section("Options of the server", [...program.options, HELP_OPTION].map(optionRow)),
    ...paragraphs(program),
    examples(program),
    `${PROGRAM} COMMAND --help tells more about a command.\n`,
  ].join("\n");
}

/** Help of one command. */
export function commandHelp(command: CommandSpec): string {
  const places = command.arguments.map(argumentPlace).map((place) => ` ${place}`).join("");
  return [
    `Usage: ${PROGRAM} ${command.name}${places} [OPTIONS]\n`,
    `${command.summary}.\n`,
    ...paragraphs(command),
    section("Arguments", command.arguments.map((argument) => [argument.name, argument.help])),
    section("Options", [...command.options, HELP_OPTION].map(optionRow)),
    examples(command),
  ].filter((part) => part !== "").join("\n");
}

function argumentPlace(argument: ArgumentSpec): string {
  const name = argument.isVariadic === true ? `${argument.name}…` : argument.name;
  return argument.isOptional === true ? `[${name}]` : name;
}

function optionRow(option: OptionSpec): [left: string, right: string] {
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  const value = option.type === "boolean" ? "" : ` ${option.placeholder ?? "VALUE"}`;
  const remarks = [
    option.values === undefined ? "" : `one of ${option.values.join(", ")}`,
    option.isRepeatable === true ? "may be repeated" : "",
    option.defaultText === undefined ? "" : `default ${option.defaultText}`,
  ].filter((remark) => remark !== "").join("; ");
  return [`${short}--${option.name}${value}`, remarks === "" ? option.help : `${option.help} (${remarks})`];
}

function section(title: string, rows: readonly (readonly [left: string, right: string])[]): string {
  if (rows.length === 0) return "";
  const width = Math.min(30, Math.max(...rows.map(([left]) => left.length)));
  const lines = rows.flatMap(([left, right]) => {
    const [first = "", ...rest] = wrap(right, 106 - width);
    const indent = " ".repeat(width + 4);
    const head = left.length > width ? [`  ${left}`, indent + first] : [`  ${left.padEnd(width)}  ${first}`];
    return [...head, ...rest.map((line) => indent + line)];
  });
  return `${title}:\n${lines.join("\n")}\n`;
}

function paragraphs(command: CommandSpec): readonly string[] {
  return (command.details ?? []).map((text) => wrap(text, 110).join("\n") + "\n");
}

function examples(command: CommandSpec): string {
  return section("Examples", command.examples.map(({ line, says }) => [`${PROGRAM} ${line}`.trim(), says]));
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
