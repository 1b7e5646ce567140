/** Arbitrary inputs: ones that fit the contract, and ones that almost do. */
import fc from "fast-check";
import type { ActionModel } from "../../../scripts/gen/model.ts";
import type { Field, Node } from "../../../scripts/gen/node.ts";

/** Inputs that fit one of the actions. */
export function validInput(actions: readonly ActionModel[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.oneof(...actions.map(inputOf));
}

/** Inputs of which something was changed: a key dropped, added or given another value. */
export function changedInput(actions: readonly ActionModel[]): fc.Arbitrary<Record<string, unknown>> {
  const known = actions.flatMap((action) => action.inputFields.map(({ key }) => key));
  const key = fc.constantFrom("action", "api_key", "__proto__", "extra", ...known);
  const change = fc.record({ own: fc.nat(9), isOwn: fc.boolean(), key, isNested: fc.boolean(), value });
  return fc.tuple(validInput(actions), fc.array(change, { minLength: 1, maxLength: 2 })).map(
    ([input, list]) => {
      const entries = new Map(Object.entries(input));
      for (const { own, isOwn, key, isNested, value } of list) {
        const criteria = entries.get("criteria");
        const ownKeys = [...entries.keys()];
        const place = (isOwn ? ownKeys[own % ownKeys.length] : undefined) ?? key;
        if (isNested && typeof criteria === "object") {
          entries.set("criteria", { ...criteria, [place]: value });
        } else if (value === undefined) entries.delete(place);
        else entries.set(place, value);
      }
      // Not an assignment: `__proto__` is to be an ordinary key, as JSON.parse makes it.
      return Object.fromEntries(entries);
    },
  );
}

const LONG = "x".repeat(3000);

/** Values of every kind, many of them at the edge of what some key takes. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.constantFrom(undefined, null, "", []), weight: 4 },
  fc.constantFrom<unknown>(
    NaN,
    Infinity,
    -Infinity,
    -0,
    -1,
    0,
    0.5,
    1,
    50,
    51,
    1000,
    1001,
    2 ** 53,
    true,
    {},
  ),
  fc.constantFrom<unknown>(
    "US",
    "usa",
    "U1",
    "high",
    "HIGH",
    "http",
    "healthy",
    "list",
    "constructor",
    "5",
    LONG,
  ),
  fc.constantFrom<unknown>(["US"], [null], [""], [["x"]], { region: "US" }, { region: null }, {
    toString: 1,
  }),
  fc.constantFrom(
    "http://a.example/",
    "HTTPS://a",
    "ftp://a",
    "http:// a",
    "550e8400-E29B-41d4-a716-446655440000\n",
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

function inputOf(action: ActionModel): fc.Arbitrary<Record<string, unknown>> {
  const groups = (action.rules ?? []).flatMap((rule) => "anyOf" in rule ? [rule.anyOf] : []);
  const exclusive = (action.rules ?? []).flatMap((rule) => "atMostOne" in rule ? [rule.atMostOne] : []);
  const chosen = fc.tuple(...groups.map((group) => fc.constantFrom(...group)));
  return chosen.chain((picks) => {
    const needed = new Set(picks.flat());
    const fields = action.inputFields.map((field) => ({
      ...field,
      required: field.required || needed.has(field.key),
    }))
      .filter(({ key, required }) =>
        required || !exclusive.some((keys) => keys.includes(key) && keys.some((other) => needed.has(other)))
      )
      .filter(({ key }) =>
        !exclusive.some((keys) =>
          keys.includes(key) && !keys.some((other) => needed.has(other)) && keys[0] !== key
        )
      );
    return objectOf(fields).map((input) => ({ action: action.name, ...input }));
  });
}

function objectOf(fields: readonly Field[]): fc.Arbitrary<Record<string, unknown>> {
  const shape: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of fields) shape[field.key] = valueOf(field.node);
  const requiredKeys = fields.filter((field) => field.required).map((field) => field.key);
  return fc.record(shape, { requiredKeys, noNullPrototype: true });
}

/** Building an arbitrary costs more than using it, above all one of a pattern. */
const built = new Map<Node, fc.Arbitrary<unknown>>();

function valueOf(node: Node): fc.Arbitrary<unknown> {
  const known = built.get(node) ?? buildValue(node);
  built.set(node, known);
  return known;
}

function buildValue(node: Node): fc.Arbitrary<unknown> {
  switch (node.kind) {
    case "string": {
      if (node.values !== undefined) return fc.constantFrom(...node.values);
      const { minLength = 1, maxLength = 40 } = node;
      const limits = { minLength: Math.max(1, minLength), maxLength: Math.min(maxLength, 40) };
      if (node.pattern === undefined) return fc.string(limits);
      return fc.stringMatching(new RegExp(node.pattern)).filter((text) => text.length <= maxLength);
    }
    case "number": {
      const { minimum: min = -1e6, maximum: max = 1e6 } = node;
      return node.integer
        ? fc.integer({ min, max })
        : fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
    }
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(valueOf(node.items), { minLength: 1, maxLength: 5 });
    case "record":
      return fc.dictionary(fc.stringMatching(/^[A-Za-z-]{1,20}$/), valueOf(node.items), {
        maxKeys: 5,
        noNullPrototype: true,
      });
    case "object":
      return objectOf(node.fields);
  }
}

/** Values on, just inside and just outside each limit of a node. */
export function edgesOf(node: Node): readonly unknown[] {
  switch (node.kind) {
    case "string": {
      const { minLength = 1, maxLength = 1 } = node;
      return [minLength - 1, minLength, maxLength, maxLength + 1].map((length) =>
        "x".repeat(Math.max(0, length))
      );
    }
    case "number": {
      const { minimum = 0, maximum = 0 } = node;
      return [minimum, maximum].flatMap((edge) => [edge - 1, edge - 0.01, edge, edge + 0.01, edge + 1]);
    }
    case "boolean":
      return [true, false, 0, "true"];
    case "array": {
      const { maxItems = 0 } = node;
      const lists = [maxItems, maxItems + 1].map((length) => Array.from({ length }, () => "x"));
      return [...lists, ...edgesOf(node.items).map((item) => [item])];
    }
    case "record": {
      const { maxProperties = 0, maxKeyLength = 0 } = node;
      const records = [maxProperties, maxProperties + 1].map((length) =>
        Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, "x"]))
      );
      const keys = ["", "x".repeat(maxKeyLength), "x".repeat(maxKeyLength + 1)].map((key) => ({
        [key]: "x",
      }));
      return [...records, ...keys, ...edgesOf(node.items).map((item) => ({ k: item }))];
    }
    case "object":
      return node.fields.flatMap((field) => edgesOf(field.node).map((edge) => ({ [field.key]: edge })));
  }
}
