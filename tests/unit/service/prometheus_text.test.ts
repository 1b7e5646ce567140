import assert from "node:assert/strict";
import { test } from "node:test";
import parsePrometheusTextFormat from "parse-prometheus-text-format";
import { METRICS, type MetricSpec } from "../../../src/service/mod.ts";
import { prometheusText } from "../../../src/service/prometheus_text.ts";
import { addProxy, makeWorld } from "./support.ts";

interface ParsedMetric {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value?: string;
  readonly buckets?: Readonly<Record<string, string>>;
  readonly count?: string;
  readonly sum?: string;
}

interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metrics: readonly ParsedMetric[];
}

const parse: (text: string) => readonly ParsedFamily[] = parsePrometheusTextFormat;

test("prometheusText is read by a parser of others, each metric with its help, kind and labels", async () => {
  const world = makeWorld();
  const { call, fail, service } = world;
  addProxy(world, "http://203.0.113.1:80", { ok: 3 });
  await call("rotate");
  await fail({ action: "status", proxy_id: "x" });
  service.metrics.recordRequest("ok", 120);
  service.metrics.recordAttempt("ok", 120);
  service.metrics.recordDial("connect", "timed_out");
  service.metrics.recordStoreWrite("apply", 3);
  const text = service.metrics.prometheus();
  assert.ok(text.endsWith("\n"));
  const families = new Map(parse(text).map((family) => [family.name, family]));
  const specs: readonly MetricSpec[] = METRICS;
  for (const { help, kind, labels, name } of specs) {
    const family = families.get(name);
    if (family === undefined) {
      assert.ok(["proxywhirl_sources", "proxywhirl_store_pending"].includes(name), name);
      continue;
    }
    assert.deepEqual([family.help, family.type], [help, kind.toUpperCase()], name);
    // The parser leaves out the labels of histograms.
    if (kind === "histogram") continue;
    for (const metric of family.metrics) assert.deepEqual(Object.keys(metric.labels ?? {}), labels, name);
  }
  assert.equal(families.get("proxywhirl_proxies")?.metrics.length, 30);
  const [duration] = families.get("proxywhirl_request_duration_seconds")?.metrics ?? [];
  assert.deepEqual([duration?.count, duration?.sum], ["1", "0.12"]);
  assert.deepEqual([duration?.buckets?.["0.1"], duration?.buckets?.["0.25"], duration?.buckets?.["+Inf"]], [
    "0",
    "1",
    "1",
  ]);
});

test("prometheusText escapes what a label value may hold", () => {
  const spec: MetricSpec = { name: "a", kind: "gauge", labels: ["version"], help: "one\\two\nthree" };
  const text = prometheusText([{ spec, samples: [{ labels: ['q"b\\n\nx'], value: 1.5 }] }, {
    spec: { ...spec, name: "b" },
    samples: [],
  }]);
  assert.equal(text, '# HELP a one\\\\two\\nthree\n# TYPE a gauge\na{version="q\\"b\\\\n\\nx"} 1.5\n');
  assert.equal(parse(text)[0]?.metrics[0]?.labels?.["version"], 'q"b\\n\nx');
});

test("METRICS follow the conventions of Prometheus and have few time series", async () => {
  const specs: readonly MetricSpec[] = METRICS;
  assert.equal(new Set(specs.map(({ name }) => name)).size, specs.length);
  for (const { help, kind, name } of specs) {
    assert.match(name, /^proxywhirl_[a-z_]+$/);
    assert.equal(kind === "counter", name.endsWith("_total"), name);
    if (kind === "histogram") assert.match(name, /_seconds$/);
    assert.match(help, /^[A-Z].*[^.]$/);
  }
  const { fail, service } = makeWorld();
  for (let i = 0; i < 500; i++) {
    await fail({ action: `a${i}` });
    service.metrics.recordDial(`stage${i}`, `http://u:p@h${i}`);
    service.metrics.recordRequest(`${i}`, i);
    service.metrics.recordAttempt(`${i}`, i);
    service.metrics.recordStoreWrite(`${i}`, i, `${i}`);
  }
  assert.ok(service.metrics.prometheus().split("\n").length < 250);
});
