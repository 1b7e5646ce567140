import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  InvalidProxyUrlError,
  NoProxyAvailableError,
  ProxyNotFoundError,
  UnknownStrategyError,
} from "../../../src/core/errors.ts";
import { parseProxyUrl } from "../../../src/core/proxy_url.ts";
import { ProxyRotator } from "../../../src/core/rotator.ts";
import { Program, settings, uses } from "./random_use.ts";
import { bench, EPOCH, FakeClock, fill, thrown } from "./support.ts";

test("addProxy() gives a new proxy an id, and the same URL in any spelling the same id again", () => {
  const { rotator } = bench();
  const first = rotator.addProxy("http://Proxy.Example:8080", { region: "de", tags: ["a"] });
  assert.equal(first.isNew, true);
  assert.match(first.id, /^[0-9a-f-]{36}$/);
  const again = rotator.addProxy("proxy.example:8080", { city: "Berlin" });
  assert.deepEqual([again.isNew, again.id], [false, first.id]);
  assert.equal(again.proxy, first.proxy);
  assert.equal(first.proxy.region, "DE", "what is not given stays");
  assert.equal(first.proxy.city, "Berlin");
  assert.equal(rotator.size, 1);
});

test("addProxy() keeps proxies apart that differ in credentials only", () => {
  const { rotator } = bench();
  rotator.addProxy("http://a:1@h:80");
  rotator.addProxy("http://a:2@h:80");
  rotator.addProxy("http://h:80");
  assert.equal(rotator.size, 3);
  assert.deepEqual([...rotator.proxies()].map((proxy) => proxy.publicUrl), Array(3).fill("http://h:80"));
});

test("addProxy() uses a proposed id only if the URL is new and no other proxy has it", () => {
  const { rotator } = bench();
  assert.equal(rotator.addProxy("a.example:80", { id: "abc" }).id, "abc");
  assert.equal(rotator.addProxy("a.example:80", { id: "def" }).id, "abc");
  const other = rotator.addProxy("b.example:80", { id: "ABC" });
  assert.equal(other.isNew, true);
  assert.notEqual(other.id.toLowerCase(), "abc");
  assert.equal(rotator.size, 2);
  assert.equal(rotator.getProxy("abc")!.endpoint.host, "a.example");
});

test("addProxy() takes a parsed URL, and refuses a text that is none", () => {
  const { rotator } = bench();
  const url = parseProxyUrl("socks5://u:p@h:1080");
  assert.equal(rotator.addProxy(url).proxy.url, url.href);
  assert.throws(() => rotator.addProxy("nonsense"), InvalidProxyUrlError);
});

test("addProxy() and describeProxy() refuse a weight or cost out of range, and change nothing", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1, () => ({ weight: 2, cost: 3 }));
  for (const weight of [0, -1, NaN, Infinity]) {
    assert.match(thrown(RangeError, () => rotator.addProxy("x.example:1", { weight })).message, /weight/);
    assert.throws(() => rotator.describeProxy(id!, { weight }), RangeError);
  }
  for (const cost of [-1, NaN, Infinity]) {
    assert.match(thrown(RangeError, () => rotator.addProxy("x.example:1", { cost })).message, /cost/);
    assert.throws(() => rotator.describeProxy(id!, { cost }), RangeError);
  }
  assert.equal(rotator.size, 1);
  assert.deepEqual([rotator.getProxy(id!)!.weight, rotator.getProxy(id!)!.cost], [2, 3]);
});

test("getProxy(), findByUrl() and removeProxy() find proxies, ids in any case", () => {
  const { rotator } = bench({ newId: () => "AbC-1" });
  const { proxy } = rotator.addProxy("h.example:1");
  assert.equal(rotator.getProxy("abc-1"), proxy);
  assert.equal(rotator.getProxy("ABC-1"), proxy);
  assert.equal(rotator.getProxy("other"), undefined);
  assert.equal(rotator.findByUrl("http://h.example:1"), proxy);
  assert.equal(rotator.removeProxy("other"), false);
  assert.equal(rotator.removeProxy("aBc-1"), true);
  assert.equal(rotator.removeProxy("aBc-1"), false);
  assert.equal(rotator.findByUrl("http://h.example:1"), undefined);
});

test("calls that need a proxy say which is missing", () => {
  const { rotator } = bench();
  for (
    const call of [
      () => rotator.report("nobody", { verdict: "ok" }),
      () => rotator.resetCircuit("nobody"),
      () => rotator.snapshot("nobody"),
      () => rotator.describeProxy("nobody", {}),
      () => rotator.explain({ proxyId: "nobody" }),
    ]
  ) assert.equal(thrown(ProxyNotFoundError, call).message, "Proxy not found: nobody");
});

test("proxies() lists in the order of adding, narrowed by criteria and status", () => {
  const { rotator } = bench();
  const ids = fill(
    rotator,
    6,
    (index) => ({ region: index % 2 === 0 ? "DE" : "US", tags: index < 3 ? ["x"] : [] }),
  );
  rotator.addProxy("socks5://h.example:1");
  rotator.report(ids[2]!, { verdict: "ok" });
  rotator.removeProxy(ids[0]!);
  const list = (query: Parameters<typeof rotator.proxies>[0]) =>
    [...rotator.proxies(query)].map((proxy) => proxy.id);
  assert.deepEqual(list({}).slice(0, 5), ids.slice(1));
  assert.deepEqual(list({ region: "de" }), [ids[2], ids[4]]);
  assert.deepEqual(list({ tag: "x" }), [ids[1], ids[2]]);
  assert.equal(list({ protocol: "socks5" }).length, 1);
  assert.deepEqual(list({ status: "healthy" }), [ids[2]]);
  assert.deepEqual(list({ region: "DE", tag: "x", status: "healthy" }), [ids[2]]);
  assert.equal(list({ target: "shop.example" }).length, 6);
});

test("acquire() narrows by region in any case, protocol and tag", () => {
  const { rotator } = bench();
  fill(rotator, 3, (index) => ({ region: ["de", "us", "fr"][index]!, tags: [`t${index}`] }));
  rotator.addProxy("socks5://h.example:1", { region: "us" });
  for (let i = 0; i < 5; i++) {
    assert.equal(rotator.acquire({ region: "fr" }).proxy.region, "FR");
    assert.equal(rotator.acquire({ region: "US", protocol: "socks5" }).proxy.protocol, "socks5");
    assert.deepEqual(rotator.acquire({ tag: "t1" }).proxy.tags, ["t1"]);
  }
});

test("acquire() keeps criteria apart that look alike when they are joined", () => {
  const { rotator } = bench();
  rotator.addProxy("a.example:1", { region: "X|", tags: ["y"] });
  rotator.addProxy("b.example:1", { region: "X", tags: ["|y", ""] });
  assert.equal(rotator.acquire({ region: "X|", tag: "y" }).proxy.endpoint.host, "a.example");
  assert.equal(rotator.acquire({ region: "X", tag: "|y" }).proxy.endpoint.host, "b.example");
  assert.equal(rotator.acquire({ tag: "" }).proxy.endpoint.host, "b.example");
  assert.throws(() => rotator.acquire({ region: "" }), NoProxyAvailableError);
});

test("acquire() refuses a target that cannot be read, and hands out nothing", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  assert.throws(() => rotator.acquire({ target: "http://" }), RangeError);
  assert.throws(() => rotator.report(id!, { verdict: "ok", target: "http://" }), RangeError);
  const { inFlight, totalRequests } = rotator.getProxy(id!)!;
  assert.deepEqual([inFlight, totalRequests], [0, 0]);
});

test("acquire() names targets as it is told to", () => {
  const { rotator } = bench({ targetOf: (text) => text.slice(0, 3) });
  fill(rotator, 1);
  assert.equal(rotator.acquire({ target: "abcdef" }).target, "abc");
});

test("report() takes in an outcome without a lease", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  const proxy = rotator.report(id!.toUpperCase(), { verdict: "ok", latencyMs: 10, target: "a.example" });
  assert.deepEqual([proxy.totalSuccesses, proxy.requestsStarted, proxy.inFlight], [1, 0, 0]);
  assert.throws(() => rotator.report(id!, { verdict: "ok", latencyMs: -1 }), RangeError);
});

test("a circuit opens after five failures, lets one probe through, and closes with an ok", () => {
  const { rotator, clock } = bench({ random: () => 0 });
  const [id] = fill(rotator, 1);
  const proxy = rotator.getProxy(id!)!;
  for (let i = 0; i < 5; i++) rotator.acquire().report({ verdict: "dead" });
  assert.equal(proxy.circuit, "open");
  assert.throws(() => rotator.acquire(), NoProxyAvailableError);
  clock.advance(60_000);
  assert.equal(rotator.getProxy(id!)!.circuit, "half_open");
  const probe = rotator.acquire();
  assert.deepEqual(thrown(NoProxyAvailableError, () => rotator.acquire()).counts, { probe_in_flight: 1 });
  probe.release();
  rotator.acquire().report({ verdict: "blocked" });
  rotator.acquire().report({ verdict: "target_error" });
  assert.equal(proxy.circuit, "half_open", "nothing was proved");
  rotator.acquire().report({ verdict: "dead" });
  assert.equal(proxy.circuit, "open");
  clock.advance(119_999);
  assert.throws(() => rotator.acquire(), NoProxyAvailableError);
  clock.advance(1);
  rotator.acquire().report({ verdict: "ok" });
  assert.equal(proxy.circuit, "closed");
});

test("resetCircuit() closes and answers the state before", () => {
  const { rotator } = bench();
  const [id] = fill(rotator, 1);
  assert.equal(rotator.resetCircuit(id!), "closed");
  for (let i = 0; i < 5; i++) rotator.report(id!, { verdict: "dead" });
  assert.equal(rotator.resetCircuit(id!), "open");
  assert.equal(rotator.acquire().proxy.id, id);
  assert.equal(rotator.getProxy(id!)!.status, "dead", "health is another matter");
});

test("setStrategy() changes the strategy of every view, and answers both", () => {
  const { rotator } = bench();
  fill(rotator, 4, (index) => ({ region: index < 2 ? "DE" : "US" }));
  for (let i = 0; i < 3; i++) rotator.acquire({ region: "DE" });
  const { previous, current } = rotator.setStrategy("Least_Used");
  assert.deepEqual([previous.name, previous.className], ["round-robin", "RoundRobinStrategy"]);
  assert.deepEqual([current.name, current.className], ["least-used", "LeastUsedStrategy"]);
  assert.equal(rotator.strategy, current);
  assert.equal(rotator.acquire({ region: "DE" }).proxy.requestsStarted, 2, "the one that was used once");
  assert.equal(rotator.acquire().proxy.region, "US");
  assert.throws(() => rotator.setStrategy("best"), UnknownStrategyError);
  assert.equal(rotator.strategy, current);
});

test("snapshot() and restore() carry everything over to another rotator, with another clock", () => {
  fc.assert(
    fc.property(uses, settings, fc.integer({ min: 0, max: 1e9 }), (uses, settings, start) => {
      const program = new Program(settings);
      for (const use of uses) program.apply(use);
      program.rotator.poolStatus();
      const clock = new FakeClock(start);
      const wallNow = EPOCH + program.clock.time;
      const restored = new ProxyRotator({ ...settings, clock, wallClock: { now: () => wallNow } });
      for (const { id } of program.rotator.proxies()) {
        const snapshot = program.rotator.snapshot(id);
        const proxy = restored.restore(structuredClone(snapshot));
        assert.deepEqual(restored.snapshot(id), snapshot);
        assert.equal(proxy.inFlight, 0);
      }
      const { lastUpdate: _, ...expected } = program.rotator.poolStatus();
      const { lastUpdate: __, ...figures } = restored.poolStatus();
      assert.deepEqual(figures, expected);
    }),
    { numRuns: 200 },
  );
});

test("restore() overwrites a known id, and replaces another proxy with the same URL", () => {
  const { rotator } = bench();
  const { id } = rotator.addProxy("h.example:1", { region: "DE" });
  const snapshot = rotator.snapshot(id);
  rotator.restore({ ...snapshot, region: "us", totalSuccesses: 7, status: "healthy", tags: ["x"] });
  assert.equal(rotator.size, 1);
  assert.deepEqual([rotator.getProxy(id)!.region, rotator.getProxy(id)!.totalSuccesses], ["US", 7]);
  assert.equal(rotator.acquire({ tag: "x" }).proxy.id, id);
  const other = "00000000-0000-4000-8000-00000000beef";
  rotator.restore({ ...snapshot, id: other });
  assert.equal(rotator.size, 1);
  assert.equal(rotator.getProxy(id), undefined);
  assert.equal(rotator.findByUrl(snapshot.url)!.id, other);
});

test("restore() lets an open circuit go on from the disk, and ends it on time", () => {
  const { rotator, clock } = bench({ random: () => 0 });
  const [id] = fill(rotator, 1);
  for (let i = 0; i < 5; i++) rotator.report(id!, { verdict: "dead" });
  clock.advance(20_000);
  const wallNow = EPOCH + clock.time;
  const clocks = { wall: () => wallNow };
  const second = bench({ wallClock: { now: () => clocks.wall() } });
  clocks.wall = () => wallNow - 1000 + second.clock.time;
  second.rotator.restore(rotator.snapshot(id!));
  assert.equal(thrown(NoProxyAvailableError, () => second.rotator.acquire()).retryAfterMs, 40_000);
  second.clock.advance(40_000);
  assert.equal(second.rotator.acquire().proxy.circuit, "half_open");
});

test("ProxyRotator works on the real clock, randomness and ids by default", () => {
  const rotator = new ProxyRotator();
  const { id } = rotator.addProxy("203.0.113.7:8080");
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  rotator.acquire().report({ verdict: "ok", latencyMs: 3 });
  assert.ok(Math.abs(rotator.poolStatus().lastUpdate - Date.now()) < 60_000);
});
