/**
 * Answers that are no answers of MCP: refusals, and small documents.
 *
 * @module
 */

/** Codes of JSON-RPC errors in refusals. */
export const RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  refused: -32000,
  sessionNotFound: -32001,
} as const;

/** A refusal in the form of JSON-RPC, which clients show to people. */
export function refusal(
  status: number,
  message: string,
  options: { readonly code?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const body = { jsonrpc: "2.0", error: { code: options.code ?? RPC.refused, message }, id: null };
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...options.headers } });
}

/** The answer to a method that a path does not take. */
export function methodNotAllowed(allow: string): Response {
  return refusal(405, `Method not allowed. Must be one of: ${allow}`, { headers: { allow } });
}

/** A small JSON document that is never cached. */
export function document(body: object, status: number = 200): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}
