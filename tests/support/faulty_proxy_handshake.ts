/** Server side of the handshakes of HTTP proxies, SOCKS 4, 4a and 5, told apart by their first byte. */

import type { Socket } from "node:net";

/** What a client asked for, and how to answer. */
export interface Handshake {
  /** Protocol, as far as the bytes tell. */
  readonly kind: "connect" | "absolute" | "socks4" | "socks5";
  /** Host asked for: a name or an address. */
  readonly host: string;
  /** Port asked for. */
  readonly port: number;
  /** Answer when the tunnel is up; empty in absolute form. */
  readonly granted: Uint8Array;
  /** Answer when it cannot be. */
  readonly refusal: Uint8Array;
  /** What goes on to the site: the request, in absolute form. */
  readonly firstBytes: Uint8Array;
}

/** Whom to let in. */
export interface Doorkeeper {
  /** `user:password`, or undefined for everybody. */
  readonly credentials: string | undefined;
  /** Let nobody in. */
  readonly refuseAll?: boolean;
}

/** Reads a handshake; undefined when the client was refused or left. */
export async function readHandshake(client: Socket, door: Doorkeeper): Promise<Handshake | undefined> {
  const bytes = new ByteQueue(client);
  const first = await bytes.take(1);
  if (first === undefined) return undefined;
  if (first[0] === 5) return await socks5(client, bytes, door);
  if (first[0] === 4) return await socks4(client, bytes, door);
  return await http(client, bytes, first, door);
}

async function socks5(client: Socket, bytes: ByteQueue, door: Doorkeeper): Promise<Handshake | undefined> {
  const [count = 0] = await bytes.take(1) ?? [];
  const methods = await bytes.take(count) ?? new Uint8Array();
  const wanted = door.credentials === undefined && !door.refuseAll ? 0 : 2;
  if (!methods.includes(wanted)) return void client.end(Uint8Array.of(5, 255));
  client.write(Uint8Array.of(5, wanted));
  if (wanted === 2) {
    const [, userLength = 0] = await bytes.take(2) ?? [];
    const user = utf8(await bytes.take(userLength));
    const [passwordLength = 0] = await bytes.take(1) ?? [];
    const password = utf8(await bytes.take(passwordLength));
    const isRight = !door.refuseAll && decoded(door.credentials) === `${user}:${password}`;
    if (!isRight) return void client.end(Uint8Array.of(1, 1));
    client.write(Uint8Array.of(1, 0));
  }
  const [, , , kind] = await bytes.take(4) ?? [];
  let host: string;
  if (kind === 1) host = [...await bytes.take(4) ?? []].join(".");
  else if (kind === 4) {
    const words = await bytes.take(16) ?? new Uint8Array(16);
    host = Array.from(
      { length: 8 },
      (_, i) => (((words[2 * i] ?? 0) << 8) | (words[2 * i + 1] ?? 0)).toString(16),
    ).join(":");
  } else {
    const [length = 0] = await bytes.take(1) ?? [];
    host = text(await bytes.take(length));
  }
  const port = portOf(await bytes.take(2));
  const reply = (code: number) => Uint8Array.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0);
  return { kind: "socks5", host, port, granted: reply(0), refusal: reply(1), firstBytes: bytes.rest() };
}

async function socks4(client: Socket, bytes: ByteQueue, door: Doorkeeper): Promise<Handshake | undefined> {
  const [, ...address] = await bytes.take(3) ?? [];
  const port = ((address[0] ?? 0) << 8) | (address[1] ?? 0);
  const octets = [...await bytes.take(4) ?? []];
  const user = utf8(await bytes.until(0));
  const isName = octets.slice(0, 3).every((octet) => octet === 0) && octets[3] !== 0;
  const host = isName ? text(await bytes.until(0)) : octets.join(".");
  const reply = (code: number) => Uint8Array.of(0, code, 0, 0, 0, 0, 0, 0);
  const isRight = !door.refuseAll &&
    (door.credentials === undefined || decoded(door.credentials).split(":")[0] === user);
  if (!isRight) return void client.end(reply(93));
  return { kind: "socks4", host, port, granted: reply(90), refusal: reply(91), firstBytes: bytes.rest() };
}

async function http(
  client: Socket,
  bytes: ByteQueue,
  first: Uint8Array,
  door: Doorkeeper,
): Promise<Handshake | undefined> {
  const head = text(first) + text(await bytes.untilText("\r\n\r\n"));
  const [method = "", target = ""] = head.split(" ");
  const authorization = /^proxy-authorization: basic (.*)\r$/im.exec(head)?.[1];
  const wanted = door.credentials === undefined ? undefined : base64(decoded(door.credentials));
  if (door.refuseAll || (wanted !== undefined && authorization !== wanted)) {
    return void client.end(
      'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
    );
  }
  const encode = (value: string) => new TextEncoder().encode(value);
  const refusal = encode("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  if (method === "CONNECT") {
    const { hostname, port } = new URL(`http://${target}`);
    return {
      kind: "connect",
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port || 80),
      granted: encode("HTTP/1.1 200 Connection established\r\n\r\n"),
      refusal,
      firstBytes: bytes.rest(),
    };
  }
  const url = new URL(target);
  const forwarded = head.replace(url.origin, "").replace(/^proxy-[a-z-]+: .*\r\n/gim, "");
  return {
    kind: "absolute",
    host: url.hostname,
    port: Number(url.port || 80),
    granted: new Uint8Array(),
    refusal,
    firstBytes: join(encode(forwarded), bytes.rest()),
  };
}

/** Bytes of a socket, taken in the portions that a protocol wants. */
class ByteQueue {
  readonly #socket: Socket;
  #bytes: Uint8Array = new Uint8Array();

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  async take(count: number): Promise<Uint8Array | undefined> {
    while (this.#bytes.length < count) if (!await this.#more()) return undefined;
    return this.#cut(count, count);
  }

  async until(byte: number): Promise<Uint8Array | undefined> {
    while (!this.#bytes.includes(byte)) if (!await this.#more()) return undefined;
    const end = this.#bytes.indexOf(byte);
    return this.#cut(end, end + 1);
  }

  async untilText(mark: string): Promise<Uint8Array | undefined> {
    for (;;) {
      const end = text(this.#bytes).indexOf(mark);
      if (end >= 0) return this.#cut(end + mark.length, end + mark.length);
      if (!await this.#more()) return undefined;
    }
  }

  /** Everything that has come beyond what was taken. */
  rest(): Uint8Array {
    return this.#cut(this.#bytes.length, this.#bytes.length);
  }

  #cut(end: number, next: number): Uint8Array {
    const part = this.#bytes.subarray(0, end);
    this.#bytes = this.#bytes.subarray(next);
    return part;
  }

  #more(): Promise<boolean> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const finish = (isMore: boolean) => {
        socket.off("readable", onReadable);
        socket.off("end", onEnd);
        socket.off("close", onEnd);
        resolve(isMore);
      };
      const onEnd = () => finish(false);
      const onReadable = () => {
        const chunk: Uint8Array | null = socket.read();
        if (chunk === null) return;
        this.#bytes = join(this.#bytes, chunk);
        finish(true);
      };
      socket.on("readable", onReadable);
      socket.on("end", onEnd);
      socket.on("close", onEnd);
      onReadable();
    });
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function text(bytes: Uint8Array | undefined): string {
  return String.fromCharCode(...bytes ?? []);
}

function utf8(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

function base64(plain: string): string {
  return btoa(text(new TextEncoder().encode(plain)));
}

function decoded(credentials: string | undefined): string {
  return decodeURIComponent(credentials ?? "");
}

function portOf(bytes: Uint8Array | undefined): number {
  return ((bytes?.[0] ?? 0) << 8) | (bytes?.[1] ?? 0);
}
