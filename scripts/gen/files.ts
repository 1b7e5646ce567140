/** Which emitter writes which file. */
import type { ContractDefinition } from "../../schema/define.ts";
import { emitActions } from "./emit_actions.ts";
import { emitHandlers } from "./emit_handlers.ts";
import { emitModels } from "./emit_models.ts";
import { emitPrompts } from "./emit_prompts.ts";
import { emitResources } from "./emit_resources.ts";
import { emitSettings } from "./emit_settings.ts";
import { emitValidators } from "./emit_validators.ts";
import { type ContractModel, readContract } from "./model.ts";

const EMITTERS: Readonly<Record<string, (contract: ContractModel) => string>> = {
  "gen/models.ts": emitModels,
  "gen/validators.ts": emitValidators,
  "gen/handlers.ts": emitHandlers,
  "gen/actions.ts": emitActions,
  "gen/resources.ts": emitResources,
  "gen/prompts.ts": emitPrompts,
  "gen/settings.ts": emitSettings,
};

/** Every generated file: path → text. Pure: the same contract gives the same bytes. */
export function generateFiles(contract: ContractDefinition): ReadonlyMap<string, string> {
  const model = readContract(contract);
  return new Map(Object.entries(EMITTERS).map(([path, emit]) => [path, emit(model)]));
}
