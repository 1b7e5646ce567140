/**
 * Holds the values of the metrics of {@linkcode METRICS}. Counting costs a look-up in a map; everything else waits
 * until somebody asks.
 */
import {
  BUCKETS_S,
  LABEL_VALUES,
  type LabelName,
  type MetricName,
  METRICS,
  type MetricSpec,
} from "./metric_table.ts";

/** Counts of one histogram. */
export interface HistogramData {
  /** Observations up to each of {@linkcode BUCKETS_S} and above the one before; the last is for all beyond. */
  readonly buckets: readonly number[];
  /** Sum of all observations. */
  readonly sum: number;
  /** Number of all observations. */
  readonly count: number;
}

/** One time series at this moment. */
export interface MetricSample {
  /** Values of the labels of its metric, in their order. */
  readonly labels: readonly string[];
  /** Value of a counter or gauge; of a histogram, the sum. */
  readonly value: number;
  /** Present for a histogram. */
  readonly histogram?: HistogramData;
}

/** A metric with its time series at this moment. */
export interface MetricFamily {
  /** The metric. */
  readonly spec: MetricSpec;
  /** Its time series. */
  readonly samples: readonly MetricSample[];
}

/** What a gauge is now: label values, and the value. */
export type Reading = readonly [labels: readonly string[], value: number];

/** Hears of durations. */
export type ObservationListener = (name: MetricName, labels: readonly string[], seconds: number) => void;

interface Series {
  readonly labels: readonly string[];
  value: number;
  readonly buckets: number[];
  count: number;
}

/** So many time series of small metrics are shown from the start, as zero. */
const MAX_SEEDED = 12;
const OTHER = "other";

const SPECS: readonly MetricSpec[] = METRICS;

/** The values of all metrics. */
export class MetricRegistry {
  readonly #series: Map<string, Map<string, Series>> = new Map();
  readonly #readers: Map<string, () => Iterable<Reading>> = new Map();
  #listener: ObservationListener | undefined;

  /** Everything is zero at first. */
  constructor() {
    for (const spec of SPECS) {
      this.#series.set(spec.name, new Map());
      if (spec.kind === "counter") { for (const labels of seeds(spec.labels)) this.#find(spec.name, labels); }
    }
  }

  /** Adds to a counter. Label values that the table does not know become `other`. */
  add(name: MetricName, labels: readonly string[] = [], amount = 1): void {
    this.#find(name, labels).value += amount;
  }

  /** Takes a duration into a histogram. */
  observe(name: MetricName, labels: readonly string[], seconds: number): void {
    const series = this.#find(name, labels);
    const at = BUCKETS_S.findIndex((end) => seconds <= end);
    const bucket = at < 0 ? BUCKETS_S.length : at;
    series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
    series.value += seconds;
    series.count++;
    this.#listener?.(name, series.labels, seconds);
  }

  /** Calls back for every duration from now on, with its bounded labels. */
  onObservation(listener: ObservationListener | undefined): void {
    this.#listener = listener;
  }

  /** Says how a gauge is read. One that throws has no value. */
  setReader(name: MetricName, read: () => Iterable<Reading>): void {
    this.#readers.set(name, read);
  }

  /** The series of one metric at this moment. */
  samples(name: MetricName): readonly MetricSample[] {
    const spec = SPECS.find((spec) => spec.name === name);
    return spec === undefined ? [] : this.#samplesOf(spec);
  }

  /** All metrics at this moment. */
  collect(): readonly MetricFamily[] {
    return SPECS.map((spec) => ({ spec, samples: this.#samplesOf(spec) }));
  }

  #samplesOf(spec: MetricSpec): readonly MetricSample[] {
    if (spec.kind === "gauge") return this.#read(spec);
    return [...this.#series.get(spec.name)?.values() ?? []].map(({ buckets, count, labels, value }) =>
      spec.kind === "counter"
        ? { labels, value }
        : { labels, value, histogram: { buckets: [...buckets], sum: value, count } }
    );
  }

  #read(spec: MetricSpec): readonly MetricSample[] {
    try {
      return [...this.#readers.get(spec.name)?.() ?? []].map(([labels, value]) => ({
        labels: bounded(spec.labels, labels),
        value,
      }));
    } catch {
      return [];
    }
  }

  #find(name: string, given: readonly string[]): Series {
    const all = this.#series.get(name);
    const found = all?.get(given.join(","));
    if (found !== undefined) return found;
    const spec = SPECS.find((spec) => spec.name === name);
    if (all === undefined || spec === undefined) {
      throw new TypeError(`Cannot count "${name}": unknown metric`);
    }
    const labels = bounded(spec.labels, given);
    const known = all.get(labels.join(","));
    if (known !== undefined) return known;
    const buckets = spec.kind === "histogram" ? new Array<number>(BUCKETS_S.length + 1).fill(0) : [];
    const series = { labels, value: 0, buckets, count: 0 };
    all.set(labels.join(","), series);
    return series;
  }
}

function bounded(names: readonly LabelName[], values: readonly string[]): readonly string[] {
  return names.map((name, index) => {
    const value = values[index] ?? OTHER;
    return LABEL_VALUES[name].includes(value) ? value : OTHER;
  });
}

/** Every combination of label values, if these are few: a rate needs to see zero before the first event. */
function seeds(names: readonly LabelName[]): readonly (readonly string[])[] {
  const all = names.reduce<readonly (readonly string[])[]>(
    (rows, name) => rows.flatMap((row) => LABEL_VALUES[name].map((value) => [...row, value])),
    [[]],
  );
  return all.length <= MAX_SEEDED ? all : [];
}
