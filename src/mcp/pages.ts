/**
 * Lists of what the server offers fit on one page, so no cursor is one of ours. Proxies are not among them: they are
 * listed by the `list` action, with cursors of its own.
 *
 * @module
 */
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { showPlain } from "../contract/show.ts";

/** Refuses a request for any page but the first. */
export function firstPage(params: { readonly cursor?: string | undefined } | undefined): void {
  if (params?.cursor === undefined) return;
  const message = `Invalid cursor: ${showPlain(params.cursor)}. This list has one page`;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
