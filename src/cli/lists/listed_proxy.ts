/** What reading a list gives, whatever its format. */
import type { ProxyMetadata, RejectedLine } from "../../core/mod.ts";
import type { ProxyCounters, ProxyState } from "../../store/mod.ts";

/** What a list knows of a proxy's past. */
export interface ProxyHistory {
  /** Counters, to be added to those of a new proxy. */
  readonly counters: ProxyCounters;
  /** Its state. */
  readonly state: ProxyState;
}

/** A proxy of a list with what the list says about it. */
export interface ListedProxy extends ProxyMetadata {
  /** Canonical URL, with credentials. */
  readonly url: string;
  /** Its UUID in the pool that it comes from. */
  readonly id?: string;
  /** Its past; absent when the list says nothing of it. */
  readonly history?: ProxyHistory;
}

/** What a list held; entries of JSON, CSV and TOML are numbered from 1, others by line. */
export interface ListResult {
  /** Each different proxy once, in the order of the list. */
  readonly proxies: readonly ListedProxy[];
  /** Entries that repeat an earlier proxy. */
  readonly duplicates: number;
  /** Entries that are no proxy. */
  readonly rejected: readonly RejectedLine[];
  /** Entries in all. */
  readonly lines: number;
  /** What was not taken over and should be known, one sentence each. */
  readonly notes: readonly string[];
}
