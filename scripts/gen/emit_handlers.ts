/** `gen/handlers.ts`: the interface that a service implements. */
import type { ContractModel } from "./model.ts";
import { header } from "./text.ts";

/** Writes the file. */
export function emitHandlers(contract: ContractModel): string {
  const types = [
    ...contract.actions.flatMap((action) => [`${action.typeName}Input`, `${action.typeName}Output`]),
    ...contract.resources.map((resource) => resource.typeName),
  ].sort();
  let out = header(
    "What a service implements: one handler an action, one reader a resource. A missing or mistyped one is a compile error.",
  );
  out += `import type {\n${types.map((type) => `  ${type},\n`).join("")}} from "./models.ts";\n`;
  out += `\n/** One handler an action. \`Context\` is whatever the service hands to each call. */\n`;
  out += `export interface ActionHandlers<Context> {\n`;
  for (const action of contract.actions) {
    out += `  /** ${action.title}. */\n`;
    out +=
      `  readonly ${action.name}: (input: ${action.typeName}Input, context: Context) => Promise<${action.typeName}Output>;\n`;
  }
  out +=
    `}\n\n/** One reader a resource. That of a template takes what stands for its variable, and may find nothing there. */\n`;
  out += `export interface ResourceReaders<Context> {\n`;
  for (const { title, typeName, uri } of contract.resources) {
    const isTemplate = uri.includes("{");
    out += `  /** ${title}. */\n`;
    out += `  readonly "${uri}": (context: Context${
      isTemplate ? ", value: string" : ""
    }) => Promise<${typeName}${isTemplate ? " | undefined" : ""}>;\n`;
  }
  return `${out}}\n`;
}
