import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { STRATEGY_NAMES } from "../../../src/core/mod.ts";
import { ACTIONS } from "../../../gen/actions.ts";
import { readStrategySetting } from "../../../src/service/strategy_spec.ts";
import { repoRoot } from "../../support/runtimes.ts";
import { makeWorld } from "./support.ts";

const DOC = readFileSync(`${repoRoot}docs/strategies.md`, "utf8");

/** First cells of the rows of the table under a heading. */
function rowsUnder(heading: string): string[] {
  const section = DOC.split(/^##+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? assert.fail(heading);
  return [...section.matchAll(/^\| `([\w-]+)`/gm)].map(([, name = ""]) => name);
}

test("docs/strategies.md lists every strategy and every option", () => {
  assert.deepEqual(rowsUnder("All of them"), STRATEGY_NAMES);
  const options = ACTIONS.find(({ name }) => name === "set_strategy")?.properties["options"]?.["properties"];
  assert.deepEqual(rowsUnder("Options"), Object.keys(options ?? {}));
});

test("the calls and settings in docs/strategies.md work", async () => {
  const blocks = [...DOC.matchAll(/^```json\n([^]*?)^```/gm)].map(([, text = ""]) => JSON.parse(text));
  assert.equal(blocks.length, 2);
  for (const block of blocks) {
    const world = makeWorld();
    if (block.action !== undefined) await world.call(block.action, block);
    else world.rotator.setStrategy(readStrategySetting(JSON.stringify(block.strategy)));
  }
  const [, flag = ""] = /--strategy '(.*)'/.exec(DOC) ?? [];
  makeWorld().rotator.setStrategy(readStrategySetting(flag));
});
