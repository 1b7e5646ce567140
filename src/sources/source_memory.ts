/**
 * What is remembered of sources: whether they answer, and what became of their proxies. With it `recommended`
 * follows experience.
 */

/** What is remembered of one source. Times are wall clock, epoch ms. */
export interface SourceRecord {
  /** Name of the source. */
  readonly name: string;
  /** Times it was asked. */
  readonly fetches: number;
  /** Times it could not be read, or held no proxy. */
  readonly failures: number;
  /** Failures since it last could be read. */
  readonly failuresInRow: number;
  /** When it was last asked. */
  readonly lastFetchAt: number | null;
  /** When it last could be read. */
  readonly lastOkAt: number | null;
  /** Proxies in it then. */
  readonly lastCount: number;
  /** What went wrong the last time; null when nothing did. */
  readonly lastError: string | null;
  /** Until when it asked to be left alone. */
  readonly waitUntil: number | null;
  /** Proxies of it that were tried. */
  readonly tried: number;
  /** Of these, those that worked. */
  readonly worked: number;
  /** As `tried`, of late: older trials count half and less. */
  readonly recentTried: number;
  /** As `worked`, of late. */
  readonly recentWorked: number;
}

/** A place that remembers sources. */
export interface SourceMemory {
  /** What is remembered of a source. */
  get(name: string): SourceRecord | undefined;
  /** Remembers it as it is now. */
  set(record: SourceRecord): void;
}

/** How a proxy of some sources did when it was tried. */
export interface SourceTrial {
  /** Names of the sources that list it. */
  readonly sources: readonly string[];
  /** Whether it worked. */
  readonly isOk: boolean;
}

/** When more were tried than this, what was before counts half. */
const RECENT = 1000;

const NUMBERS = [
  "fetches",
  "failures",
  "failuresInRow",
  "lastCount",
  "tried",
  "worked",
  "recentTried",
  "recentWorked",
] as const;
const TIMES = ["lastFetchAt", "lastOkAt", "waitUntil"] as const;

/** Remembers in this process; can be written down as JSON and read again. */
export class InMemorySourceMemory implements SourceMemory {
  readonly #records: Map<string, SourceRecord> = new Map();

  /**
   * Makes a memory.
   *
   * @param snapshot What {@linkcode InMemorySourceMemory.snapshot} gave, perhaps from a file; what cannot be read in
   * it is forgotten
   */
  constructor(snapshot?: unknown) {
    for (const value of Array.isArray(snapshot) ? snapshot : []) {
      const record = readRecord(value);
      if (record !== undefined) this.#records.set(record.name, record);
    }
  }

  /** What is remembered of a source. */
  get(name: string): SourceRecord | undefined {
    return this.#records.get(name);
  }

  /** Remembers it as it is now. */
  set(record: SourceRecord): void {
    this.#records.set(record.name, record);
  }

  /** Everything, ready for `JSON.stringify`. */
  snapshot(): readonly SourceRecord[] {
    return [...this.#records.values()];
  }
}

/** What is remembered of a source of which nothing is. */
export function newSourceRecord(name: string): SourceRecord {
  return {
    name,
    fetches: 0,
    failures: 0,
    failuresInRow: 0,
    lastFetchAt: null,
    lastOkAt: null,
    lastCount: 0,
    lastError: null,
    waitUntil: null,
    tried: 0,
    worked: 0,
    recentTried: 0,
    recentWorked: 0,
  };
}

/** Remembers how proxies did, for every source that lists them. */
export function noteTrials(memory: SourceMemory, trials: Iterable<SourceTrial>): void {
  const sums = new Map<string, { tried: number; worked: number }>();
  for (const { sources, isOk } of trials) {
    for (const name of sources) {
      const sum = sums.get(name) ?? { tried: 0, worked: 0 };
      sum.tried++;
      if (isOk) sum.worked++;
      sums.set(name, sum);
    }
  }
  for (const [name, { tried, worked }] of sums) {
    const before = memory.get(name) ?? newSourceRecord(name);
    const weight = before.recentTried + tried > RECENT ? 0.5 : 1;
    memory.set({
      ...before,
      tried: before.tried + tried,
      worked: before.worked + worked,
      recentTried: before.recentTried * weight + tried,
      recentWorked: before.recentWorked * weight + worked,
    });
  }
}

function readRecord(value: unknown): SourceRecord | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entry = value as Readonly<Record<string, unknown>>;
  const { lastError, name } = entry;
  if (typeof name !== "string") return undefined;
  const numbers = NUMBERS.map((key) => [key, isCount(entry[key]) ? entry[key] : 0]);
  const times = TIMES.map((key) => [key, isCount(entry[key]) ? entry[key] : null]);
  return {
    ...newSourceRecord(name),
    ...Object.fromEntries([...numbers, ...times]),
    lastError: typeof lastError === "string" ? lastError.slice(0, 500) : null,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
