/**
 * Which resource an address means.
 *
 * @module
 */
import { showPlain } from "../contract/show.ts";
import { RESOURCES, type ResourceSpec } from "../../gen/resources.ts";

/** A resource, and what stands for the variable if its address is made by a template. */
export interface ResourcePlace {
  /** The resource. */
  readonly spec: ResourceSpec;
  /** What stands for the variable of a template. */
  readonly value?: string;
}

interface Template {
  readonly spec: ResourceSpec;
  readonly prefix: string;
}

const FIXED: ReadonlyMap<string, ResourceSpec> = new Map(
  RESOURCES.filter(({ variable }) => variable === null).map((spec) => [spec.uri, spec]),
);
const TEMPLATES: readonly Template[] = RESOURCES.filter(({ variable }) => variable !== null)
  .map((spec) => ({ spec, prefix: spec.uri.slice(0, spec.uri.indexOf("{")) }));

/** Longest value of a variable. */
const LONGEST = 2048;
/** Escapes of escapes of escapes are nobody's address. */
const MOST_ESCAPES = 3;

/** The resource at an address; `undefined` when no resource could be there. */
export function placeOf(uri: string): ResourcePlace | undefined {
  const spec = FIXED.get(uri);
  if (spec !== undefined) return { spec };
  for (const template of TEMPLATES) {
    if (!uri.startsWith(template.prefix)) continue;
    const value = decode(uri.slice(template.prefix.length));
    return value === undefined ? undefined : { spec: template.spec, value };
  }
  return undefined;
}

/** The address that a template makes of a value. */
export function uriOf(template: string, value: string): string {
  return template.slice(0, template.indexOf("{")) + encodeURIComponent(value);
}

/** An address for an error message: in plain letters, without credentials, also those that escapes hide. */
export function showUri(uri: string): string {
  let text = uri.slice(0, 2 * LONGEST);
  for (let round = 0; round < MOST_ESCAPES && text.includes("%"); round++) {
    try {
      text = decodeURIComponent(text);
    } catch {
      break;
    }
  }
  return text.includes("%") ? "an address with odd escapes" : showPlain(text);
}

/** One segment of a path, as simple expansion makes it (RFC 6570): what needs it is percent-encoded. */
function decode(segment: string): string | undefined {
  if (segment === "" || segment.length > LONGEST || /[/?#]/.test(segment)) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // a broken escape
  }
}
