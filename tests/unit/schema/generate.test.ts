import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { z } from "zod";
import type { ActionHandlers } from "../../../gen/handlers.ts";
import { type Effect, named, type ResourceDefinition } from "../../../schema/define.ts";
import { loadActions } from "../../../schema/mod.ts";
import { generate } from "../../../scripts/gen/files.ts";
import { actionCommand } from "../../../src/cli/action_commands.ts";
import { actionInput } from "../../../src/cli/action_input.ts";
import { commandHelp } from "../../../src/cli/help.ts";
import { plain } from "../../../src/cli/paint.ts";
import { parseArguments } from "../../../src/cli/parse_arguments.ts";
import { loadView } from "../../../src/cli/views/mod.ts";
import type { CommandSpec } from "../../../src/contract/spec.ts";
import type { ParseResult } from "../../../src/contract/validate.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { paint, ping, smallContract } from "./small_contract.ts";

function file(path: string, contract = smallContract()): string {
  const text = generate(contract).files.get(path);
  assert.ok(text !== undefined, path);
  return text;
}

function part(name: string, contract = smallContract()): string {
  const text = generate(contract).parts.get(name);
  assert.ok(text !== undefined, name);
  return text;
}

test("generate gives the same bytes for the same contract", () => {
  const [a, b] = [generate(smallContract()), generate(smallContract())];
  assert.deepEqual([...a.files], [...b.files]);
  assert.deepEqual([...a.parts], [...b.parts]);
});

test("every generated file names its source and its command", () => {
  for (const [path, text] of generate(smallContract()).files) {
    assert.match(text, /Generated from schema\/ by `deno task gen`\. Do not edit\./, path);
  }
});

test("models.ts holds documented interfaces", () => {
  const text = file("gen/models.ts");
  const expected = `
/** What a caller wishes. */
export interface WishInput {
  /** Colour. */
  readonly colour?: "red" | "green";
}

/** Input of \`paint_wall\`. Paints a wall. */
export interface PaintWallInput {
  /** Selects the action. */
  readonly action: "paint_wall";
  /** Name of the wall. */
  readonly wall: string;
  /** Layers. */
  readonly coats?: number;
  /** Which paint. */
  readonly wish?: WishInput;
  /** API key, where the server asks for one. */
  readonly api_key?: string;
}

/** Output of \`paint_wall\`. */
export interface PaintWallOutput {
  /** Whether it is done. */
  readonly success: boolean;
  /** Paint left, litres. */
  readonly left_l: number | null;
}
`;
  assert.ok(text.includes(expected), text);
});

test("validators.ts holds one reader a value and one parser an action", () => {
  const text = file("gen/validators.ts");
  const expected = `
const readWall: Reader<string> = text({ expected: "a name", pattern: /^[a-z]+$/ });
const readCoats: Reader<number> = number({ integer: true, minimum: 1, maximum: 3 });
const readWishColour: Reader<"red" | "green"> = choice<"red" | "green">(["red", "green"]);
const readWish: Reader<WishInput> = object<WishInput>({
  colour: readWishColour,
});

const paintWallInput: InputReader<PaintWallInput> = input<PaintWallInput>("paint_wall", {
  wall: readWall,
  coats: readCoats,
  wish: readWish,
  api_key: readApiKey,
}, ["wall"]);
`;
  assert.ok(text.includes(expected), text);
});

test("handlers.ts holds a method an action", () => {
  const expected = `export interface ActionHandlers<Context> {
  /** Paint a wall. */
  readonly paint_wall: (input: PaintWallInput, context: Context) => Promise<PaintWallOutput>;
}
`;
  assert.ok(file("gen/handlers.ts").includes(expected));
});

test("handlers.ts holds a reader a resource; that of a template takes a value and may find nothing", () => {
  const text =
    generate({ ...smallContract(), resources: [resource("house://walls"), resource("house://walls/{wall}")] })
      .files.get("gen/handlers.ts") ?? "";
  const expected = `export interface ResourceReaders<Context> {
  /** Walls. */
  readonly "house://walls": (context: Context) => Promise<WallsResource>;
  /** Walls. */
  readonly "house://walls/{wall}": (context: Context, value: string) => Promise<WallsResource | undefined>;
}
`;
  assert.ok(text.endsWith(expected), text);
});

test("generate() refuses parts of a tool that leave an action out or take one twice", () => {
  const part = (...effects: Effect[]) => ({ suffix: "_x", title: "X", description: "X.", effects });
  const split = (...parts: ReturnType<typeof part>[]) => {
    const contract = smallContract([paint, ping]);
    return generate({ ...contract, tool: { ...contract.tool, parts } });
  };
  split(part("read"), part("write", "destructive"));
  for (const parts of [[part("read")], [part("read", "write"), part("write")]]) {
    assert.throws(() => split(...parts), /its parts must take every effect, and each of them once/);
  }
});

test("generate() refuses a template whose variable is not its last part", () => {
  for (const uri of ["house://{wall}/paint", "house://walls/{wall}{coat}", "walls", "house://walls/{Wall}"]) {
    assert.throws(
      () => generate({ ...smallContract(), resources: [resource(uri)] }),
      /a template ends with/,
      uri,
    );
  }
});

test("generate() refuses a template without the key that holds its variable", () => {
  const { valueKey: _, ...nameless } = resource("house://walls/{wall}");
  for (const wrong of [nameless, { ...nameless, valueKey: "roof" }]) {
    assert.throws(() => generate({ ...smallContract(), resources: [wrong] }), /valueKey must name the key/);
  }
});

function resource(uri: string): ResourceDefinition {
  return {
    uri,
    name: "walls",
    title: "Walls",
    description: "Walls.",
    mimeType: "application/json",
    requiresKey: true,
    subscribable: false,
    maxAgeS: 1,
    valueKey: "count",
    typeName: "WallsResource",
    output: { count: z.number().int().describe("How many") },
    example: { count: 1 },
  };
}

test("settings.ts holds the settings, nested, with units in their names", () => {
  const text = file("gen/settings.ts");
  assert.ok(text.includes("  /** Wait, seconds. @default {2} */\n  readonly timeS: number;\n"), text);
  assert.ok(
    text.includes("export const DEFAULT_SETTINGS: Settings = { db: null, drying: { timeS: 2 } };"),
    text,
  );
  assert.ok(text.includes('env: ["PROXYWHIRL_DRYING_TIME"]'), text);
});

test("cli.ts turns an action into a command, criteria into plain options", () => {
  const text = file("gen/cli.ts");
  assert.ok(text.includes('name: "paint-wall",\n    action: "paint_wall",'), text);
  assert.ok(text.includes('path: ["wish", "colour"]'), text);
  assert.ok(text.includes('line: "paint-wall north"'), text);
});

test("contract.json is JSON with the wire schema", () => {
  const value: { tool: { inputSchema: { required: unknown } } } = JSON.parse(file("gen/contract.json"));
  assert.deepEqual(value.tool.inputSchema.required, ["action"]);
});

test("the table of actions names what each needs", () => {
  assert.ok(
    part("actions").includes(
      "| `paint_wall` | Put paint on a wall | write | `wall` | `coats`, `wish`, `api_key` |",
    ),
    part("actions"),
  );
});

test("an action more shows up everywhere, and its validator works", async () => {
  const contract = smallContract([paint, ping]);
  const generated = generate(contract);
  for (const [path, text] of generated.files) {
    if (/prompts|resources|settings/.test(path)) continue;
    assert.match(text, /ping/i, path);
  }
  assert.match(part("actions", contract), /`ping`/);
  assert.match(file("gen/handlers.ts", contract), /readonly ping: \(input: PingInput, context: Context\)/);

  using folder = new TempDir();
  const run = new URL("../../../src/contract/", import.meta.url).href;
  const code = file("gen/validators.ts", contract).replaceAll("../src/contract/", run);
  const path = folder.write("validators.ts", code);
  folder.write("models.ts", file("gen/models.ts", contract));
  const module: { parseActionInput(value: unknown): ParseResult<unknown> } = await import(
    pathToFileURL(path).href
  );
  assert.deepEqual(module.parseActionInput({ action: "ping", word: "hi" }), {
    ok: true,
    value: { action: "ping", word: "hi" },
  });
  assert.deepEqual(module.parseActionInput({ action: "ping" }), {
    ok: false,
    message: "word required for ping action",
  });
});

test("an action more is a command, with help, options, and its output as a table or as JSON", async () => {
  using folder = new TempDir();
  const definition = { ...ping, cli: { positionals: ["word"] } };
  const code = file("gen/cli.ts", smallContract([paint, definition]));
  const { COMMANDS }: { COMMANDS: readonly CommandSpec[] } = await import(
    pathToFileURL(folder.write("cli.ts", code)).href
  );
  assert.deepEqual(COMMANDS.map(({ name }) => name), ["paint-wall", "ping"]);
  const [painting, pinging] = COMMANDS;
  assert.ok(painting !== undefined && pinging !== undefined);

  const help = commandHelp(actionCommand(painting));
  assert.match(help, /^Usage: proxywhirl paint-wall WALL \[OPTIONS\]\n\nPut paint on a wall\./);
  assert.match(help, /-c, --coats N +Layers \(1 to 3\)/);
  assert.match(help, /--colour NAME +Colour \(one of red, green\)/);
  const args = parseArguments(actionCommand(painting), ["north", "-c", "2", "--colour", "RED"]);
  assert.deepEqual(actionInput(painting, args), { wall: "north", coats: 2, wish: { colour: "red" } });
  assert.throws(
    () => parseArguments(actionCommand(painting), ["north", "-c", "4"]),
    /"4", allowed: .*1 to 3/,
  );

  assert.deepEqual(actionInput(pinging, parseArguments(actionCommand(pinging), ["hi"])), { word: "hi" });
  assert.equal((await loadView("ping")).text({ word: "hi" }, plain), "Word  hi\n");
  assert.match(part("commands", smallContract([paint, definition])), /\| `ping WORD` \|/);
});

test("an action is found by its file alone", async () => {
  using folder = new TempDir();
  const definition = { ...ping, input: {}, output: {} };
  folder.write("ping.ts", `export const action = ${JSON.stringify(definition)};\n`);
  folder.write("notes.md", "not an action");
  const actions = await loadActions(pathToFileURL(`${folder.path}/`));
  assert.deepEqual(actions.map((action) => action.name), ["ping"]);
  folder.write("pong.ts", `export const action = ${JSON.stringify(definition)};\n`);
  await assert.rejects(
    loadActions(pathToFileURL(`${folder.path}/`)),
    /Cannot read action pong\.ts: it describes ping/,
  );
});

test("a missing handler does not compile", () => {
  // @ts-expect-error: no handler at all. `deno check` fails here should the interface ever let it pass.
  const handlers: ActionHandlers<undefined> = {};
  assert.deepEqual(handlers, {});
});

const REFUSED: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    "two actions of one name",
    () => generate(smallContract([paint, { ...paint, position: 30 }])),
    /paint_wall" twice/,
  ],
  [
    "two actions in one position",
    () => generate(smallContract([paint, { ...ping, position: 10 }])),
    /position 10/,
  ],
  [
    "a name that is not snake_case",
    () => generate(smallContract([{ ...ping, name: "Ping-Me" }])),
    /snake_case/,
  ],
  [
    "an input key that every action has",
    () => generate(smallContract([{ ...ping, input: { api_key: z.string().describe("x") } }])),
    /api_key as input keys of ping/,
  ],
  [
    "a rule about an unknown key",
    () => generate(smallContract([{ ...ping, rules: [{ atMostOne: ["word", "verb"] }] }])),
    /"verb" in a rule of ping/,
  ],
  [
    "a union of types",
    () =>
      generate(
        smallContract([{ ...ping, input: { word: z.union([z.string(), z.number()]).describe("x") } }]),
      ),
    /ping input\.word: a union/,
  ],
  [
    "a default, which a model would copy into other actions",
    () => generate(smallContract([{ ...ping, input: { word: z.string().default("x").describe("x") } }])),
    /ping input\.word: "default"/,
  ],
  [
    "an object without a name",
    () => generate(smallContract([{ ...ping, input: { word: z.object({}).describe("x") } }])),
    /ping input\.word: give the object a name/,
  ],
  [
    "one name for two schemas",
    () =>
      generate(smallContract([paint, {
        ...ping,
        input: { word: named("WishInput", "Other.", z.object({})).describe("x") },
      }])),
    /name WishInput for two schemas/,
  ],
  [
    "one key with two meanings",
    () => generate(smallContract([paint, { ...ping, input: { wall: z.string().describe("Fire wall") } }])),
    /"wall": paint_wall and ping describe it differently/,
  ],
  [
    "one key with two types",
    () =>
      generate(
        smallContract([paint, { ...ping, input: { wall: z.boolean().describe("Name of the wall") } }]),
      ),
    /Cannot merge "wall"/,
  ],
  [
    "a key without a description",
    () => generate(smallContract([{ ...ping, input: { word: z.string() } }])),
    /word/,
  ],
  [
    "a placeholder that is no argument",
    () => {
      const contract = smallContract();
      const prompts = contract.prompts.map((prompt) => ({ ...prompt, text: `${prompt.text} {{roof|x}}` }));
      return generate({ ...contract, prompts });
    },
    /\{\{roof\}\} in paint_workflow/,
  ],
  [
    "a flag of two settings",
    () =>
      generate({ ...smallContract(), settings: [...smallContract().settings, ...smallContract().settings] }),
    /Cannot use db for two settings/,
  ],
];

for (const [what, run, message] of REFUSED) {
  test(`generate refuses ${what}`, () => {
    assert.throws(run, message);
  });
}
