/** Completions of zsh. */
import type { ProgramWords } from "./mod.ts";
import type { CommandWords, OptionWords } from "./words.ts";

/** The script, to be put as `_proxywhirl` into a folder of `$fpath`, or sourced after `compinit`. */
export function zshScript({ commands, root }: ProgramWords): string {
  const names = commands.map(({ help, name }) => `    ${quoted(`${name}:${help.replaceAll(":", "\\:")}`)}\n`);
  return `#compdef proxywhirl
# Completions of proxywhirl for zsh. Made by: proxywhirl completions zsh
_proxywhirl() {
  local curcontext="$curcontext" state line
  local -a commands
  typeset -A opt_args
  commands=(
${names.join("")}  )
  _arguments -C ${specs(root)} '1: :->command' '*:: :->arguments' && return
  case "$state" in
  command) _describe -t commands command commands ;;
  arguments)
    case "$line[1]" in
${commands.map(commandCase).join("")}    esac
    ;;
  esac
}
if [[ "$funcstack[1]" == _proxywhirl ]]; then
  _proxywhirl "$@"
else
  compdef _proxywhirl proxywhirl
fi
`;
}

function commandCase(command: CommandWords): string {
  const values = command.values.length > 0 ? ` ${quoted(`1: :(${command.values.join(" ")})`)}` : "";
  const paths = command.takesPaths ? " '*: :_files'" : "";
  return `    ${command.name}) _arguments ${specs(command)}${values}${paths} ;;\n`;
}

function specs({ options }: CommandWords): string {
  return options.map(spec).join(" ");
}

function spec(option: OptionWords): string {
  const { help, isPath, long, short, takesValue, values } = option;
  const text = `[${help.replaceAll("[", "\\[").replaceAll("]", "\\]").replaceAll(":", "\\:")}]`;
  const action = values.length > 0 ? `(${values.join(" ")})` : isPath ? "_files" : " ";
  const value = takesValue ? `: :${action}` : "";
  const forms = [`*${long}${takesValue ? "=" : ""}${text}${value}`];
  if (short !== undefined) forms.push(`*${short}${takesValue ? "+" : ""}${text}${value}`);
  return forms.map(quoted).join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
