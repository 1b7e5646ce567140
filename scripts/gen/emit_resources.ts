/** `gen/resources.ts`: the resources as data. */
import type { ResourceSpec } from "../../src/contract/spec.ts";
import type { ContractModel, ResourceModel } from "./model.ts";
import { header, literal } from "./text.ts";

/** Writes the file. */
export function emitResources(contract: ContractModel): string {
  let out = header("Every resource as data. The contents' interfaces are in `models.ts`.");
  out +=
    `import type { ResourceSpec } from "../src/contract/spec.ts";\nexport type * from "../src/contract/spec.ts";\n`;
  out += `\n/** Every resource, in the order of publication. */\n`;
  out += `export const RESOURCES: readonly ResourceSpec[] = ${
    literal(contract.resources.map(resourceSpec), "", 50)
  };\n`;
  return out;
}

/** A resource as data. */
export function resourceSpec(resource: ResourceModel): ResourceSpec {
  const [, before = "", variable] = /^([a-z]+:\/\/[a-z/]+)(?:\{([a-z_]+)\})?$/.exec(resource.uri) ?? [];
  if (before === "") {
    throw new TypeError(
      `Cannot use "${resource.uri}": a template ends with its only variable, as in proxy://x/{id}`,
    );
  }
  if (variable !== undefined && !resource.fields.some(({ key }) => key === resource.valueKey)) {
    throw new TypeError(
      `Cannot use "${resource.uri}": valueKey must name the key of its content that holds {${variable}}`,
    );
  }
  return {
    uri: resource.uri,
    variable: variable ?? null,
    name: resource.name,
    title: resource.title,
    description: resource.description,
    mimeType: resource.mimeType,
    requiresKey: resource.requiresKey,
    subscribable: resource.subscribable,
    maxAgeS: resource.maxAgeS,
    action: resource.action ?? null,
    completes: resource.completes ?? null,
    valueKey: resource.valueKey ?? null,
    example: resource.example as ResourceSpec["example"],
  };
}
