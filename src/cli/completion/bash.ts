/** Completions of bash, from version 3.2 on, which macOS has. */
import type { ProgramWords } from "./mod.ts";
import type { CommandWords, OptionWords } from "./words.ts";

/** The script, to be sourced or put where bash-completion finds it. */
export function bashScript({ commands, root }: ProgramWords): string {
  const names = commands.map(({ name }) => name).join(" ");
  return `# Completions of proxywhirl for bash. Made by: proxywhirl completions bash
_proxywhirl() {
  local cur prev command options values
  COMPREPLY=()
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  # --option=value comes as three words.
  if [[ "$cur" == "=" ]]; then
    cur=""
  elif [[ "$prev" == "=" ]]; then
    prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  command=""
  if (( COMP_CWORD > 1 )); then command="\${COMP_WORDS[1]}"; fi
  options=""
  values=""
  case "$command" in
${commands.map(commandCase).join("")}    -* | "")
${body(root, names)}      ;;
  esac
  if [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n "$values" ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$cur"))
  fi
}
# Where nothing is listed, a file is meant.
complete -o bashdefault -o default -F _proxywhirl proxywhirl
`;
}

function commandCase(command: CommandWords): string {
  return `    ${command.name})\n${body(command, command.values.join(" "))}      ;;\n`;
}

function body(command: CommandWords, values: string): string {
  const withValue = command.options.filter(({ takesValue }) => takesValue);
  const lines = withValue.map((option) => `        ${pattern(option)}) ${valueOf(option)}return ;;\n`).join(
    "",
  );
  const options = command.options.map(({ long }) => long).join(" ");
  return `${lines === "" ? "" : `      case "$prev" in\n${lines}      esac\n`}` +
    `      options=${quoted(options)}\n${values === "" ? "" : `      values=${quoted(values)}\n`}`;
}

function pattern({ long, short }: OptionWords): string {
  return short === undefined ? long : `${long} | ${short}`;
}

function valueOf({ values }: OptionWords): string {
  return values.length === 0 ? "" : `COMPREPLY=($(compgen -W ${quoted(values.join(" "))} -- "$cur")); `;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
