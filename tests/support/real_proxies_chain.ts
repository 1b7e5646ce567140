/**
 * npm's `proxy-chain` as a program: `real_proxies_chain.ts OPTIONS.json`, with `port`, and `user`, `password`, `cert` and
 * `key` if wanted.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { Server } from "proxy-chain";

interface ChainOptions {
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly cert?: string;
  readonly key?: string;
}

const { cert, key, password, port, user }: ChainOptions = JSON.parse(
  readFileSync(process.argv[2] ?? "", "utf8"),
);
const common = {
  host: "127.0.0.1",
  port,
  prepareRequestFunction: (request: { readonly username: string; readonly password: string }) => ({
    requestAuthentication: user !== undefined && (request.username !== user || request.password !== password),
  }),
};
const server = cert === undefined || key === undefined
  ? new Server(common)
  : new Server({ ...common, serverType: "https", httpsOptions: { cert, key } });
await server.listen();
