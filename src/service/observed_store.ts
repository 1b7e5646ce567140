/** A store whose writes are counted. */
import { ProxyWhirlError } from "../core/mod.ts";
import type { Store } from "../store/mod.ts";
import type { ServiceMetrics } from "./metrics.ts";

/** The same store; what is written is timed, and what fails is counted by its reason. */
export function observedStore(store: Store, metrics: ServiceMetrics): Store {
  async function timed<T>(operation: string, write: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      const result = await write();
      metrics.recordStoreWrite(operation, performance.now() - start);
      return result;
    } catch (error) {
      metrics.recordStoreWrite(operation, performance.now() - start, reasonOf(error));
      throw error;
    }
  }
  return {
    location: store.location,
    get isPersistent() {
      return store.isPersistent;
    },
    loadAll: () => store.loadAll(),
    loadParts: (receive) => store.loadParts(receive),
    loadLearned: () => store.loadLearned(),
    loadNotes: (prefix) => store.loadNotes(prefix),
    changes: () => store.changes(),
    close: () => store.close(),
    upsert: (proxies, options) => timed("upsert", () => store.upsert(proxies, options)),
    remove: (ids, options) => timed("remove", () => store.remove(ids, options)),
    apply: (deltas, learned, options) => timed("apply", () => store.apply(deltas, learned, options)),
    saveNotes: (notes, options) => timed("notes", () => store.saveNotes(notes, options)),
  };
}

/** `STORE_READ_ONLY` becomes `read_only`. */
function reasonOf(error: unknown): string {
  return error instanceof ProxyWhirlError ? error.code.slice("STORE_".length).toLowerCase() : "failed";
}
