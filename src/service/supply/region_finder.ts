/** Says where proxies are, when there are region files. */
import type { ProxyMetadata } from "../../core/mod.ts";
import type { RegionDatabase } from "../../sources/mod.ts";

/** Finds the region of addresses. Files are read when they are first needed. */
export class RegionFinder {
  readonly #paths: readonly string[];
  readonly #onError: (error: unknown) => void;
  #opening: Promise<RegionDatabase | undefined> | undefined;

  /**
   * Makes a finder.
   *
   * @param paths Region files; without any nothing is ever found
   * @param onError Hears, once, of files that cannot be used
   */
  constructor(paths: readonly string[], onError: (error: unknown) => void) {
    this.#paths = paths;
    this.#onError = onError;
  }

  /** A function that answers with what is known of the first of some addresses that is known. */
  async open(): Promise<(...addresses: readonly (string | null)[]) => ProxyMetadata> {
    if (this.#paths.length === 0) return () => ({});
    const database = await (this.#opening ??= this.#read());
    if (database === undefined) return () => ({});
    return (...addresses) => {
      for (const address of addresses) {
        const { asn, city, region } = address === null ? NOWHERE : database.locate(address);
        if (region === null && asn === null) continue;
        return {
          ...(region === null ? {} : { region }),
          ...(city === null ? {} : { city }),
          ...(asn === null ? {} : { asn }),
        };
      }
      return {};
    };
  }

  async #read(): Promise<RegionDatabase | undefined> {
    const { RegionDatabase } = await import("../../sources/mod.ts");
    try {
      return await RegionDatabase.open(this.#paths);
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }
}

const NOWHERE = { asn: null, city: null, region: null } as const;
