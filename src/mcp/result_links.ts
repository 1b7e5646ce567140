/**
 * Links from results to resources: what a client or a person may want to open next, beside the unchanged text.
 *
 * @module
 */
import type { ContentBlock } from "@modelcontextprotocol/server";
import { RESOURCES } from "../../gen/resources.ts";
import { uriOf } from "./resource_uris.ts";

/** A long list gets so many links: it has the ids of all, and every host pays for each link. */
const MAX_LINKS = 10;

/** First revision of the protocol whose results may hold links. */
const SINCE = "2025-06-18";

const PROXY = "proxy://proxies/{id}";
const TARGET = "proxy://targets/{target}";
const SOURCES = "proxy://sources";

/**
 * Links for the result of an action, to resources on offer: of `list` and `recommend` to the proxies, of
 * `check_target` to the site, of `fetch` to the lists.
 *
 * @param revision Revision of the protocol; older ones know no links.
 */
export function resultLinks(
  action: unknown,
  result: object,
  offered: readonly string[],
  revision: string | undefined,
): ContentBlock[] {
  if (revision === undefined || revision < SINCE) return [];
  switch (action) {
    case "list":
      return offered.includes(PROXY) ? links(PROXY, records(result, "proxies"), "id") : [];
    case "recommend": {
      const [best] = records({ found: [Reflect.get(result, "recommendation")] }, "found");
      if (best === undefined || !offered.includes(PROXY)) return [];
      return links(PROXY, [best, ...records(best, "alternatives")], "id");
    }
    case "check_target":
      return offered.includes(TARGET) ? links(TARGET, records({ found: [result] }, "found"), "target") : [];
    case "fetch":
      return offered.includes(SOURCES) ? [link(SOURCES, SOURCES)] : [];
    default:
      return [];
  }
}

function links(template: string, found: readonly object[], key: string): ContentBlock[] {
  return found.slice(0, MAX_LINKS).flatMap((record) => {
    const value = Reflect.get(record, key);
    return typeof value === "string" ? [link(template, uriOf(template, value), labelOf(record, value))] : [];
  });
}

function link(template: string, uri: string, label?: string): ContentBlock {
  const spec = RESOURCES.find((candidate) => candidate.uri === template);
  if (spec === undefined) throw new TypeError(`Cannot link to ${template}: there is no such resource`);
  return {
    type: "resource_link",
    uri,
    name: label ?? spec.name,
    title: label === undefined ? spec.title : `${spec.title}: ${label}`,
    mimeType: spec.mimeType,
  };
}

/** A proxy is known by its public address. */
function labelOf(record: object, value: string): string {
  const url = Reflect.get(record, "url");
  return typeof url === "string" ? url : value;
}

function records(result: object, key: string): readonly object[] {
  const list: unknown = Reflect.get(result, key);
  return Array.isArray(list) ? list.filter((entry) => typeof entry === "object" && entry !== null) : [];
}
