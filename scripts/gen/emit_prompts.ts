/** `gen/prompts.ts`: the prompts with their texts. */
import type { PromptSpec } from "../../src/contract/spec.ts";
import type { PromptDefinition } from "../../schema/define.ts";
import type { ContractModel } from "./model.ts";
import { header, literal } from "./text.ts";

/** Writes the file. */
export function emitPrompts(contract: ContractModel): string {
  let out = header(
    "Every prompt with its text. `renderPrompt` of `src/contract/prompt.ts` fills in the arguments.",
  );
  out +=
    `import type { PromptSpec } from "../src/contract/spec.ts";\nexport type * from "../src/contract/spec.ts";\n`;
  out +=
    `\n/** Every prompt, in the order of publication. */\nexport const PROMPTS: readonly PromptSpec[] = [\n`;
  for (const prompt of contract.prompts.map(promptSpec)) {
    out += "  {\n";
    for (const [key, value] of Object.entries(prompt)) {
      out += key === "text"
        ? `    text: [\n${lines(value)}    ].join("\\n"),\n`
        : `    ${key}: ${literal(value, "    ", 20)},\n`;
    }
    out += "  },\n";
  }
  return `${out}];\n`;
}

function lines(text: string): string {
  return text.split("\n").map((line) => `      ${JSON.stringify(line)},\n`).join("");
}

/** A prompt as data. */
export function promptSpec(prompt: PromptDefinition): PromptSpec {
  const names = new Set(prompt.arguments.map((argument) => argument.name));
  const used = new Set([...prompt.text.matchAll(/\{\{(\w+)\|[^}]*\}\}/g)].map((match) => match[1]));
  for (const name of used) {
    if (name === undefined || !names.has(name)) {
      throw new TypeError(`Cannot use {{${name}}} in ${prompt.name}: no such argument`);
    }
  }
  for (const name of names) {
    if (!used.has(name)) throw new TypeError(`Cannot find {{${name}|…}} in the text of ${prompt.name}`);
  }
  return {
    name: prompt.name,
    title: prompt.title,
    description: prompt.description,
    arguments: prompt.arguments.map((argument) => ({
      name: argument.name,
      description: argument.description,
      completes: argument.completes ?? null,
    })),
    text: prompt.text,
  };
}
