/** The body of a request: given in any of the forms of `fetch`, and sent more than once only when it can be. */

/** Whatever `fetch` takes as a body. */
export type BodyInput = NonNullable<RequestInit["body"]>;

/** A body ready to be sent. */
export class RequestBody {
  readonly #bytes: Uint8Array | undefined;
  #stream: ReadableStream<Uint8Array> | undefined;
  #isTaken = false;

  /** @param content All of it, or a stream of it */
  constructor(content: Uint8Array | ReadableStream<Uint8Array>) {
    if (content instanceof Uint8Array) this.#bytes = content;
    else this.#stream = content;
  }

  /** Whether it can be sent (again): bytes always, a stream once. */
  get isAvailable(): boolean {
    return this.#bytes !== undefined || !this.#isTaken;
  }

  /** Whether it is a stream, whose length nobody knows. */
  get isStream(): boolean {
    return this.#bytes === undefined;
  }

  /**
   * Takes it to be sent.
   *
   * @throws {TypeError} when it is a stream that was taken before
   */
  take(): Uint8Array | ReadableStream<Uint8Array> {
    if (this.#bytes !== undefined) return this.#bytes;
    const stream = this.#stream;
    if (stream === undefined || this.#isTaken) throw new TypeError("Cannot send a stream twice");
    this.#isTaken = true;
    this.#stream = undefined;
    return stream;
  }

  /** Tells a stream that nobody will read it. */
  cancel(): void {
    this.#stream?.cancel().catch(() => {});
  }
}

/** A body and the type that goes with it. */
export interface PreparedBody {
  /** The body. */
  readonly body: RequestBody;
  /** Value for `content-type` when the caller gives none. */
  readonly contentType: string | null;
}

/** Brings a body into the form in which it is sent. */
export async function prepareBody(input: BodyInput): Promise<PreparedBody> {
  if (typeof input === "string") {
    return {
      body: new RequestBody(new TextEncoder().encode(input)),
      contentType: "text/plain;charset=UTF-8",
    };
  }
  if (input instanceof Uint8Array) return { body: new RequestBody(input), contentType: null };
  if (input instanceof ReadableStream) return { body: new RequestBody(input), contentType: null };
  // The platform knows how to write forms, blobs and parameters, and what they are called.
  const written = new Response(input);
  const contentType = written.headers.get("content-type"); // Bun forgets it with the body
  return { body: new RequestBody(new Uint8Array(await written.arrayBuffer())), contentType };
}
