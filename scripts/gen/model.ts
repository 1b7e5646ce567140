/** The contract as the emitters see it: definitions together with their trees. */
import type { ActionDefinition, ContractDefinition, ResourceDefinition } from "../../schema/define.ts";
import { type Field, fieldsOf, type Node } from "./node.ts";
import { pascal } from "./text.ts";

/** An action and its trees. */
export interface ActionModel extends ActionDefinition {
  /** `ResetCb`. */
  readonly typeName: string;
  readonly inputFields: readonly Field[];
  readonly outputFields: readonly Field[];
}

/** A resource and its tree. */
export interface ResourceModel extends ResourceDefinition {
  readonly fields: readonly Field[];
}

/** The whole contract, read. */
export interface ContractModel extends ContractDefinition {
  readonly actions: readonly ActionModel[];
  readonly resources: readonly ResourceModel[];
  /** Every node with a name of its own, by name. */
  readonly named: ReadonlyMap<string, Node>;
}

const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** Reads a contract, and refuses what would generate wrong code. */
export function readContract(contract: ContractDefinition): ContractModel {
  const seen = new Set<string>();
  const positions = new Set<number>();
  const actions = contract.actions.map((action): ActionModel => {
    if (!NAME.test(action.name)) {
      throw new TypeError(`Cannot use action name "${action.name}": must be snake_case`);
    }
    if (seen.has(action.name)) throw new TypeError(`Cannot use action name "${action.name}" twice`);
    if (positions.has(action.position)) {
      throw new TypeError(`Cannot use position ${action.position} of action ${action.name} twice`);
    }
    seen.add(action.name);
    positions.add(action.position);
    const inputFields = fieldsOf(action.input, `${action.name} input`);
    checkRules(action, inputFields);
    return {
      ...action,
      typeName: pascal(action.name),
      inputFields,
      outputFields: fieldsOf(action.output, `${action.name} output`),
    };
  });
  const resources = contract.resources.map((resource): ResourceModel => ({
    ...resource,
    fields: fieldsOf(resource.output, resource.uri),
  }));
  const named = new Map<string, Node>();
  for (const action of actions) {
    for (const field of [...action.inputFields, ...action.outputFields]) collect(field.node, named);
  }
  for (const resource of resources) for (const field of resource.fields) collect(field.node, named);
  return { ...contract, actions, resources, named };
}

function checkRules(action: ActionDefinition, fields: readonly Field[]): void {
  const known = new Set(fields.map((field) => field.key));
  if (known.has("action") || known.has("api_key")) {
    throw new TypeError(
      `Cannot use action and api_key as input keys of ${action.name}: every action has them`,
    );
  }
  for (const rule of action.rules ?? []) {
    const keys = "anyOf" in rule ? rule.anyOf.flat() : rule.atMostOne;
    const unknown = keys.find((key) => !known.has(key));
    if (unknown !== undefined) {
      throw new TypeError(`Cannot use key "${unknown}" in a rule of ${action.name}: no such key`);
    }
  }
  for (const key of action.cli?.positionals ?? []) {
    if (!known.has(key)) throw new TypeError(`Cannot use positional "${key}" of ${action.name}: no such key`);
  }
}

function collect(node: Node, named: Map<string, Node>): void {
  if (node.name !== undefined) {
    const other = named.get(node.name);
    if (other === undefined) named.set(node.name, node);
    else if (shapeOf(other) !== shapeOf(node)) {
      throw new TypeError(`Cannot use the name ${node.name} for two schemas`);
    }
  }
  if (node.kind === "array" || node.kind === "record") collect(node.items, named);
  if (node.kind === "object") { for (const field of node.fields) collect(field.node, named); }
}

/** What makes two nodes of one name the same: everything but the place where they stand. */
function shapeOf(node: Node): string {
  return JSON.stringify({
    ...node,
    description: undefined,
    nullable: undefined,
    plain: undefined,
    words: undefined,
  });
}
