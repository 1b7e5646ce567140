import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv } from "ajv";
import fc from "fast-check";
import { ACTIONS } from "../../../gen/actions.ts";
import { parseActionInput } from "../../../gen/validators.ts";
import { loadContract } from "../../../schema/mod.ts";
import { readContract } from "../../../scripts/gen/model.ts";
import { wireSchema } from "../../../src/contract/wire_schema.ts";
import { oracle } from "./oracle.ts";
import { changedInput, edgesOf, validInput } from "./samples.ts";

const model = readContract(await loadContract());
const judge = oracle(model.actions);
const published = model.actions.filter((action) => action.published);

function agree(input: unknown): boolean {
  const expected = judge(input);
  const actual = parseActionInput(input);
  assert.equal(
    actual.ok,
    expected.ok,
    `${JSON.stringify(input)}: ${actual.ok ? "accepted" : actual.message}`,
  );
  if (actual.ok && expected.ok) assert.deepEqual(actual.value, expected.value);
  return actual.ok;
}

test("parseActionInput accepts and returns what the zod union does", () => {
  fc.assert(fc.property(validInput(model.actions), (input) => {
    assert.ok(agree(input), `sample is not valid: ${JSON.stringify(input)}`);
  }));
});

test("parseActionInput decides on changed inputs as the zod union does", () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(changedInput(model.actions), (input) => {
      if (agree(input)) accepted++;
      else refused++;
    }),
    { numRuns: 800 },
  );
  // Changes of one kind only would test nothing.
  assert.ok(accepted > 80 && refused > 80, `accepted ${accepted}, refused ${refused}`);
});

test("parseActionInput draws every limit where the zod union draws it", () => {
  let accepted = 0;
  let refused = 0;
  for (const action of model.actions) {
    for (const { key, node } of action.inputFields) {
      const rivals = (action.rules ?? []).flatMap((rule) => "atMostOne" in rule ? rule.atMostOne : []);
      const kept = Object.entries(action.example.request)
        .filter(([other]) => !(rivals.includes(key) && rivals.includes(other)));
      for (const edge of edgesOf(node)) {
        if (agree({ ...Object.fromEntries(kept), [key]: edge })) accepted++;
        else refused++;
      }
    }
  }
  assert.ok(accepted > 80 && refused > 80, `accepted ${accepted}, refused ${refused}`);
});

test("parseActionInput never throws, whatever JSON it is given", () => {
  fc.assert(fc.property(fc.jsonValue(), (input) => {
    agree(input);
  }));
});

test("wireSchema accepts every input that the strict union accepts", () => {
  const ajv = new Ajv({ strict: true });
  const check = ajv.compile(wireSchema(ACTIONS.filter((action) => action.published), { apiKey: true }));
  fc.assert(fc.property(validInput(published), (input) => {
    assert.ok(check(input), JSON.stringify(check.errors));
  }));
});
