/**
 * Metrics as Prometheus reads them: the text format 0.0.4.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
import type { MetricFamily, MetricSample } from "./metric_registry.ts";
import { BUCKETS_S } from "./metric_table.ts";

/** Content type of {@linkcode prometheusText}. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** The metrics as text. A metric without a time series is left out. */
export function prometheusText(families: readonly MetricFamily[]): string {
  const lines: string[] = [];
  for (const { samples, spec } of families) {
    if (samples.length === 0) continue;
    lines.push(`# HELP ${spec.name} ${escapeHelp(spec.help)}`, `# TYPE ${spec.name} ${spec.kind}`);
    for (const sample of samples) lines.push(...linesOf(spec.name, spec.labels, sample));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function linesOf(name: string, labelNames: readonly string[], sample: MetricSample): readonly string[] {
  const { histogram, labels, value } = sample;
  const pairs = labelNames.map((label, index) => `${label}="${escapeValue(labels[index] ?? "")}"`);
  if (histogram === undefined) return [`${name}${braces(pairs)} ${value}`];
  let upTo = 0;
  const buckets = BUCKETS_S.map((end, index) => {
    upTo += histogram.buckets[index] ?? 0;
    return `${name}_bucket${braces([...pairs, `le="${end}"`])} ${upTo}`;
  });
  return [
    ...buckets,
    `${name}_bucket${braces([...pairs, 'le="+Inf"'])} ${histogram.count}`,
    `${name}_sum${braces(pairs)} ${histogram.sum}`,
    `${name}_count${braces(pairs)} ${histogram.count}`,
  ];
}

function braces(pairs: readonly string[]): string {
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
