/**
 * Puts the HTTP server under load, and checks that it answers everything, keeps its memory and gives back what
 * misbehaving clients took.
 *
 * `deno run -A scripts/load.ts [--seconds 60] [--clients 64] [--runtime deno|node|bun]` (all that are installed by
 * default). The server is the program itself, in a process of its own; its memory and its files are read from
 * `/proc`, so on systems other than Linux only the answers are checked.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import process from "node:process";
import { parseArgs } from "node:util";
import { findRuntime, type Runtime, type RuntimeName } from "../tests/support/runtimes.ts";
import { HttpProgram } from "../tests/e2e/support/http_program.ts";

/** What may be held more at the end than after the warm-up. */
const SPARE_FILES = 20;
/** Bun takes its time to give memory back: over 170 000 calls it went up and down by 30 MB, and stayed. */
const SPARE_MB: Readonly<Record<RuntimeName, number>> = { deno: 64, node: 64, bun: 128 };
const SESSIONS = 1000;
/** A heap that may be large is cleaned late, and would look like a leak; with these a leak soon ends the server. */
const HEAP_FLAGS: Readonly<Record<RuntimeName, readonly string[]>> = {
  deno: ["--v8-flags=--max-old-space-size=128,--max-semi-space-size=8"],
  node: ["--max-old-space-size=128", "--max-semi-space-size=8"],
  bun: ["--smol"],
};
const MODERN_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "load", version: "1" },
};

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    clients: { type: "string", default: "64" },
    runtime: { type: "string" },
  },
});
const seconds = Number(values.seconds);
const clients = Number(values.clients);
if (!(seconds > 0) || !Number.isInteger(clients) || clients < 1) {
  throw new RangeError("--seconds must be a number above 0, --clients a whole number above 0");
}

let [passed, failed] = [0, 0];

interface Figures {
  readonly files: number;
  readonly mb: number;
}

async function load(runtime: Runtime): Promise<void> {
  await using server = await HttpProgram.start({
    runtime: runtime.name,
    flags: HEAP_FLAGS[runtime.name],
    args: ["--db", ":memory:", "--log-level", "error", "--max-sessions", "200", "--rate-limit", "off"],
  });
  console.log(`${runtime.name} ${runtime.version}, ${clients} clients, ${seconds} s`);
  const { pid } = server.child;
  const target = new Target(server.url);
  await round(target, pid, Math.min(seconds / 2, 15), () => {}); // warms up: what it takes is not a leak
  const before = await settled(pid);
  await round(target, pid, seconds, check);
  const after = await settled(pid);
  const shown = ({ files, mb }: Figures) => `${mb} MB, ${files} files`;
  check(
    `memory and files come back: ${shown(before)} before, ${shown(after)} after`,
    after.mb <= before.mb + SPARE_MB[runtime.name] && after.files <= before.files + SPARE_FILES,
  );
  target.close();
  const { code } = await server.child.kill();
  check("the server ends with 0", code === 0, server.child.stdout.split("\n").slice(1, 4).join(" "));
}

/** Everything that clients do, good and bad. */
async function round(target: Target, pid: number, forSeconds: number, check: Check): Promise<void> {
  const cpuBefore = cpuMs(pid);
  const counts = await work(target, forSeconds * 1000);
  const cpu = Math.round((cpuMs(pid) - cpuBefore) / counts.answers * 100) / 100;
  const rate = Math.round(counts.answers / forSeconds);
  check(
    `every call is answered: ${counts.answers} answers, ${rate}/s, ${cpu} ms of processor time each, ` +
      `median ${counts.median} ms, p99 ${counts.p99} ms`,
    counts.errors.length === 0 && counts.answers > 0,
    counts.errors[0],
  );

  const opened = await abandonSessions(target, SESSIONS);
  check(`${opened} of ${SESSIONS} sessions opened and abandoned`, opened === SESSIONS);

  const bodies = await largeBodies(target, 40);
  check("bodies of 10 MB are refused with 413", bodies.every((status) => status === 413), String(bodies));

  const misbehaving = misbehave(target, Math.min(forSeconds, 10));
  const beside = await work(target, Math.min(forSeconds, 10) * 1000);
  await misbehaving;
  check(
    `slow, stalled and vanishing clients hold up nobody: ${beside.answers} answers beside them`,
    beside.errors.length === 0 && beside.answers > 0,
    beside.errors[0],
  );
}

type Check = (what: string, isGood: boolean, problem?: string) => void;

function check(what: string, isGood: boolean, problem = ""): void {
  if (isGood) passed++;
  else failed++;
  console.log(`  ${isGood ? "ok  " : "FAIL"} ${what}${isGood || problem === "" ? "" : `: ${problem}`}`);
}

/** The server as a client sees it; connections are kept. */
class Target {
  readonly url: string;
  readonly port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  #lastId = 0;

  constructor(url: string) {
    this.url = url;
    this.port = Number(new URL(url).port);
  }

  /** Sends a request of MCP; resolves with status, headers and the answer. */
  async ask(
    method: string,
    params: Record<string, unknown>,
    session?: string,
  ): Promise<{ readonly status: number; readonly session: string; readonly text: string }> {
    const isModern = session === undefined && method !== "initialize";
    const name = params["name"];
    const body = JSON.stringify({
      jsonrpc: "2.0",
      ...(method.startsWith("notifications/") ? {} : { id: ++this.#lastId }),
      method,
      params: isModern ? { ...params, _meta: MODERN_META } : params,
    });
    return await this.send("POST", body, {
      ...(isModern ? { "mcp-protocol-version": "2026-07-28", "mcp-method": method } : {}),
      ...(isModern && typeof name === "string" ? { "mcp-name": name } : {}),
      ...(session === undefined ? {} : { "mcp-session-id": session }),
    });
  }

  /** Sends any body. */
  send(
    method: string,
    body: string | Uint8Array,
    headers: Record<string, string>,
  ): Promise<{ readonly status: number; readonly session: string; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const all = {
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
        ...("transfer-encoding" in headers ? {} : { "content-length": String(lengthOf(body)) }),
        ...headers,
      };
      const outgoing = request(this.url, { method, agent: this.#agent, headers: all }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => text += chunk);
        response.on("error", reject);
        response.on("end", () => {
          const session = response.headers["mcp-session-id"];
          resolve({ status: response.statusCode ?? 0, session: String(session ?? ""), text });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** Opens a session; resolves with its id. */
  async open(): Promise<string> {
    const clientInfo = { name: "load", version: "1" };
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    const { session } = await this.ask("initialize", params);
    await this.ask("notifications/initialized", {}, session);
    return session;
  }

  /** A connection of its own, on which the test writes what it likes. */
  socket(text: string): Socket {
    const socket = connect(this.port, "127.0.0.1", () => socket.write(text));
    socket.on("error", () => {});
    return socket;
  }

  /** Lets go of the connections. */
  close(): void {
    this.#agent.destroy();
  }
}

function lengthOf(body: string | Uint8Array): number {
  return typeof body === "string" ? new TextEncoder().encode(body).length : body.length;
}

interface Counts {
  readonly answers: number;
  readonly errors: readonly string[];
  readonly median: number;
  readonly p99: number;
}

/** All clients call without a pause: half of them in sessions, half in the modern era. */
async function work(target: Target, ms: number): Promise<Counts> {
  const end = performance.now() + ms;
  const errors: string[] = [];
  const times: number[] = [];
  await Promise.all(Array.from({ length: clients }, async (_, lane) => {
    const session = lane % 2 === 0 ? await target.open() : undefined;
    for (let i = lane; performance.now() < end; i++) {
      const started = performance.now();
      try {
        const { status, text } = await target.ask("tools/call", callOf(i), session);
        if (status !== 200 || !text.includes('"result"')) {
          errors.push(`status ${status}: ${text.slice(0, 200)}`);
        }
      } catch (error) {
        errors.push(String(error));
      }
      times.push(performance.now() - started);
    }
    if (session !== undefined) await target.send("DELETE", "", { "mcp-session-id": session });
  }));
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10;
  return { answers: times.length - errors.length, errors, median: at(0.5), p99: at(0.99) };
}

function callOf(i: number): Record<string, unknown> {
  const proxy = `http://192.0.2.${i % 200 + 1}:8080`;
  const calls = [
    { action: "health" },
    { action: "rotate" },
    { action: "list", limit: 20 },
    { action: "add", proxy_url: proxy },
    { action: "recommend" },
    { action: "explain" },
    { action: "report", proxy_id: "none", target: "a.example", outcome: "ok" },
  ];
  return { name: "proxywhirl", arguments: calls[i % calls.length] };
}

/** Opens sessions that nobody uses or ends; some subscribe, some leave a stream open for a moment. */
async function abandonSessions(target: Target, count: number): Promise<number> {
  let opened = 0;
  for (let i = 0; i < count; i += 20) {
    await Promise.all(Array.from({ length: 20 }, async (_, lane) => {
      const session = await target.open();
      if (session === "") return;
      opened++;
      if (lane % 4 === 0) await target.ask("resources/subscribe", { uri: "proxy://health" }, session);
      if (lane % 5 === 0) {
        const stream = target.socket(
          `GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nMcp-Session-Id: ${session}\r\n\r\n`,
        );
        await new Promise((resolve) => stream.once("data", resolve).once("close", resolve));
        stream.destroy();
      }
    }));
  }
  return opened;
}

/** Bodies of 10 MB: with their length told, and in pieces. */
async function largeBodies(target: Target, count: number): Promise<readonly number[]> {
  const body = new Uint8Array(10_000_000).fill(32);
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) {
    try {
      const { status } = await target.send(
        "POST",
        body,
        i % 2 === 0 ? {} : { "transfer-encoding": "chunked" },
      );
      statuses.push(status);
    } catch (error) {
      statuses.push(0);
      console.log(`  ${error}`);
    }
  }
  return statuses;
}

/** Clients that send drop by drop, stop in the middle, do not read, or vanish. */
async function misbehave(target: Target, forSeconds: number): Promise<void> {
  const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: callOf(2) });
  const head = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" +
    "Accept: application/json, text/event-stream\r\n";
  const session = await target.open();
  const whole = `${head}Mcp-Session-Id: ${session}\r\nContent-Length: ${call.length}\r\n\r\n${call}`;
  const sockets: Socket[] = [];
  const timers = new Set<ReturnType<typeof setInterval>>();
  for (let i = 0; i < 50; i++) {
    sockets.push(target.socket("")); // says nothing
    sockets.push(target.socket(head)); // stops within the headers
    sockets.push(target.socket(`${head}Content-Length: 1000\r\n\r\n{`)); // stops within the body
    const unread = target.socket(whole.repeat(20)); // asks again and again, and reads nothing
    unread.pause();
    sockets.push(unread);
    const drip = target.socket(`${head}X-Slow: `);
    const timer = setInterval(() => drip.writable && drip.write("a"), 100);
    timers.add(timer);
    sockets.push(drip);
  }
  const end = performance.now() + forSeconds * 1000;
  while (performance.now() < end) {
    // These ask and are gone before the answer.
    const vanishing = Array.from({ length: 10 }, () => target.socket(whole));
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const socket of vanishing) socket.destroy();
  }
  for (const timer of timers) clearInterval(timer);
  for (const socket of sockets) socket.destroy();
}

/** Memory and open files of a process, once they no longer fall. */
async function settled(pid: number): Promise<Figures> {
  let least = figuresOf(pid);
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = figuresOf(pid);
    least = { files: Math.min(least.files, now.files), mb: Math.min(least.mb, now.mb) };
  }
  return least;
}

/** Processor time that a process has used; a tick is 10 ms on every Linux. */
function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

function figuresOf(pid: number): Figures {
  try {
    const kb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return { files: readdirSync(`/proc/${pid}/fd`).length, mb: Math.round(Number(kb) / 1000) };
  } catch {
    return { files: 0, mb: 0 };
  }
}

const names: readonly RuntimeName[] = ["deno", "node", "bun"];
for (const name of names.filter((name) => values.runtime === undefined || values.runtime === name)) {
  const runtime = findRuntime(name);
  if (runtime !== undefined) await load(runtime);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
