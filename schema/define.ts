/**
 * The vocabulary of the contract: what an action, resource, prompt and setting consist of.
 *
 * Files of this folder are read by `scripts/generate.ts` only. Run-time code imports `gen/`.
 */
import type { z } from "zod";
import type { CompletionKind, SettingUnit } from "../src/contract/spec.ts";

/** What an action does to the world: hosts use it to decide what runs without asking. */
export type Effect = "read" | "use" | "write" | "destructive";

/** Keys and their schemas. */
export type Shape = Readonly<Record<string, z.ZodType>>;

/** A condition between keys, which a schema of single keys cannot express. */
export type InputRule =
  /** At least one of the groups is complete. */
  | { readonly anyOf: readonly (readonly string[])[] }
  /** No more than one of the keys is given. */
  | { readonly atMostOne: readonly string[] };

/** An error that an action answers, besides those that all actions share. */
export interface ErrorDefinition {
  /** HTTP-like code. */
  readonly code: number;
  /** Text, with `<…>` for what varies. */
  readonly text: string;
  /** When it happens. */
  readonly when: string;
}

/** One action. */
export interface ActionDefinition {
  /** Name on the wire, snake_case. */
  readonly name: string;
  /** Place in every list; unique. */
  readonly position: number;
  /** Name for people. */
  readonly title: string;
  /** A few words for the tool's `action` description: every host pays for them in its prompt. */
  readonly summary: string;
  /** What it does, for the documentation. Sentences. */
  readonly description: string;
  /** What it does to the world. */
  readonly effect: Effect;
  /** Whether a repetition changes nothing more. */
  readonly idempotent: boolean;
  /** Whether it talks to hosts outside. */
  readonly openWorld: boolean;
  /** Whether the tool offers it. An action that does not work yet stays out. */
  readonly published: boolean;
  /** Whether a configured API key is needed. @default {true} */
  readonly requiresKey?: boolean;
  /** Input besides `action` and `api_key`. */
  readonly input: Shape;
  /** Conditions between input keys. */
  readonly rules?: readonly InputRule[];
  /** Output keys. */
  readonly output: Shape;
  /** Errors of its own. */
  readonly errors: readonly ErrorDefinition[];
  /** A worked example. */
  readonly example: { readonly request: Readonly<Record<string, unknown>>; readonly response: unknown };
  /** How the command line takes the input; every published action is a command. */
  readonly cli?: {
    /** Keys given by position, in order. */
    readonly positionals?: readonly string[];
    /** What keys are for, where people need other words than models do. */
    readonly help?: Readonly<Record<string, string>>;
    /** Letters for keys: `-n` for `{ limit: "n" }`. */
    readonly short?: Readonly<Record<string, string>>;
    /** Settings that `--help` names, because they matter here; all others are taken as well. */
    readonly settings?: readonly string[];
    /** Whether it may begin without a database, which is then made on the first write. @default {false} */
    readonly makesPool?: boolean;
    /** Command lines without the program's name. @default {that of the example} */
    readonly examples?: readonly { readonly line: string; readonly says: string }[];
  };
}

/** A resource, or a template of the addresses of many. */
export interface ResourceDefinition {
  /** Address, for example `proxy://health`; of a template, with one `{variable}` as its last part. */
  readonly uri: string;
  /** Programmatic name. */
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /** What is in it. */
  readonly description: string;
  /** Type of the content. */
  readonly mimeType: string;
  /** Whether a configured API key is needed over HTTP. */
  readonly requiresKey: boolean;
  /** Whether subscribers hear of its changes. */
  readonly subscribable: boolean;
  /** Seconds for which a client may keep what it has read. */
  readonly maxAgeS: number;
  /** Action that shows the same: where that is not on offer, the resource is not either. */
  readonly action?: string;
  /** What a client can complete the variable with. */
  readonly completes?: CompletionKind;
  /** Key of the content that holds the variable as it should be; of a template. */
  readonly valueKey?: string;
  /** Name of the interface of the content. */
  readonly typeName: string;
  /** Content. */
  readonly output: Shape;
  /** Content of a healthy server. */
  readonly example: unknown;
}

/** An argument of a prompt. Arguments are text and optional. */
export interface PromptArgumentDefinition {
  /** Name on the wire. */
  readonly name: string;
  /** What it is for. */
  readonly description: string;
  /** What a client can complete it with. */
  readonly completes?: CompletionKind;
}

/** A prompt: a workflow that a user can start. */
export interface PromptDefinition {
  /** Name on the wire. */
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /** What it guides through. */
  readonly description: string;
  /** Arguments; each is optional. */
  readonly arguments: readonly PromptArgumentDefinition[];
  /** Markdown; `{{name|fallback}}` stands for an argument. */
  readonly text: string;
}

/** A setting: one value with its flag, environment variables and place in the config file. */
export interface SettingDefinition {
  /** Dotted snake_case key, as in the config file and, where it is there, in `proxy://config`. */
  readonly key: string;
  /** Kind of value. */
  readonly type: "string" | "integer" | "number" | "boolean";
  /** What is allowed, when it is a list. */
  readonly values?: readonly (string | boolean)[];
  /** Whether an object is taken in the place of a text, and kept as its JSON. @default {false} */
  readonly json?: boolean;
  /** Whether an array is taken in the place of a text between commas, and kept as its JSON. @default {false} */
  readonly list?: boolean;
  /** Smallest number allowed. */
  readonly minimum?: number;
  /** Largest number allowed. */
  readonly maximum?: number;
  /** Value without any setting; `null` is "not set". */
  readonly default: string | number | boolean | null;
  /** Unit of a number. */
  readonly unit?: SettingUnit;
  /** What it does, one line. */
  readonly help: string;
  /** Word for the value in `--help`. */
  readonly placeholder?: string;
  /** More environment variables, after `PROXYWHIRL_<KEY>`. */
  readonly env?: readonly string[];
  /** Flag, when it is not the last part of the key. */
  readonly flag?: string;
  /** Whether the value must never be shown. */
  readonly secret?: boolean;
}

/** One tool of the split layout. */
export interface ToolPartDefinition {
  /** Put behind the name of the unified tool. */
  readonly suffix: string;
  /** Name for people. */
  readonly title: string;
  /** First sentences of its description. */
  readonly description: string;
  /** Effects of the actions that it takes. */
  readonly effects: readonly Effect[];
}

/** What surrounds the actions. */
export interface ToolDefinition {
  /** Name of the unified tool. */
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /** First sentences of the tool's description. */
  readonly description: string;
  /** The tools of the split layout; together they take every effect once. */
  readonly parts: readonly ToolPartDefinition[];
  /** A picture for people, as a `data:` or `https:` URI; the server, its tools, resources and prompts carry it. */
  readonly icon?: string;
  /** What an assistant reads before anything else. */
  readonly instructions: string;
}

/** The whole contract. */
export interface ContractDefinition {
  /** The unified tool. */
  readonly tool: ToolDefinition;
  /** Actions, in the order of their position. */
  readonly actions: readonly ActionDefinition[];
  /** Errors that every action can answer. */
  readonly errors: readonly ErrorDefinition[];
  /** Resources. */
  readonly resources: readonly ResourceDefinition[];
  /** Prompts. */
  readonly prompts: readonly PromptDefinition[];
  /** Settings. */
  readonly settings: readonly SettingDefinition[];
}

/** Gives a schema a name of its own in `gen/models.ts`, with the sentence that documents it. */
export function named<S extends z.ZodType>(name: string, doc: string, schema: S): S {
  return schema.meta({ title: name, doc }) as S;
}

/** Replaces the generated message of a bad value. `{value}` stands for the value, shortened and redacted. */
export function withMessage<S extends z.ZodType>(schema: S, message: string): S {
  return schema.meta({ ...schema.meta(), message }) as S;
}

/** Says in words what is allowed, for the message "<key> must be <words>, got <value>". */
export function withExpectation<S extends z.ZodType>(schema: S, expected: string): S {
  return schema.meta({ ...schema.meta(), expected }) as S;
}

/**
 * Publishes an object without its keys: its description must name them. For one that is large and seldom given,
 * since every host pays for each word of the tool. It is validated like any other.
 */
export function inWords<S extends z.ZodType>(schema: S): S {
  return schema.meta({ ...schema.meta(), words: true }) as S;
}

/** Publishes a key of an object without its description, where its name says as much. */
export function plain<S extends z.ZodType>(schema: S): S {
  return schema.meta({ ...schema.meta(), plain: true }) as S;
}

/** Keeps the value out of every message. */
export function secret<S extends z.ZodType>(schema: S): S {
  return schema.meta({ ...schema.meta(), secret: true }) as S;
}
