/** A min-heap whose items know their place in it, so that they can move and leave when their key changes. */

/** What an item must have: its place, which the heap keeps; -1 outside. */
export interface HeapItem {
  /** Kept by the heap. */
  place: number;
}

/** An indexed binary min-heap. Cost: O(log n) to add, remove and update; O(1) to look at the first. */
export class IndexedHeap<T extends HeapItem> {
  readonly #goesBefore: (a: T, b: T) => boolean;
  readonly #items: T[] = [];

  /** @param goesBefore Order of the heap */
  constructor(goesBefore: (a: T, b: T) => boolean) {
    this.#goesBefore = goesBefore;
  }

  /** How many there are. */
  get size(): number {
    return this.#items.length;
  }

  /** The first, or undefined when empty. */
  get first(): T | undefined {
    return this.#items[0];
  }

  /** Adds an item that is in no heap. */
  add(item: T): void {
    this.#items.push(item);
    this.#rise(this.#items.length - 1, item);
  }

  /** Removes an item of this heap. */
  remove(item: T): void {
    const { place } = item;
    item.place = -1;
    const last = this.#items.pop() as T;
    if (last === item) return;
    if (this.#rise(place, last) === place) this.#sink(place, last);
  }

  #rise(from: number, item: T): number {
    let place = from;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.#items[parentPlace] as T;
      if (!this.#goesBefore(item, parent)) break;
      this.#put(place, parent);
      place = parentPlace;
    }
    this.#put(place, item);
    return place;
  }

  #sink(from: number, item: T): void {
    let place = from;
    for (;;) {
      let childPlace = 2 * place + 1;
      const left = this.#items[childPlace];
      if (left === undefined) break;
      const right = this.#items[childPlace + 1];
      const child = right !== undefined && this.#goesBefore(right, left) ? (childPlace++, right) : left;
      if (!this.#goesBefore(child, item)) break;
      this.#put(place, child);
      place = childPlace;
    }
    this.#put(place, item);
  }

  #put(place: number, item: T): void {
    this.#items[place] = item;
    item.place = place;
  }
}
