/** A contract small enough to read what is generated from it. */
import { z } from "zod";
import {
  type ActionDefinition,
  type ContractDefinition,
  named,
  withExpectation,
} from "../../../schema/define.ts";

const criteria = named(
  "WishInput",
  "What a caller wishes.",
  z.strictObject({
    colour: z.enum(["red", "green"]).describe("Colour").optional(),
  }),
);

/** An action with one of everything. */
export const paint: ActionDefinition = {
  name: "paint_wall",
  position: 10,
  title: "Paint a wall",
  summary: "put paint on a wall",
  description: "Paints a wall.",
  effect: "write",
  idempotent: false,
  openWorld: false,
  published: true,
  input: {
    wall: withExpectation(z.string().regex(/^[a-z]+$/).describe("Name of the wall"), "a name"),
    coats: z.number().int().min(1).max(3).describe("Layers").optional(),
    wish: criteria.describe("Which paint").optional(),
  },
  output: {
    success: z.boolean().describe("Whether it is done"),
    left_l: z.number().min(0).nullable().describe("Paint left, litres"),
  },
  errors: [{ code: 404, text: "Wall not found: <wall>", when: "there is no such wall" }],
  example: { request: { action: "paint_wall", wall: "north" }, response: { success: true, left_l: 2 } },
  cli: { positionals: ["wall"], short: { coats: "c" } },
};

/** An action that a developer adds. */
export const ping: ActionDefinition = {
  name: "ping",
  position: 20,
  title: "Ping",
  summary: "say whether it lives",
  description: "Answers with the word given.",
  effect: "read",
  idempotent: true,
  openWorld: false,
  published: true,
  input: { word: z.string().min(1).max(8).describe("Word to answer with") },
  output: { word: z.string().describe("The word") },
  errors: [],
  example: { request: { action: "ping", word: "hi" }, response: { word: "hi" } },
};

/** A contract of these actions and little else. */
export function smallContract(actions: readonly ActionDefinition[] = [paint]): ContractDefinition {
  return {
    tool: {
      name: "house",
      title: "House",
      description: "Keeps a house.",
      parts: [],
      instructions: "Paint first.",
    },
    actions,
    errors: [{ code: 500, text: "Internal error: <reason>", when: "something else went wrong" }],
    resources: [],
    prompts: [{
      name: "paint_workflow",
      title: "Paint",
      description: "Steps of painting.",
      arguments: [{ name: "wall", description: "Wall" }],
      text: 'Paint {"wall":"{{wall|north}}"}',
    }],
    settings: [
      { key: "db", type: "string", default: null, help: "File" },
      {
        key: "drying.time",
        flag: "drying-time",
        type: "number",
        unit: "s",
        minimum: 0,
        maximum: 9,
        default: 2,
        help: "Wait",
      },
    ],
  };
}
