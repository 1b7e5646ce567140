/**
 * What was sent on the streams of a session, so that a client whose connection broke gets what it missed. Bounded:
 * a log keeps its last events, and all logs together so many bytes; the oldest go first.
 *
 * @module
 */
import type { EventStore, JSONRPCMessage } from "@modelcontextprotocol/server";

const MAX_EVENTS = 256;

interface LoggedEvent {
  readonly number: number;
  readonly streamId: string;
  readonly message: JSONRPCMessage;
  readonly bytes: number;
}

/** How much the logs of all sessions may hold. */
export class EventBudget {
  readonly #maxBytes: number;
  readonly #logs = new Set<EventLog>();
  #bytes = 0;

  /** @param maxBytes Of all logs together. @default {16777216} */
  constructor(maxBytes: number = 16 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** What is held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Books a change; when it is too much, the largest logs lose their oldest events. */
  book(log: EventLog, bytes: number): void {
    this.#logs.add(log);
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes) {
      const [largest] = [...this.#logs].sort((a, b) => b.bytes - a.bytes);
      if (largest === undefined || largest.bytes === 0) return;
      largest.dropOldest();
    }
  }

  /** Forgets a log that has been cleared. */
  remove(log: EventLog): void {
    this.#logs.delete(log);
  }
}

/** The log of one session. */
export class EventLog implements EventStore {
  readonly #budget: EventBudget;
  #events: LoggedEvent[] = [];
  #lastNumber = 0;
  #bytes = 0;

  /** @param budget Shared by the sessions. */
  constructor(budget: EventBudget) {
    this.#budget = budget;
  }

  /** What it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps an event; its id is that of the answer. */
  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    const bytes = JSON.stringify(message).length + 100;
    const number = ++this.#lastNumber;
    this.#events.push({ number, streamId, message, bytes });
    this.#bytes += bytes;
    this.#budget.book(this, bytes);
    if (this.#events.length > MAX_EVENTS) this.dropOldest();
    return Promise.resolve(String(number));
  }

  /** The stream that an event was sent on; undefined when it is no longer known. */
  getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return Promise.resolve(this.#find(eventId)?.streamId);
  }

  /** Sends again what came after an event on its stream. */
  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const last = this.#find(lastEventId);
    if (last === undefined) throw new RangeError("The event is not known, or no longer");
    const missed = this.#events.filter(({ number, streamId }) =>
      number > last.number && streamId === last.streamId
    );
    for (const { number, message } of missed) {
      // An empty one only gave the stream its first id.
      if (Object.keys(message).length > 0) await send(String(number), message);
    }
    return last.streamId;
  }

  /** Forgets the oldest event. */
  dropOldest(): void {
    const event = this.#events.shift();
    if (event === undefined) return;
    this.#bytes -= event.bytes;
    this.#budget.book(this, -event.bytes);
  }

  /** Forgets all, for good. */
  clear(): void {
    this.#events = [];
    this.#budget.book(this, -this.#bytes);
    this.#bytes = 0;
    this.#budget.remove(this);
  }

  #find(eventId: string): LoggedEvent | undefined {
    return this.#events.find(({ number }) => String(number) === eventId);
  }
}
