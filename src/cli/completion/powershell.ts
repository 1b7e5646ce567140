/** Completions of PowerShell. */
import type { ProgramWords } from "./mod.ts";
import type { CommandWords } from "./words.ts";

/** The script, to be put into `$PROFILE`. */
export function powershellScript({ commands, root }: ProgramWords): string {
  const names = commands.map(({ name }) => name);
  return `# Completions of proxywhirl for PowerShell. Made by: proxywhirl completions powershell
Register-ArgumentCompleter -Native -CommandName proxywhirl -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @{
${[root, ...commands].map((command) => entry(command, command === root ? names : command.values)).join("")}  }
  $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '') { $words = @($words | Select-Object -SkipLast 1) }
  $name = if ($words.Count -gt 1 -and -not $words[1].StartsWith('-')) { $words[1] } else { '' }
  $command = $commands[$name]
  if ($null -eq $command) { return }
  $previous = $words[-1]
  $found = if ($command.Values.ContainsKey($previous)) { $command.Values[$previous] }
    elseif ($wordToComplete.StartsWith('-')) { $command.Options }
    else { $command.Words }
  $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function entry({ name, options }: CommandWords, words: readonly string[]): string {
  const values = options.filter(({ takesValue }) => takesValue).flatMap(({ long, short, values }) =>
    [long, ...short === undefined ? [] : [short]].map((form) => `${quoted(form)} = ${list(values)}`)
  );
  return `    ${quoted(name)} = @{\n      Words = ${list(words)}\n` +
    `      Options = ${list(options.map(({ long }) => long))}\n` +
    `      Values = @{ ${values.join("; ")} }\n    }\n`;
}

function list(words: readonly string[]): string {
  return `@(${words.map(quoted).join(", ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
