/** Fetches a list, tries its proxies, and prints what came of it: `sources_program.ts LIST JUDGE`. */

import process from "node:process";
import { fetchSources, sourceFromUrl, validateProxies } from "../../src/sources/mod.ts";

const [list = "", judge = ""] = process.argv.slice(2);
const { proxies, reports } = await fetchSources([sourceFromUrl(list)], {
  allowPrivate: true,
  timeoutMs: 10_000,
});
const tried: Record<string, unknown> = {};
for await (
  const { anonymity, candidate, exitAddress, isValid } of validateProxies(proxies, {
    judges: [judge],
    allowPrivate: true,
    timeoutMs: 10_000,
  })
) {
  tried[candidate.url] = isValid ? [anonymity, exitAddress] : false;
}
console.log(JSON.stringify({ error: reports[0]?.error, tried }));
