/** A place for short texts, such as the store of the pool has. */

/** Keeps short texts by name. */
export interface Notes {
  /** Those whose name begins with `prefix`. */
  loadNotes(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** Keeps texts over those of the same names. */
  saveNotes(notes: ReadonlyMap<string, string>): Promise<void>;
}

/** Notes that last as long as the process. */
export function memoryNotes(): Notes {
  const kept = new Map<string, string>();
  return {
    loadNotes: (prefix) => Promise.resolve(new Map([...kept].filter(([name]) => name.startsWith(prefix)))),
    saveNotes(notes) {
      for (const [name, text] of notes) kept.set(name, text);
      return Promise.resolve();
    },
  };
}
