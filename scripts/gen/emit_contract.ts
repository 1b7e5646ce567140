/** `gen/contract.json`: the whole contract for other languages and tools. */
import { wireSchema } from "../../src/contract/wire_schema.ts";
import { actionSpec } from "./emit_actions.ts";
import { objectSchema } from "./emit_output_schemas.ts";
import { promptSpec } from "./emit_prompts.ts";
import { resourceSpec } from "./emit_resources.ts";
import { settingSpec } from "./emit_settings.ts";
import type { ContractModel } from "./model.ts";

/** Writes the file. */
export function emitContract(contract: ContractModel): string {
  const actions = contract.actions.map((action) => ({
    ...actionSpec(action),
    output: objectSchema(action.outputFields),
  }));
  const value = {
    $comment: "Generated from schema/ by `deno task gen`. Do not edit.",
    tool: {
      ...contract.tool,
      inputSchema: wireSchema(actions.filter((action) => action.published)),
    },
    actions,
    errors: contract.errors,
    resources: contract.resources.map((resource) => ({
      ...resourceSpec(resource),
      content: objectSchema(resource.fields),
    })),
    prompts: contract.prompts.map(promptSpec),
    settings: contract.settings.map(settingSpec),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
