/** `gen/actions.ts`: the actions as data. */
import type { ActionSpec } from "../../src/contract/spec.ts";
import type { ActionModel, ContractModel } from "./model.ts";
import { header, literal } from "./text.ts";
import { propertiesOf } from "./wire.ts";

/** Writes the file. */
export function emitActions(contract: ContractModel): string {
  let out = header("Every action as data: what it does, what it takes, what it answers.");
  out += `import type { ActionSpec, ErrorSpec, ToolSpec } from "../src/contract/spec.ts";\n`;
  out +=
    `import type { ActionName } from "./models.ts";\n\nexport type { ActionName } from "./models.ts";\nexport type * from "../src/contract/spec.ts";\n`;
  out += `\n/** The unified tool. */\nexport const TOOL: ToolSpec = ${literal(contract.tool, "", 30)};\n`;
  out += `\n/** Errors that every action can answer. */\n`;
  out += `export const COMMON_ERRORS: readonly ErrorSpec[] = ${literal(contract.errors, "", 50)};\n`;
  out += `\n/** Every action, in the order of publication. */\n`;
  out += `export const ACTIONS: readonly ActionSpec<ActionName>[] = ${
    literal(contract.actions.map(actionSpec))
  };\n`;
  return out;
}

/** An action as data. */
export function actionSpec(action: ActionModel): ActionSpec {
  return {
    name: action.name,
    title: action.title,
    summary: action.summary,
    description: action.description,
    effect: action.effect,
    idempotent: action.idempotent,
    openWorld: action.openWorld,
    published: action.published,
    requiresKey: action.requiresKey ?? true,
    properties: propertiesOf(action.inputFields),
    required: action.inputFields.filter((field) => field.required).map((field) => field.key),
    rules: action.rules ?? [],
    errors: action.errors,
    example: action.example as ActionSpec["example"],
  };
}
