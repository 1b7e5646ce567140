/** What the runtime lets the program do. Deno and Node can keep a program from files, the network and more. */

import process from "node:process";

/** Something that may be allowed or not. */
export type Ability =
  | { readonly kind: "read" | "write"; readonly path: string }
  | { readonly kind: "net" }
  | { readonly kind: "env"; readonly name: string };

type Descriptor =
  | { readonly name: "read" | "write"; readonly path: string }
  | { readonly name: "net" }
  | { readonly name: "env"; readonly variable: string };

/** The part of the `Deno` global that this file asks. */
interface DenoPermissions {
  readonly permissions: {
    querySync(descriptor: Descriptor): { readonly state: string };
  };
}

/** The part of Node's permission model that this file asks; there with `--permission`. */
interface NodePermissions {
  readonly permission?: { has(scope: string, reference?: string): boolean };
}

/** Whether the program may do something now, without a question to the person. */
export function isAllowed(ability: Ability): boolean {
  const { Deno } = globalThis as { readonly Deno?: DenoPermissions };
  if (Deno !== undefined) return Deno.permissions.querySync(toDescriptor(ability)).state === "granted";
  const { permission } = process as NodePermissions;
  if (permission === undefined) return true;
  switch (ability.kind) {
    case "read":
    case "write":
      return permission.has(`fs.${ability.kind}`, ability.path);
    case "net":
      return permission.has("net");
    default:
      return true;
  }
}

function toDescriptor(ability: Ability): Descriptor {
  switch (ability.kind) {
    case "net":
      return { name: "net" };
    case "env":
      return { name: "env", variable: ability.name };
    default:
      return { name: ability.kind, path: ability.path };
  }
}
