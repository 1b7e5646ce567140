/** Do sockets work, and, when asked, do judges and a site answer? */
import { createServer } from "node:net";
import type { Settings } from "../../../gen/settings.ts";
import { isAllowed } from "../../runtime/mod.ts";
import { textsSetting } from "../../service/list_setting.ts";
import { type Checked, fail, ok, reasonOf, warn } from "./check.ts";

const LIMIT_MS = 10_000;

/** What is to be asked. */
export interface NetworkQuestions {
  /** Ask the judges. */
  readonly isOnline: boolean;
  /** Ask this site. */
  readonly target: string | undefined;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** Without a question, nothing but this machine itself is connected to. */
export async function checkNetwork(
  settings: Settings,
  questions: NetworkQuestions,
): Promise<readonly Checked[]> {
  // Deno throws outside of every promise when it may not listen.
  if (!isAllowed({ kind: "net" })) {
    return [warn("Not tried: the runtime does not allow it", "See runtime, above.")];
  }
  const loopback = await checkLoopback();
  const judges = questions.isOnline ? await checkJudges(settings, questions.signal) : [];
  const target = questions.target === undefined
    ? []
    : [await checkTarget(questions.target, settings, questions.signal)];
  return [loopback, ...judges, ...target];
}

async function checkLoopback(): Promise<Checked> {
  const { connectTcp } = await import("../../net/tcp_connect.ts");
  const server = createServer((socket) => socket.end());
  try {
    const port = await new Promise<number>((resolve, reject) => {
      server.once("error", reject).listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    const socket = await connectTcp("127.0.0.1", port, {
      side: "target",
      timeoutMs: LIMIT_MS,
      allowPrivate: true,
    });
    socket.destroy();
    return ok("Sockets can be opened");
  } catch (error) {
    return fail(`No socket can be opened: ${reasonOf(error)}`, "Allow the network: on Deno --allow-net.");
  } finally {
    server.close();
  }
}

async function checkJudges(settings: Settings, signal: AbortSignal): Promise<readonly Checked[]> {
  const { DEFAULT_JUDGES } = await import("../../sources/mod.ts");
  const own = textsSetting(settings.validation.judges, "validation.judges");
  const judges = own.length > 0 ? own : DEFAULT_JUDGES;
  const answers = await Promise.all(
    judges.map((url) => ask(url, settings, { isOwn: own.length > 0, signal })),
  );
  const isAnyGood = answers.some(({ fault }) => fault === undefined);
  return answers.map(({ fault, origin }) => {
    if (fault === undefined) return ok(`The judge at ${origin} answers`);
    const message = `The judge at ${origin} does not answer: ${fault}`;
    const advice = "Name another with --judges; proxywhirl judge runs one.";
    return isAnyGood ? warn(message, advice) : fail(message, advice);
  });
}

async function checkTarget(url: string, settings: Settings, signal: AbortSignal): Promise<Checked> {
  const { fault, origin, status } = await ask(url, settings, { isOwn: settings.allowPrivateTargets, signal });
  if (fault !== undefined) {
    return fail(`${origin} cannot be reached: ${fault}`, "Check the address, and this machine's connection.");
  }
  return status !== undefined && status >= 400
    ? warn(`${origin} answers ${status}`, "It can be reached, but does not like this request.")
    : ok(`${origin} answers ${status}`);
}

interface Answer {
  readonly origin: string;
  readonly status?: number;
  readonly fault?: string;
}

/** The address alone is shown: the rest of a URL may hold a key. */
async function ask(
  url: string,
  settings: Settings,
  { isOwn, signal }: { readonly isOwn: boolean; readonly signal: AbortSignal },
): Promise<Answer> {
  const { fetchBytes } = await import("../../sources/fetch_text.ts");
  const { TlsLayer } = await import("../../net/mod.ts");
  const origin = URL.canParse(url) ? new URL(url).origin : "an address that is no URL";
  try {
    const { status } = await fetchBytes(url, {
      timeoutMs: LIMIT_MS,
      maxBytes: 65_536,
      allowPrivate: isOwn || settings.allowPrivateTargets,
      tls: new TlsLayer({ verify: settings.verifySsl }),
      signal,
    });
    return { origin, status };
  } catch (error) {
    return { origin, fault: reasonOf(error) };
  }
}
