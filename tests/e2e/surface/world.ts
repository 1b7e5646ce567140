/** Everything that the program under test meets: proxies good and bad, a site, a judge and proxy lists, on loopback. */

import { FaultyProxy } from "../../support/faulty_proxy.ts";
import { Site } from "../../support/site.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { type Judge, startJudge } from "../../../src/sources/judge.ts";
import { ListServer } from "../../unit/sources/list_server.ts";

/** Words that must never leave the program. */
export const SECRETS: readonly string[] = ["hunter2", "Tr0ub4dor", "list-token-9f3", "the-server-key"];

/** The key of servers that want one. */
export const API_KEY = "the-server-key";

/** The address from which a judge and a site see proxies. */
const EXIT = "127.0.0.2";

/** A small internet. */
export class World {
  /** A folder for databases and settings. */
  readonly folder: TempDir;
  /** The site that requests go to. */
  readonly site: Site;
  /** A proxy that works and wants a password. */
  readonly http: FaultyProxy;
  /** Another, spoken to by SOCKS 5. */
  readonly socks: FaultyProxy;
  /** A proxy that accepts and never answers. */
  readonly hanging: FaultyProxy;
  /** A proxy that hangs up on everybody. */
  readonly dead: FaultyProxy;
  readonly #judge: Judge;
  readonly #lists: ListServer;
  #count = 0;

  private constructor(
    parts: Pick<World, "folder" | "site" | "http" | "socks" | "hanging" | "dead">,
    judge: Judge,
    lists: ListServer,
  ) {
    ({
      folder: this.folder,
      site: this.site,
      http: this.http,
      socks: this.socks,
      hanging: this.hanging,
      dead: this.dead,
    } = parts);
    this.#judge = judge;
    this.#lists = lists;
  }

  /** Starts everything. */
  static async start(): Promise<World> {
    const [site, http, socks, hanging, dead, judge] = await Promise.all([
      Site.start(),
      FaultyProxy.start({ exit: EXIT, credentials: `bob:${SECRETS[0]}` }),
      FaultyProxy.start({ exit: EXIT, credentials: `eve:${SECRETS[1]}` }),
      FaultyProxy.start({ fault: "hang" }),
      FaultyProxy.start({ fault: "close" }),
      startJudge({ port: 0 }),
    ]);
    const lists = await ListServer.start({
      "/http.txt": `${http.url("http")}\n${dead.url("http")}\n`,
      "/socks.json": JSON.stringify({ proxies: [{ url: socks.url("socks5h") }] }),
    });
    return new World({ folder: new TempDir(), site, http, socks, hanging, dead }, judge, lists);
  }

  /** Addresses of the proxies that work; both look up names themselves. */
  get working(): string[] {
    return [this.http.url("http"), this.socks.url("socks5h")];
  }

  /** A page of a site that no test has used before; proxies know where `.test` is. */
  page(path: string): { readonly target: string; readonly url: string } {
    const target = `site-${++this.#count}.test`;
    return { target, url: `${this.site.http.replace("127.0.0.1", target)}${path}` };
  }

  /** A database that does not exist yet. */
  newDatabase(): string {
    return this.folder.join(`pool-${++this.#count}.db`);
  }

  /** A file of settings for this world. */
  settings(db: string): string {
    const { origin } = this.#lists;
    return this.folder.write(
      `settings-${++this.#count}.json`,
      JSON.stringify({
        db,
        allow_private_targets: true,
        logging: { level: "DEBUG" },
        retry_policy: { base_delay: 0 },
        sources: {
          extra: [
            { name: "mine-http", url: `${origin}/http.txt?token=${SECRETS[2]}` },
            { name: "mine-socks", url: `${origin}/socks.json` },
          ],
        },
        validation: { judges: [this.#judge.url], timeout: 5 },
      }),
    );
  }

  /** Stops everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    const parts = [this.site, this.http, this.socks, this.hanging, this.dead, this.#lists];
    await Promise.all([...parts.map((part) => part[Symbol.asyncDispose]()), this.#judge.close()]);
    this.folder[Symbol.dispose]();
  }
}
