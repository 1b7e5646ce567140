/** Shows any output: facts one to a line, objects as groups of facts, lists of objects as tables. */
import type { Paint } from "../paint.ts";
import { styleOfStatus } from "../paint.ts";
import { type Column, facts, printable, table } from "../table.ts";
import type { View } from "./view.ts";
import { isRecord } from "../is_record.ts";

/** For every action that has no view of its own. */
export const plainView: View = { text: asText };

type Row = readonly [name: string, value: string];

function asText(output: object, paint: Paint): string {
  const { message, next_step, success, ...rest } = output as Readonly<Record<string, unknown>>;
  const shown = success === undefined || message !== undefined ? rest : { success, ...rest };
  const tables: string[] = [];
  const rows = rowsOf(shown, "", tables, paint);
  const parts = [
    facts(rows, paint, styleOfStatus),
    ...tables,
    typeof message === "string" ? `${printable(message)}.\n` : "",
    typeof next_step === "string" ? nextStep(next_step, paint) : "",
  ];
  return parts.filter((part) => part !== "").join("\n");
}

/** What to do next, set apart from what is. */
export function nextStep(text: string, paint: Paint): string {
  return paint("dim", `Next: ${printable(text)}`) + "\n";
}

function rowsOf(value: object, indent: string, tables: string[], paint: Paint): readonly Row[] {
  return Object.entries(value).flatMap(([key, member]): readonly Row[] => {
    if (isListOfObjects(member)) {
      tables.push(`${paint("bold", titleOf(key))}:\n${listTable(member, paint)}`);
      return [];
    }
    if (isRecord(member)) {
      const inner = rowsOf(member, `${indent}  `, tables, paint);
      return inner.length === 0 ? [[indent + titleOf(key), "-"]] : [[indent + titleOf(key), ""], ...inner];
    }
    return [[indent + titleOf(key), valueText(key, member)]];
  });
}

function listTable(list: readonly Readonly<Record<string, unknown>>[], paint: Paint): string {
  const keys = [...new Set(list.flatMap((item) => Object.keys(item)))];
  return table(
    list,
    keys.map((key): Column<Readonly<Record<string, unknown>>> => ({
      title: titleOf(key).toUpperCase(),
      cell: (item) => valueText(key, item[key]),
      style: styleOfStatus,
      ...(list.every((item) => typeof item[key] === "number") ? { align: "right" } : {}),
    })),
    paint,
  );
}

/** `avg_latency_ms` → `Avg latency`; the unit goes with the value. */
function titleOf(key: string): string {
  const words = key.replace(/_(ms|s)$/, "").replaceAll("_", " ").replace(
    /\b(id|url|ip|asn|ema)\b/g,
    (word) => word.toUpperCase(),
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueText(key: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.map(String).join(", ");
  if (typeof value === "number") {
    const unit = /_(ms|s)$/.exec(key)?.[1];
    return unit === undefined ? String(value) : `${value} ${unit}`;
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isListOfObjects(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}
