/** What can go wrong between this machine, a proxy and a site, told apart by where and by whose fault. */

import { ProxyWhirlError } from "../core/mod.ts";

/** What was being done. */
export type NetPhase =
  | "resolve"
  | "connect"
  | "proxy_tls"
  | "proxy_handshake"
  | "target_tls"
  | "request"
  | "first_byte"
  | "body";

/** Who failed. */
export type NetSide = "proxy" | "target";

/** Stable names of network failures. */
export type NetCode =
  | "NAME_NOT_FOUND"
  | "CONNECTION_REFUSED"
  | "CONNECTION_FAILED"
  | "CONNECTION_RESET"
  | "CONNECTION_CLOSED"
  | "TIMED_OUT"
  | "PROXY_AUTH_REQUIRED"
  | "PROXY_REFUSED"
  | "PROTOCOL_ERROR"
  | "TOO_LARGE"
  | "TLS_FAILED"
  | "CERTIFICATE_INVALID";

/** A failure on the way to a site. The message holds no credential. */
export class NetError extends ProxyWhirlError {
  /** What failed, for programs. */
  declare readonly code: NetCode;
  /** What was being done. */
  readonly phase: NetPhase;
  /** Who failed. */
  readonly side: NetSide;
  /** HTTP status or SOCKS reply with which the proxy refused, if it gave one. */
  readonly replyCode?: number;

  /**
   * Makes the error.
   *
   * @param code Stable name
   * @param message One sentence for people; never holds a credential
   * @param where Phase, side, the proxy's answer and the error that caused this one
   */
  constructor(code: NetCode, message: string, where: NetErrorPlace) {
    super(code, message, where.cause === undefined ? undefined : { cause: where.cause });
    this.phase = where.phase;
    this.side = where.side;
    if (where.replyCode !== undefined) this.replyCode = where.replyCode;
  }
}

/** Where a failure happened. */
export interface NetErrorPlace {
  /** What was being done. */
  readonly phase: NetPhase;
  /** Who failed. */
  readonly side: NetSide;
  /** HTTP status or SOCKS reply of the proxy. */
  readonly replyCode?: number;
  /** The error below. */
  readonly cause?: unknown;
}

/** Phases as people read them. */
export const PHASE_WORDS: Readonly<Record<NetPhase, string>> = {
  resolve: "looking up the name",
  connect: "connecting",
  proxy_tls: "TLS with the proxy",
  proxy_handshake: "the proxy handshake",
  target_tls: "TLS with the site",
  request: "sending the request",
  first_byte: "waiting for the answer",
  body: "reading the body",
};

const REFUSED = /^(?:ECONNREFUSED|ConnectionRefused)$/;
const RESET = /^(?:ECONNRESET|EPIPE|ECONNABORTED|ConnectionReset|BrokenPipe|UND_ERR_SOCKET)$/;
const UNREACHABLE = /^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM|EMFILE|ENFILE|EINVAL)$/;
const NOT_FOUND = /^(?:ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|ETIMEOUT)$/;
const CERTIFICATE =
  /^(?:ERR_TLS_CERT\w*|CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+|DEPTH_ZERO\w*|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH\w*)$|certificate|CaUsedAsEndEntity|UnknownIssuer|NotValidForName/i;
const TLS = /^(?:ERR_SSL_\w+|EPROTO|ERR_TLS_\w+)$/;
const PARSE = /^HPE_/;

/**
 * Names the failure behind an error of a socket, of TLS or of the HTTP parser.
 *
 * Runtimes agree on most `code`s; where one has none (Deno, for certificates) the message is looked at.
 */
export function netErrorFrom(error: unknown, place: Omit<NetErrorPlace, "cause">): NetError {
  if (error instanceof NetError) return error;
  const { code, message } = detailsOf(error);
  const during = `during ${PHASE_WORDS[place.phase]}`;
  const at = { ...place, cause: error };
  const isTls = place.phase === "proxy_tls" || place.phase === "target_tls";
  if (RESET.test(code)) return new NetError("CONNECTION_RESET", `Connection was reset ${during}`, at);
  if (REFUSED.test(code)) return new NetError("CONNECTION_REFUSED", `Connection was refused ${during}`, at);
  if (NOT_FOUND.test(code)) return new NetError("NAME_NOT_FOUND", `Name was not found ${during}`, at);
  if (code === "ETIMEDOUT") return new NetError("TIMED_OUT", `Timed out ${during}`, at);
  if (code === "HPE_HEADER_OVERFLOW") return new NetError("TOO_LARGE", `Header was too large ${during}`, at);
  if (PARSE.test(code)) return new NetError("PROTOCOL_ERROR", `Answer was not HTTP ${during}`, at);
  // Once TLS is spoken with the site, it is the site that fails at it, or the proxy that meddles.
  const inTls = place.phase === "target_tls" ? { ...at, side: "target" as const } : at;
  if (isTls && (CERTIFICATE.test(code) || CERTIFICATE.test(message))) {
    return new NetError(
      "CERTIFICATE_INVALID",
      `Certificate was not accepted ${during} (${code || message})`,
      inTls,
    );
  }
  if (isTls && (TLS.test(code) || !UNREACHABLE.test(code))) {
    return new NetError("TLS_FAILED", `TLS failed ${during} (${code || message})`, inTls);
  }
  return new NetError("CONNECTION_FAILED", `Connection failed ${during} (${code || "unknown reason"})`, at);
}

function detailsOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  const { code } = error as { readonly code?: unknown };
  // Trying several addresses of one name fails with an AggregateError; the first one says why.
  if (typeof code !== "string" && error instanceof AggregateError) return detailsOf(error.errors[0]);
  return { code: typeof code === "string" ? code : "", message: error.message };
}
