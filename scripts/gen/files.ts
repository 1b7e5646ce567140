/** Which emitter writes which file, and the check of what hosts would refuse. */
import type { ContractDefinition } from "../../schema/define.ts";
import { lintWireSchema } from "../../src/contract/wire_lint.ts";
import { wireSchema } from "../../src/contract/wire_schema.ts";
import { actionSpec, emitActions } from "./emit_actions.ts";
import { emitCli } from "./emit_cli.ts";
import { emitContract } from "./emit_contract.ts";
import { emitHandlers } from "./emit_handlers.ts";
import { emitModels } from "./emit_models.ts";
import { emitOutputSchemas } from "./emit_output_schemas.ts";
import { emitPrompts } from "./emit_prompts.ts";
import { emitResources } from "./emit_resources.ts";
import { emitSettings } from "./emit_settings.ts";
import { emitValidators } from "./emit_validators.ts";
import { type ContractModel, readContract } from "./model.ts";
import { emitTables } from "./tables.ts";

const EMITTERS: Readonly<Record<string, (contract: ContractModel) => string>> = {
  "gen/models.ts": emitModels,
  "gen/validators.ts": emitValidators,
  "gen/handlers.ts": emitHandlers,
  "gen/actions.ts": emitActions,
  "gen/output_schemas.ts": emitOutputSchemas,
  "gen/resources.ts": emitResources,
  "gen/prompts.ts": emitPrompts,
  "gen/settings.ts": emitSettings,
  "gen/cli.ts": emitCli,
  "gen/contract.json": emitContract,
};

/** Everything that a contract generates. */
export interface Generated {
  /** Whole files: path → text. */
  readonly files: ReadonlyMap<string, string>;
  /** Parts of documents: marker name → text. */
  readonly parts: ReadonlyMap<string, string>;
}

/** Generates. Pure: the same contract gives the same bytes. Throws when hosts would refuse the tool. */
export function generate(contract: ContractDefinition): Generated {
  const model = readContract(contract);
  lintWire(model);
  return {
    files: new Map(Object.entries(EMITTERS).map(([path, emit]) => [path, emit(model)])),
    parts: emitTables(model),
  };
}

/** Checks the published tools, whole and split, and the one that all actions would make: nobody wants to learn of it on release. */
function lintWire(model: ContractModel): void {
  const specs = model.actions.map(actionSpec);
  const published = specs.filter((action) => action.published);
  const parts = model.tool.parts.map(({ effects }) =>
    published.filter(({ effect }) => effects.includes(effect))
  );
  if (parts.length > 0 && parts.flat().length !== published.length) {
    throw new TypeError("Cannot split the tool: its parts must take every effect, and each of them once");
  }
  for (const actions of [specs, published, ...parts]) {
    const found = lintWireSchema(wireSchema(actions, { apiKey: true }));
    if (found.length > 0) throw new TypeError(`Cannot publish the tool's schema:\n${found.join("\n")}`);
    checkDescriptions(actions);
  }
}

/** One key, one meaning: a description that differs between actions could not be published. */
function checkDescriptions(actions: readonly ReturnType<typeof actionSpec>[]): void {
  const known = new Map<string, { readonly action: string; readonly text: unknown }>();
  for (const action of actions) {
    for (const [key, schema] of Object.entries(action.properties)) {
      const text = schema["description"];
      const other = known.get(key);
      if (other === undefined) known.set(key, { action: action.name, text });
      else if (other.text !== text) {
        throw new TypeError(
          `Cannot publish "${key}": ${other.action} and ${action.name} describe it differently`,
        );
      }
    }
  }
}
