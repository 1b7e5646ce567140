/**
 * The contract: the only place where an action, resource, prompt or setting is described.
 *
 * `loadContract` finds the actions by reading the folder, so that a new action is one new file.
 */
import { readdir } from "node:fs/promises";
import type { ActionDefinition, ContractDefinition } from "./define.ts";
import { prompts } from "./prompts.ts";
import { resources } from "./resources.ts";
import { settings } from "./settings.ts";
import { commonErrors, tool } from "./tool.ts";

/** Reads every action of a folder, in the order of their positions. */
export async function loadActions(folder: URL): Promise<readonly ActionDefinition[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts")).sort();
  const actions = await Promise.all(files.map(async (file) => {
    const { action }: { action?: ActionDefinition } = await import(new URL(file, folder).href);
    if (action === undefined) throw new TypeError(`Cannot read action ${file}: it exports no action`);
    if (`${action.name}.ts` !== file) {
      throw new TypeError(`Cannot read action ${file}: it describes ${action.name}`);
    }
    return action;
  }));
  return actions.sort((a, b) => a.position - b.position);
}

/** Reads the whole contract. */
export async function loadContract(): Promise<ContractDefinition> {
  const actions = await loadActions(new URL("./actions/", import.meta.url));
  return { tool, actions, errors: commonErrors, resources, prompts, settings };
}
