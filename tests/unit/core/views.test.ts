import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ProxyEntry } from "../../../src/core/proxy_entry.ts";
import type { Selector, Strategy } from "../../../src/core/strategies/strategy.ts";
import { TargetState } from "../../../src/core/target_state.ts";
import { isAvailable, matches, viewCriteria, Views } from "../../../src/core/views.ts";
import { makeEntries, seededRandom } from "./support.ts";

/** A strategy whose selectors remember who was told to them. */
function recording(): { readonly strategy: Strategy; readonly told: Map<Selector, Set<unknown>> } {
  const told = new Map<Selector, Set<unknown>>();
  const strategy: Strategy = {
    name: "recording",
    className: "RecordingStrategy",
    createSelector() {
      const members = new Set<unknown>();
      const selector: Selector = {
        added: (proxy) => {
          assert.ok(!members.has(proxy), "added twice");
          members.add(proxy);
        },
        removed: (proxy) => assert.ok(members.delete(proxy), "removed a stranger"),
        changed: (proxy) => assert.ok(members.has(proxy), "changed a stranger"),
        select: () => undefined,
      };
      told.set(selector, members);
      return selector;
    },
  };
  return { strategy, told };
}

const criteria = fc.record({
  region: fc.constantFrom("DE", "us"),
  tag: fc.constantFrom("a", "b"),
  protocol: fc.constantFrom("http" as const, "socks5"),
}, { requiredKeys: [] });

test("views and branches hold whom a naive filter finds, and their selectors know the same", () => {
  const proxy = fc.nat(9);
  const step = fc.oneof(
    fc.record({ do: fc.constant("enter" as const), proxy }),
    fc.record({ do: fc.constant("leave" as const), proxy }),
    fc.record({
      do: fc.constant("describe" as const),
      proxy,
      region: fc.constantFrom("DE", "US", null),
      tags: fc.subarray(["a", "b"]),
    }),
    fc.record({ do: fc.constant("look" as const), criteria, target: fc.nat(2) }),
    fc.record({ do: fc.constant("block" as const), proxy, target: fc.nat(2) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.nat(30_000) }),
    fc.constant({ do: "forget" as const }),
    fc.constant({ do: "strategy" as const }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: "max" }), (steps) => {
      const entries = makeEntries(10);
      const inPool = new Set<ProxyEntry>();
      const targets = [0, 1, 2].map((index) => new TargetState(`t${index}.example`));
      const { strategy, told } = recording();
      const views = new Views(strategy, () => inPool);
      const options = {
        failureThreshold: 2,
        timeoutDurationMs: 10_000,
        windowDurationMs: 1e6,
        maxTimeoutMs: 1e6,
      };
      const random = seededRandom(1);
      let now = 0;
      for (const step of steps) {
        const entry = "proxy" in step ? entries[step.proxy]! : entries[0]!;
        for (const target of targets) target.advance(now);
        if (step.do === "enter" && !inPool.has(entry)) {
          inPool.add(entry);
          views.enter(entry, now);
        } else if (step.do === "leave" && inPool.delete(entry)) views.leave(entry);
        else if (step.do === "describe") {
          entry.describe(step);
          if (inPool.has(entry)) views.refile(entry, now);
        } else if (step.do === "block") {
          targets[step.target]!.fail(entry, "blocked", { now, options, random, latencyMs: undefined });
        } else if (step.do === "wait") now += step.ms;
        else if (step.do === "forget") views.forgetTarget(targets[0]!);
        else if (step.do === "strategy") views.setStrategy(strategy);
        else if (step.do === "look") views.branch(views.of(step.criteria), targets[step.target]!, now);
        for (const target of targets) target.advance(now);
        for (const wanted of [{}, { region: "DE" }, { region: "us", tag: "a" }]) {
          const view = views.of(wanted);
          const expected = [...inPool].filter((entry) => matches(entry, viewCriteria(wanted)));
          assert.deepEqual(new Set(view.set), new Set(expected));
          assert.deepEqual(told.get(view.selector), new Set(expected));
          for (const [target, branch] of view.byTarget) {
            const free = new Set(expected.filter((entry) => target.isFree(entry, now)));
            assert.deepEqual(new Set(branch.set), free);
            assert.deepEqual(told.get(branch.selector), free);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("Views.of() makes a view once for the same criteria, whatever the case of the region", () => {
  const { strategy } = recording();
  const views = new Views(strategy, () => []);
  assert.equal(views.of({}), views.of({ performance: "high", target: "a.example" }));
  assert.equal(views.of({ region: "de" }), views.of({ region: "DE" }));
  assert.notEqual(views.of({ region: "DE" }), views.of({ tag: "DE" }));
});

test("Views keeps a bounded number of views, and that of all proxies for ever", () => {
  const { strategy, told } = recording();
  const [entry] = makeEntries(1);
  const views = new Views(strategy, () => [entry!]);
  const all = views.of({});
  entry!.describe({ tags: Array.from({ length: 1000 }, (_, index) => `t${index}`) });
  for (let index = 0; index < 1000; index++) assert.equal(views.of({ tag: `t${index}` }).set.size, 1);
  assert.equal(views.of({}), all);
  views.enter(entry!, 0);
  const before = [...told.values()].filter((members) => members.size === 1).length;
  views.leave(entry!);
  const after = [...told.values()].filter((members) => members.size === 1).length;
  assert.ok(before - after <= 130, "those dropped are not kept up to date");
});

test("isAvailable() asks for a pooled proxy whose circuit lets something through and that nobody has alone", () => {
  const [entry] = makeEntries(1);
  assert.equal(isAvailable(entry!), true);
  entry!.exclusiveTo = "s";
  assert.equal(isAvailable(entry!), false);
  entry!.exclusiveTo = null;
  entry!.isPooled = false;
  assert.equal(isAvailable(entry!), false);
});
