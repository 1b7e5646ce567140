/**
 * A site and many proxies in a process of their own, so that a measurement counts the client alone:
 * `faulty_proxy_farm.ts COUNT [FAULT…]` prints their addresses as a line of JSON and runs until its input ends. The
 * faults go round: with `none none hang`, every third proxy hangs.
 *
 * @module
 */

import process from "node:process";
import { type Fault, FaultyProxy } from "./faulty_proxy.ts";
import { Site } from "./site.ts";

/** What is printed. */
export interface FarmAddresses {
  /** Root of the site over HTTP. */
  readonly http: string;
  /** Root of the site over HTTPS. */
  readonly https: string;
  /** Authority of the site, PEM. */
  readonly ca: string;
  /** Ports of the proxies. */
  readonly ports: readonly number[];
}

const [count = "1", ...faults] = process.argv.slice(2);
const site = await Site.start();
site.isRecording = false;
const proxies: FaultyProxy[] = [];
for (let i = 0; i < Number(count); i++) {
  const fault = (faults[i % faults.length] ?? "none") as Fault;
  proxies.push(await FaultyProxy.start({ fault, exit: `127.2.${i >> 8}.${(i & 255) || 1}` }));
}
const addresses: FarmAddresses = {
  http: site.http,
  https: site.https,
  ca: site.ca,
  ports: proxies.map(({ port }) => port),
};
process.stdout.write(`${JSON.stringify(addresses)}\n`);
process.stdin.resume().once("end", () => process.exit(0)).once("close", () => process.exit(0));
