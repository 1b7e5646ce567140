/** The contract as one strict zod union: what the generated validators must agree with. */
import { z } from "zod";
import type { ActionDefinition } from "../../../schema/define.ts";

/** What the oracle says of an input. */
export type Verdict = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/** Builds a judge from the definitions themselves, without anything that is generated. */
export function oracle(actions: readonly ActionDefinition[]): (value: unknown) => Verdict {
  const schemas = new Map(actions.map((action) => [action.name, schemaOf(action)]));
  return (value) => {
    if (!isRecord(value)) return { ok: false };
    const cleaned = dropAbsent(value);
    const name = cleaned["action"];
    const schema = typeof name === "string" ? schemas.get(name) : undefined;
    const result = schema?.safeParse(cleaned);
    return result?.success === true ? { ok: true, value: result.data } : { ok: false };
  };
}

function schemaOf(action: ActionDefinition): z.ZodType {
  const api_key = z.string().min(1).max(512).optional();
  return z.strictObject({ action: z.literal(action.name), ...action.input, api_key }).superRefine(
    (input, context) => {
      const given = new Set(
        Object.entries(input).filter(([, value]) => value !== undefined).map(([key]) => key),
      );
      for (const rule of action.rules ?? []) {
        const holds = "anyOf" in rule
          ? rule.anyOf.some((group) => group.every((key) => given.has(key)))
          : rule.atMostOne.filter((key) => given.has(key)).length <= 1;
        if (!holds) context.addIssue({ code: "custom", message: "rule" });
      }
    },
  );
}

/** `null`, `""` and `[]` count as absent, at the top and one level below. */
function dropAbsent(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const kept = Object.entries(value).filter(([, item]) => !isAbsent(item))
    .map(([key, item]) => [key, isNested(key) && isRecord(item) ? dropAbsent(item) : item]);
  return Object.fromEntries(kept);
}

function isNested(key: string): boolean {
  return key === "criteria" || key === "options";
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "" ||
    (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
