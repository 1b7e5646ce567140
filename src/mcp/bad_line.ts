/**
 * The answer to a line that is no JSON-RPC message.
 *
 * The SDK's transport is silent here. A client that wrote `NaN` into its JSON (Python's `json.dumps` does) or sent
 * a line too long would wait for its timeout; so it gets an error, under its own request id where one can be made
 * out. The texts hold nothing of the line: it may contain a credential.
 *
 * @module
 */
import type { JSONRPCErrorResponse } from "@modelcontextprotocol/server";

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;

type RequestId = string | number;

/** The answer to a line that is not JSON. */
export function notJsonResponse(line: string): JSONRPCErrorResponse {
  const message = "Parse error: the line is not valid JSON (NaN, Infinity and trailing commas are not JSON)";
  return errorResponse(PARSE_ERROR, message, findId(line, line));
}

/** The answer to a line that was skipped for its length. */
export function tooLongResponse(
  line: { readonly head: string; readonly tail: string; readonly bytes: number },
  maxBytes: number,
): JSONRPCErrorResponse {
  const message = `Message of ${line.bytes} bytes skipped: at most ${maxBytes} bytes are allowed`;
  return errorResponse(INVALID_REQUEST, message, findId(line.head, line.tail));
}

/**
 * The answer to JSON that is no JSON-RPC message.
 *
 * @returns `undefined` for what looks like a malformed response or notification: nobody waits for an answer to it.
 */
export function notRpcResponse(value: unknown): JSONRPCErrorResponse | undefined {
  if (Array.isArray(value)) {
    return errorResponse(
      INVALID_REQUEST,
      "Invalid request: batches are not supported, send one message a line",
    );
  }
  if (typeof value !== "object" || value === null) {
    return errorResponse(INVALID_REQUEST, "Invalid request: a message is a JSON object");
  }
  if ("result" in value || "error" in value || !("id" in value)) return undefined;
  const { id } = value;
  const problem = isRequestId(id)
    ? 'a request needs "jsonrpc": "2.0", a "method" and, if any, "params" that are an object'
    : "an id is a string or an integer";
  return errorResponse(INVALID_REQUEST, `Invalid request: ${problem}`, isRequestId(id) ? id : undefined);
}

/** `id` is left out when unknown: MCP's schema makes it optional and, unlike JSON-RPC, never null. */
function errorResponse(code: number, message: string, id?: RequestId): JSONRPCErrorResponse {
  return { jsonrpc: "2.0", ...(id === undefined ? {} : { id }), error: { code, message } };
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === "string" || Number.isSafeInteger(id);
}

/**
 * The id of a request that cannot be parsed. Only in the two places where it is certain to be the message's own:
 * first after `jsonrpc`, as most SDKs write it, or last, as the TypeScript SDK does.
 */
function findId(head: string, tail: string): RequestId | undefined {
  const match =
    /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15}|"[^"\\]{0,100}")\s*,/.exec(head) ??
      /,\s*"id"\s*:\s*(\d{1,15}|"[^"\\]{0,100}")\s*\}\s*$/.exec(tail);
  return match?.[1] === undefined ? undefined : JSON.parse(match[1]) as RequestId;
}
