import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCounts, type Inquiry, judge } from "../../../src/core/judgement.ts";
import { makeEntries } from "./support.ts";

test("judge() names the reason that lasts longest", () => {
  const [entry] = makeEntries(1);
  entry!.describe({ region: "DE", tags: ["x"] });
  entry!.exclusiveTo = "somebody";
  const all = { region: "US", protocol: "socks5", tag: "y" } as const;
  const none = { region: undefined, protocol: undefined, tag: undefined };
  const asked = {
    now: 0,
    criteria: all,
    allows: () => false,
    target: undefined,
    exclude: new Set(["id-0"]),
    session: undefined,
  };
  const inquiries: Inquiry[] = [
    asked,
    { ...asked, criteria: { ...all, region: undefined } },
    { ...asked, criteria: { ...none, tag: "y" } },
    { ...asked, criteria: none },
    { ...asked, criteria: none, allows: () => true },
    { ...asked, criteria: none, allows: () => true, session: "somebody" },
    { ...asked, criteria: none, allows: () => true, session: "somebody", exclude: undefined },
  ];
  assert.deepEqual(
    inquiries.map((inquiry) => judge(entry!, inquiry).reason),
    ["region", "protocol", "tag", "strategy", "in_exclusive_use", "already_tried", null],
  );
});

test("describeCounts() puts the most frequent reason first, in words", () => {
  assert.equal(
    describeCounts({ region: 1, already_tried: 3, paced: 2 }),
    "3 already tried, 2 waiting for their pace on the target, 1 in another region",
  );
  assert.equal(describeCounts({}), "");
});
