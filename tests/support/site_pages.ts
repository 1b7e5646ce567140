/** What the test site answers, page by page. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

/** Answers one page. */
export type Page = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void;

/** Text that the compressed pages hold. */
export const COMPRESSED_TEXT: string = "Compressed and read again. ".repeat(400);

const CODINGS: Readonly<Record<string, (text: string) => Uint8Array>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  "deflate-raw": deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};

/** Challenge pages as vendors send them: status, header fields, body. */
export const CHALLENGES: Readonly<Record<string, readonly [number, Record<string, string>, string]>> = {
  cloudflare: [
    403,
    { server: "cloudflare", "cf-mitigated": "challenge", "content-type": "text/html" },
    html("Just a moment...", "<script src=/cdn-cgi/challenge-platform/x></script>"),
  ],
  cloudflare_1015: [
    429,
    { server: "cloudflare", "content-type": "text/html" },
    html("Access denied", "Error 1015: You are being rate limited"),
  ],
  akamai: [
    403,
    { server: "AkamaiGHost", "content-type": "text/html" },
    html(
      "Access Denied",
      "You don't have permission to access this. Reference #18.2d351ab8.1557333295.a4e16ab",
    ),
  ],
  datadome: [
    403,
    { "x-datadome": "protected", "content-type": "text/html" },
    html("shop.test", "<script>var dd={'host':'geo.captcha-delivery.com'}</script>"),
  ],
  perimeterx: [
    403,
    { "content-type": "text/html" },
    html("Access to this page has been denied", "<div id=px-captcha></div>"),
  ],
  imperva: [
    200,
    { "x-iinfo": "1-2-3", "content-type": "text/html" },
    html(
      "",
      "<iframe src=/_Incapsula_Resource?SWUDNSAI=31></iframe>Request unsuccessful. Incapsula incident ID: 1",
    ),
  ],
  aws_waf: [
    405,
    { "x-amzn-waf-action": "captcha", "content-type": "text/html" },
    html("Human Verification", ""),
  ],
  captcha: [
    200,
    { "content-type": "text/html" },
    html("Are you a robot?", "<div class=g-recaptcha data-sitekey=x></div>"),
  ],
};

/** All pages by the first part of their path. */
export const PAGES: Readonly<Record<string, Page>> = {
  ok: (_request, response) => response.end("ok"),
  json: (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end('{"ok":true}');
  },
  cookies: (_request, response) => {
    response.setHeader("set-cookie", ["a=1", "b=2"]).end();
  },
  html: (_request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(html("A page", "<h1>Hello</h1><p>Some <b>bold</b> text.</p>"));
  },
  /** What arrived: method, header fields, body. */
  echo: (request, response) => {
    let body = "";
    request.setEncoding("latin1").on("data", (text: string) => body += text);
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      const { headers, method, url, socket } = request;
      response.end(JSON.stringify({ method, url, headers, body, exit: socket.remoteAddress }));
    });
  },
  status: (_request, response, query) => {
    response.statusCode = Number(query.get("code"));
    const retryAfter = query.get("retry-after");
    if (retryAfter !== null) response.setHeader("retry-after", retryAfter);
    response.end(`status ${response.statusCode}`);
  },
  redirect: (_request, response, query) => {
    response.writeHead(Number(query.get("code") ?? 302), { location: asBytes(query.get("to") ?? "/ok") }).end(
      "moved",
    );
  },
  large: (_request, response, query) => {
    const bytes = Number(query.get("bytes"));
    const chunk = new Uint8Array(65_536).fill(120);
    let left = bytes;
    response.setHeader("content-length", String(bytes));
    const push = () => {
      while (left > 0) {
        const part = left < chunk.length ? chunk.subarray(0, left) : chunk;
        left -= part.length;
        if (!response.write(part)) return void response.once("drain", push);
      }
      response.end();
    };
    push();
  },
  chunked: (_request, response, query) => {
    const count = Number(query.get("count"));
    for (let i = 0; i < count; i++) response.write(`chunk ${i}\n`);
    response.end();
  },
  compressed: (_request, response, query) => {
    const coding = query.get("coding") ?? "gzip";
    response.setHeader("content-encoding", coding.replace("-raw", ""));
    response.end(CODINGS[coding]?.(COMPRESSED_TEXT));
  },
  challenge: (_request, response, query) => {
    const [status, headers, body] = CHALLENGES[query.get("by") ?? ""] ?? [404, {}, ""];
    response.writeHead(status, headers).end(body);
  },
  /** Sends the head and part of the body, and then nothing. */
  stall: (_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("only this");
  },
  /** Sends part of the body and cuts the connection. */
  cut: (request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("only this", () => request.socket.destroy());
  },
  /** Cuts the connection before any answer. */
  reset: (request) => request.socket.destroy(),
  /** Takes its time, ms. */
  slow: (request, response, query) => {
    request.resume();
    const timer = setTimeout(() => response.end("ok"), Number(query.get("ms")));
    response.once("close", () => clearTimeout(timer));
  },
  /** Sends a byte at a time, without end. */
  drip: (_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const timer = setInterval(() => response.write("x"), 20);
    response.once("close", () => clearInterval(timer));
  },
  /** Never answers. */
  hang: () => {},
  /** A header of so many bytes. */
  header: (_request, response, query) => {
    response.setHeader("x-large", "x".repeat(Number(query.get("bytes")))).end("ok");
  },
};

/** UTF-8 as header fields can carry it. */
function asBytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

function html(title: string, body: string): string {
  return `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`;
}
