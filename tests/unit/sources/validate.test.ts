import assert from "node:assert/strict";
import { test } from "node:test";
import { ProxyRotator } from "../../../src/core/mod.ts";
import { TlsLayer } from "../../../src/net/mod.ts";
import { type Judge, startJudge } from "../../../src/sources/judge.ts";
import { JudgePanel, JudgesUnavailableError } from "../../../src/sources/judge_panel.ts";
import {
  type ProxyCandidate,
  type ValidateOptions,
  validateProxies,
  type Validation,
} from "../../../src/sources/validate.ts";
import { type Fault, FaultyProxy } from "../../support/faulty_proxy.ts";
import { siteCertificate } from "../../support/site_certificate.ts";
import { ListServer } from "./list_server.ts";
import { startTellingProxy } from "./telling_proxy.ts";

const EXIT = "127.0.0.2";

async function withJudges(count: number, run: (judges: Judge[]) => Promise<void>): Promise<void> {
  const judges = await Promise.all(Array.from({ length: count }, () => startJudge({ port: 0 })));
  try {
    await run(judges);
  } finally {
    await Promise.all(judges.map((judge) => judge.close()));
  }
}

async function all<T extends ProxyCandidate>(
  candidates: Iterable<T> | AsyncIterable<T>,
  options: ValidateOptions,
): Promise<Validation<T>[]> {
  const found: Validation<T>[] = [];
  const terms = { allowPrivate: true, timeoutMs: 5000, ...options };
  for await (const validation of validateProxies(candidates, terms)) found.push(validation);
  return found;
}

async function one(url: string, options: ValidateOptions): Promise<Validation<ProxyCandidate>> {
  const [found] = await all([{ url }], options);
  assert.ok(found);
  return found;
}

function urlsOf(judges: readonly Judge[]): string[] {
  return judges.map(({ url }) => url);
}

test("validateProxies() finds working proxies of every protocol, with exit address and level", async () => {
  await using proxy = await FaultyProxy.start({ exit: EXIT, credentials: "bob:hunter2" });
  await using open = await FaultyProxy.start({ exit: EXIT });
  await withJudges(1, async (judges) => {
    for (const protocol of ["http", "socks4", "socks4a", "socks5", "socks5h"]) {
      // SOCKS 4 knows no passwords.
      const url = protocol.startsWith("socks4") ? open.url(protocol) : proxy.url(protocol);
      const found = await one(url, { judges: urlsOf(judges) });
      const { anonymity, error, exitAddress, isHttpsCapable, isValid, latencyMs, outcome, statusCode } =
        found;
      assert.deepEqual({ anonymity, error, exitAddress, isHttpsCapable, isValid, statusCode }, {
        anonymity: "elite",
        error: null,
        exitAddress: EXIT,
        isHttpsCapable: true,
        isValid: true,
        statusCode: 200,
      }, protocol);
      assert.ok(latencyMs !== null && latencyMs > 0);
      assert.deepEqual(outcome, { verdict: "ok", latencyMs, statusCode: 200 });
    }
  });
});

test("validateProxies() tells transparent, anonymous and elite proxies apart", async () => {
  await withJudges(1, async (judges) => {
    const levels: [string[], string, string][] = [
      [[], EXIT, "elite"],
      [["X-Cache-Status-Of-Nobody: 1"], EXIT, "elite"],
      [["Via: 1.1 squid"], EXIT, "anonymous"],
      [["X-Forwarded-For: 203.0.113.99"], EXIT, "anonymous"],
      [["Proxy-Connection: keep-alive"], EXIT, "anonymous"],
      [["X-Forwarded-For: 127.0.0.1"], EXIT, "transparent"],
      [["X-Something: client=127.0.0.1:4711"], EXIT, "transparent"],
      [["X-Something: 127.0.0.11 and 4127.0.0.1"], EXIT, "elite"],
      [[], "127.0.0.1", "transparent"],
    ];
    for (const [fields, exit, level] of levels) {
      await using proxy = await startTellingProxy(fields, exit);
      const { anonymity, exitAddress } = await one(proxy.url, { judges: urlsOf(judges) });
      assert.deepEqual([anonymity, exitAddress], [level, exit], fields.join());
    }
  });
});

test("validateProxies() does not hold against a proxy what the judge's own front adds", async () => {
  await using server = await ListServer.start({
    "/get": (request, response) => {
      const headers = {
        ...request.headers,
        "via": "1.1 front",
        "x-forwarded-for": request.socket.remoteAddress,
      };
      response.end(JSON.stringify({ origin: request.socket.remoteAddress, headers, url: request.url }));
    },
  });
  await using proxy = await startTellingProxy([], EXIT);
  const { anonymity } = await one(proxy.url, { judges: [`${server.origin}/get`] });
  assert.equal(anonymity, "elite");
});

test("validateProxies() calls every kind of broken proxy dead, and says why without its credentials", async () => {
  const faults: Fault[] = [
    "hang",
    "close",
    "reset",
    "auth",
    "bad_gateway",
    "garbage",
    "huge_header",
    "stall",
  ];
  await withJudges(2, async (judges) => {
    for (const fault of faults) {
      await using proxy = await FaultyProxy.start({ fault, credentials: "bob:hunter2" });
      for (const protocol of ["http", "socks5"]) {
        const found = await one(proxy.url(protocol), { judges: urlsOf(judges), timeoutMs: 150 });
        assert.equal(found.isValid, false, `${fault} ${protocol}`);
        assert.equal(found.outcome.verdict, "dead");
        assert.ok((found.error ?? "").length > 5, fault);
        assert.doesNotMatch(JSON.stringify({ ...found, candidate: null }), /hunter2/);
      }
    }
    const refused = await one("http://127.0.0.1:1", { judges: urlsOf(judges) });
    assert.match(refused.error ?? "", /refused/);
  });
});

test("validateProxies() is not fooled by a proxy that answers everything itself", async () => {
  const page = "<html>Welcome to our hotel</html>";
  const echo = JSON.stringify({ remote_address: "203.0.113.9", headers: {}, url: "/?n=old" });
  for (const body of [page, echo, "203.0.113.9", "{}"]) {
    await withJudges(1, async (judges) => {
      // What a client sends to an HTTP proxy names the whole URL of the judge: the proxy answers that by itself.
      await using fooler = await ListServer.start({ [`${judges[0]?.url}`]: body });
      const { error, isValid } = await one(fooler.origin, { judges: urlsOf(judges) });
      assert.equal(isValid, false, body);
      assert.equal(error, "The answer (200) is not the judge's own");
    });
  }
});

test("validateProxies() asks a second judge before a proxy is called dead", async () => {
  await withJudges(1, async ([living]) => {
    // Alive without a proxy, and not reachable from the proxy's exit: one site says nothing about the proxy.
    await using picky = await ListServer.start({
      "/": (request, response) => {
        if (request.socket.remoteAddress?.endsWith(EXIT)) return void request.socket.destroy();
        response.end(
          JSON.stringify({ remote_address: request.socket.remoteAddress, headers: request.headers }),
        );
      },
    });
    await using proxy = await FaultyProxy.start({ exit: EXIT });
    const judges = [`${picky.origin}/`, living?.url ?? ""];
    for (let i = 0; i < 4; i++) assert.ok((await one(proxy.url("http"), { judges })).isValid);
    assert.equal((await one(proxy.url("http"), { judges: [`${picky.origin}/`] })).isValid, false);
  });
});

test("validateProxies() goes by the majority of three judges", async () => {
  const refuse = await ListServer.start({
    "/": (request, response) => {
      if (request.socket.remoteAddress?.endsWith(EXIT)) return void request.socket.destroy();
      response.end(
        JSON.stringify({ remote_address: request.socket.remoteAddress, headers: request.headers }),
      );
    },
  });
  await using proxy = await FaultyProxy.start({ exit: EXIT });
  await withJudges(2, async (judges) => {
    const two = [...urlsOf(judges), `${refuse.origin}/`];
    const onlyOne = [...urlsOf(judges.slice(0, 1)), `${refuse.origin}/`, `${refuse.origin}/?again`];
    for (let i = 0; i < 3; i++) {
      assert.equal((await one(proxy.url("http"), { judges: two, judgesPerProxy: 3 })).isValid, true);
      assert.equal((await one(proxy.url("http"), { judges: onlyOne, judgesPerProxy: 3 })).isValid, false);
    }
  });
  await refuse[Symbol.asyncDispose]();
});

test("validateProxies() leaves dead judges out", async () => {
  await using page = await ListServer.start({ "/": "<html>not a judge</html>" });
  await using proxy = await FaultyProxy.start({ exit: EXIT });
  await withJudges(1, async ([living]) => {
    const gone = await startJudge({ port: 0 });
    await gone.close();
    const judges = [gone.url, `${page.origin}/`, living?.url ?? "", `${page.origin}/absent`];
    const panel = await JudgePanel.open(judges, { allowPrivate: true });
    assert.deepEqual(panel.alive.map(({ url }) => url), [living?.url]);
    assert.deepEqual([...panel.ownAddresses], ["127.0.0.1"]);
    const reasons = new Map(panel.dead.map(({ reason, url }) => [url, reason]));
    assert.match(reasons.get(gone.url) ?? "", /refused/);
    assert.deepEqual([reasons.get(`${page.origin}/`), reasons.get(`${page.origin}/absent`)], [
      "it answers 200 and not as a judge",
      "it answers 404 and not as a judge",
    ]);
    assert.ok((await one(proxy.url("http"), { judges: panel })).isValid);
  });
});

test("validateProxies() blames nobody when all judges are dead, from the start or in the middle", async () => {
  await using proxy = await FaultyProxy.start({ exit: EXIT });
  await assert.rejects(
    all([{ url: proxy.url("http") }], { judges: ["http://127.0.0.1:1/"] }),
    JudgesUnavailableError,
  );
  await assert.rejects(
    all([{ url: proxy.url("http") }], { judges: [] }),
    /no judge answers \(none is configured\)/,
  );

  const judges = await Promise.all([startJudge({ port: 0 }), startJudge({ port: 0 })]);
  const seen: Validation<ProxyCandidate>[] = [];
  const candidates = Array.from(
    { length: 60 },
    (_, i) => ({ url: proxy.url("http").replace("//", `//u${i}@`) }),
  );
  await assert.rejects(async () => {
    for await (
      const found of validateProxies(candidates, {
        judges: urlsOf(judges),
        allowPrivate: true,
        concurrency: 5,
      })
    ) {
      seen.push(found);
      if (seen.length === 20) await Promise.all(judges.map((judge) => judge.close()));
    }
  }, JudgesUnavailableError);
  assert.ok(seen.length >= 20 && seen.length < 60);
  assert.ok(seen.every(({ isValid }) => isValid), "no proxy pays for the judges");
});

test("JudgePanel.confirmNetwork() asks a judge, unless one has just answered, and empties a panel that is cut off", async () => {
  const judges = await Promise.all([startJudge({ port: 0 }), startJudge({ port: 0 })]);
  const panel = await JudgePanel.open(urlsOf(judges), { allowPrivate: true });
  assert.equal(await panel.confirmNetwork(), true);
  const [first, second] = judges;
  await first?.close();
  assert.equal(await panel.confirmNetwork(), true);
  await second?.close();
  const fresh = await startJudge({ port: 0 });
  const other = await JudgePanel.open([fresh.url], { allowPrivate: true });
  await fresh.close();
  assert.equal(await other.confirmNetwork(), false);
  assert.throws(() => other.pick(1), JudgesUnavailableError);
  other.noteAnswer();
  assert.equal(await other.confirmNetwork(), true);
});

test("validateProxies() goes on with the other judge when one dies in the middle", async () => {
  await using proxy = await FaultyProxy.start({ exit: EXIT });
  await withJudges(1, async ([living]) => {
    const dying = await startJudge({ port: 0 });
    const panel = await JudgePanel.open([dying.url, living?.url ?? ""], { allowPrivate: true });
    const candidates = Array.from(
      { length: 40 },
      (_, i) => ({ url: proxy.url("http").replace("//", `//u${i}@`) }),
    );
    let valid = 0;
    const terms = { judges: panel, allowPrivate: true, concurrency: 4, judgesPerProxy: 1 };
    for await (const { isValid } of validateProxies(candidates, terms)) {
      if (isValid) valid++;
      if (valid === 10) await dying.close();
    }
    assert.equal(valid, 40);
    assert.deepEqual(panel.dead.map(({ url }) => url), [dying.url]);
  });
});

test("validateProxies() finds out with a judge over TLS whether a proxy tunnels HTTPS", async () => {
  const { ca, cert, key } = await siteCertificate();
  const secure = await startJudge({ port: 0, cert, key });
  const tls = new TlsLayer({ ca });
  await withJudges(1, async (judges) => {
    const options = { judges: [...urlsOf(judges), secure.url], tls };
    await using tunnels = await FaultyProxy.start({ exit: EXIT });
    await using plain = await startTellingProxy([], EXIT);
    const found = await all([{ url: tunnels.url("http") }, { url: plain.url }, {
      url: tunnels.url("socks5"),
    }], options);
    const capable = new Map(found.map(({ candidate, isHttpsCapable }) => [candidate.url, isHttpsCapable]));
    assert.equal(capable.get(tunnels.url("http")), true);
    assert.equal(capable.get(plain.url), false);
    assert.equal(capable.get(tunnels.url("socks5")), true);
    // Without a judge over TLS a refusal proves nothing: many proxies tunnel to port 443 only.
    assert.equal((await one(plain.url, { judges: urlsOf(judges) })).isHttpsCapable, null);
    assert.equal((await one(plain.url, { judges: urlsOf(judges), checkHttps: false })).isHttpsCapable, null);
  });
  await secure.close();
});

test("validateProxies() tries at most so many at a time, and tells of progress", async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  await using judge = await ListServer.start({
    "/": (request, response) => {
      const echo = JSON.stringify({ remote_address: request.socket.remoteAddress, headers: request.headers });
      const isProbe = !request.socket.remoteAddress?.endsWith(EXIT);
      if (isProbe || most > 0) return void response.end(echo);
      waiting.push(() => response.end(echo));
      if (waiting.length !== 7) return;
      turns(50).then(() => {
        most = waiting.length;
        for (const answer of waiting) answer();
      });
    },
  });
  await using proxy = await FaultyProxy.start({ exit: EXIT });
  const candidates = Array.from(
    { length: 50 },
    (_, i) => ({ url: proxy.url("http").replace("//", `//u${i}@`) }),
  );
  const progress: string[] = [];
  const found = await all(candidates, {
    judges: [`${judge.origin}/`],
    concurrency: 7,
    checkHttps: false,
    onProgress: ({ done, valid }) => void progress.push(`${done}/${valid}`),
  });
  assert.equal(found.length, 50);
  assert.equal(most, 7);
  assert.deepEqual([progress.length, progress.at(-1)], [50, "50/50"]);
});

test("validateProxies() ends at once when its caller gives up or leaves the loop, and leaves no connection", async () => {
  await using proxy = await FaultyProxy.start({ fault: "hang" });
  await withJudges(1, async (judges) => {
    const candidates = Array.from(
      { length: 30 },
      (_, i) => ({ url: proxy.url("http").replace("//", `//u${i}@`) }),
    );
    const controller = new AbortController();
    const running = all(candidates, {
      judges: urlsOf(judges),
      signal: controller.signal,
      timeoutMs: 60_000,
      concurrency: 10,
    });
    await until(() => proxy.accepted >= 10);
    controller.abort(new Error("enough"));
    await assert.rejects(running, /enough/);
    await proxy.sockets.none();

    const mixed = [{ url: "http://127.0.0.1:1" }, ...candidates];
    for await (
      const { isValid } of validateProxies(mixed, {
        judges: urlsOf(judges),
        allowPrivate: true,
        timeoutMs: 60_000,
      })
    ) {
      assert.equal(isValid, false);
      break;
    }
    await proxy.sockets.none();
  });
});

test("validateProxies() gives outcomes that the rotator takes", async () => {
  await using proxy = await FaultyProxy.start({ exit: EXIT });
  await withJudges(1, async (judges) => {
    const rotator = new ProxyRotator();
    rotator.addProxy(proxy.url("http"));
    rotator.addProxy("http://127.0.0.1:1");
    for (const { candidate, outcome } of await all([...rotator.proxies()], { judges: urlsOf(judges) })) {
      rotator.report(candidate.id, outcome);
    }
    assert.deepEqual([...rotator.proxies()].map(({ status }) => status), ["healthy", "degraded"]);
  });
});

test("validateProxies() passes over what is no proxy", async () => {
  await withJudges(1, async (judges) => {
    const { error, isValid } = await one("ftp://x", { judges: urlsOf(judges) });
    assert.equal(isValid, false);
    assert.match(error ?? "", /^It is no proxy: scheme must be one of/);
  });
});

/** Lets everything happen that can. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
