/** Completions of fish. */
import type { ProgramWords } from "./mod.ts";
import type { CommandWords, OptionWords } from "./words.ts";

/** The script, to be put into a folder of `$fish_complete_path`, or sourced. */
export function fishScript({ commands, root }: ProgramWords): string {
  const names = commands.map(({ help, name }) =>
    `complete -c proxywhirl -n __proxywhirl_first -a ${name} -d ${quoted(help)}\n`
  );
  return `# Completions of proxywhirl for fish. Made by: proxywhirl completions fish
function __proxywhirl_first
    set -l words (commandline -opc)
    test (count $words) -eq 1
end
function __proxywhirl_none
    set -l words (commandline -opc)
    test (count $words) -eq 1; or string match -q -- '-*' $words[2]
end
function __proxywhirl_in
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test $words[2] = $argv[1]
end
complete -c proxywhirl -f
${names.join("")}${rules(root, "__proxywhirl_none")}${
    commands.map((command) => rules(command, `'__proxywhirl_in ${command.name}'`)).join("")
  }`;
}

function rules({ options, takesPaths, values }: CommandWords, condition: string): string {
  const start = `complete -c proxywhirl -n ${condition}`;
  return (values.length > 0 ? `${start} -a ${quoted(values.join(" "))}\n` : "") +
    (takesPaths ? `${start} -F\n` : "") +
    options.map((option) => `${start}${rule(option)}\n`).join("");
}

function rule({ help, isPath, long, short, takesValue, values }: OptionWords): string {
  const letter = short === undefined ? "" : ` -s ${short.slice(1)}`;
  const value = !takesValue
    ? ""
    : isPath
    ? " -r -F"
    : ` -x${values.length > 0 ? ` -a ${quoted(values.join(" "))}` : ""}`;
  return ` -l ${long.slice(2)}${letter}${value} -d ${quoted(help)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
