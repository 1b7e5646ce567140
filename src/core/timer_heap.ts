/** Things that become due at a time: a binary min-heap, earliest first. */

/** One thing that becomes due. */
export interface Due<T> {
  /** When, ms on the clock of the rotator. */
  readonly at: number;
  /** What. */
  readonly item: T;
}

/**
 * A min-heap by time. Nothing is ever cancelled: whoever takes an item out checks whether it still holds,
 * which is cheaper than finding it in the heap.
 *
 * Cost: O(log n) to add and take, O(1) to look.
 */
export class TimerHeap<T> {
  readonly #heap: Due<T>[] = [];

  /** Items waiting, those that no longer hold included. */
  get size(): number {
    return this.#heap.length;
  }

  /** The earliest time, or undefined when nothing waits. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.at;
  }

  /** Adds an item. */
  add(at: number, item: T): void {
    const heap = this.#heap;
    const due: Due<T> = { at, item };
    let index = heap.length;
    heap.push(due);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as Due<T>;
      if (parent.at <= at) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = due;
  }

  /** Takes out the earliest item if it is due at `now`. */
  takeDue(now: number): Due<T> | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.#removeFirst();
    return first;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      const left = heap[childIndex];
      if (left === undefined) break;
      const right = heap[childIndex + 1];
      const child = right !== undefined && right.at < left.at ? (childIndex++, right) : left;
      if (child.at >= last.at) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
  }
}
