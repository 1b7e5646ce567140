/**
 * Types of the generated data: actions, resources, prompts, settings and commands as plain values.
 *
 * @module
 */

/** JSON, as a value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export interface JsonObject {
  /** Any key. */
  readonly [key: string]: Json;
}

/** What an action does to the world. `use` changes no setting but counts, leases or sends traffic. */
export type ActionEffect = "read" | "use" | "write" | "destructive";

/** An error that an action answers. */
export interface ErrorSpec {
  /** HTTP-like code. */
  readonly code: number;
  /** Text, with `<…>` for what varies. */
  readonly text: string;
  /** When it happens. */
  readonly when: string;
}

/** A request and its answer. */
export interface ActionExample {
  /** Arguments of the call. */
  readonly request: JsonObject;
  /** Result of the call. */
  readonly response: JsonObject;
}

/** A condition between input keys: either at least one group is complete, or at most one key is given. */
export interface InputRuleSpec {
  /** At least one of these groups of keys is complete. */
  readonly anyOf?: readonly (readonly string[])[];
  /** At most one of these keys is given. */
  readonly atMostOne?: readonly string[];
}

/** One action as data. */
export interface ActionSpec<Name extends string = string> {
  /** Name on the wire. */
  readonly name: Name;
  /** Name for people. */
  readonly title: string;
  /** A few words, for the tool's `action` description. */
  readonly summary: string;
  /** What it does. */
  readonly description: string;
  /** What it does to the world. */
  readonly effect: ActionEffect;
  /** Whether a repetition changes nothing more. */
  readonly idempotent: boolean;
  /** Whether it talks to hosts outside. */
  readonly openWorld: boolean;
  /** Whether the published tool offers it. */
  readonly published: boolean;
  /** Whether a configured API key is needed. */
  readonly requiresKey: boolean;
  /** JSON Schema of each input key besides `action` and `api_key`, safe on the wire. */
  readonly properties: Readonly<Record<string, JsonObject>>;
  /** Keys that must be given. */
  readonly required: readonly string[];
  /** Conditions between keys. */
  readonly rules: readonly InputRuleSpec[];
  /** Errors of its own; those shared by all actions are in `COMMON_ERRORS`. */
  readonly errors: readonly ErrorSpec[];
  /** A worked example. */
  readonly example: ActionExample;
}

/** One tool of the split layout. */
export interface ToolPartSpec {
  /** Put behind the name of the unified tool; empty for that itself. */
  readonly suffix: string;
  /** Name for people. */
  readonly title: string;
  /** First sentences of its description. */
  readonly description: string;
  /** Effects of the actions that it takes. */
  readonly effects: readonly ActionEffect[];
}

/** The unified tool. */
export interface ToolSpec {
  /** Name on the wire. */
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /** First sentences of the description; the rest is in the properties. */
  readonly description: string;
  /** The tools of the split layout. */
  readonly parts: readonly ToolPartSpec[];
  /** A picture for people, as a `data:` or `https:` URI. */
  readonly icon?: string;
  /** What an assistant reads before anything else: the server's instructions. */
  readonly instructions: string;
}

/** What an argument of a prompt, or a variable of a template, can be completed with. */
export type CompletionKind =
  | "performance"
  | "protocol"
  | "proxy_id"
  | "region"
  | "strategy"
  | "tag"
  | "target";

/** One resource as data. */
export interface ResourceSpec {
  /** Address; of a template, with its variable. */
  readonly uri: string;
  /** Name of the variable of a template; `null` for a resource with an address of its own. */
  readonly variable: string | null;
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
  /** Action without which it is not on offer; `null` for none. */
  readonly action: string | null;
  /** What a client can complete the variable with; `null` is nothing. */
  readonly completes: CompletionKind | null;
  /** Key of the content that holds the variable as it should be; `null` without a variable. */
  readonly valueKey: string | null;
  /** Content of a healthy server. */
  readonly example: JsonObject;
}

/** An argument of a prompt; always text, always optional. */
export interface PromptArgumentSpec {
  /** Name on the wire. */
  readonly name: string;
  /** What it is for. */
  readonly description: string;
  /** What a client can complete it with; `null` is nothing. */
  readonly completes: CompletionKind | null;
}

/** One prompt as data; `renderPrompt` fills its text. */
export interface PromptSpec {
  /** Name on the wire. */
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /** What it guides through. */
  readonly description: string;
  /** Arguments. */
  readonly arguments: readonly PromptArgumentSpec[];
  /** Markdown with `{{name|fallback}}` for each argument. */
  readonly text: string;
}

/** Unit of a setting; `S` is appended to the name of a member in seconds. */
export type SettingUnit = "s";

/** One setting as data. */
export interface SettingSpec {
  /** Dotted snake_case key, as in the config file. */
  readonly key: string;
  /** Path in `Settings`. */
  readonly path: readonly string[];
  /** Flag without the dashes; a boolean also takes `no-<flag>`. */
  readonly flag: string;
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[];
  /** Kind of value. */
  readonly type: "string" | "integer" | "number" | "boolean";
  /** What is allowed, when it is a list. Words are compared in any case, `_` as `-`. */
  readonly values?: readonly (string | boolean)[];
  /** Whether an object is taken in the place of a text, and kept as its JSON. */
  readonly json?: boolean;
  /** Whether an array is taken in the place of a text between commas, and kept as its JSON. */
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
  /** Whether the value must never be shown. */
  readonly secret: boolean;
}

/** An option or positional argument of a command. */
export interface CommandOptionSpec {
  /** Flag without the dashes, kebab-case. */
  readonly name: string;
  /** Where the value goes in the action's input. */
  readonly path: readonly string[];
  /** Kind of value. */
  readonly type: "string" | "integer" | "number" | "boolean" | "record";
  /** Whether it may be given several times; the values become an array (or, for a record, entries `key=value`). */
  readonly multiple: boolean;
  /** Whether the action needs it in every case. */
  readonly required: boolean;
  /** What is allowed, when it is a list. */
  readonly values?: readonly string[];
  /** Smallest number allowed. */
  readonly minimum?: number;
  /** Largest number allowed. */
  readonly maximum?: number;
  /** One letter for the same. */
  readonly short?: string;
  /** What it does. */
  readonly help: string;
}

/** A command line, and what it is good for. */
export interface CommandExample {
  /** Without the program's name. */
  readonly line: string;
  /** A few words; may be empty. */
  readonly says: string;
}

/** One command of the program, made from one action. */
export interface CommandSpec<Name extends string = string> {
  /** Word on the command line, kebab-case. */
  readonly name: string;
  /** Action that it calls. */
  readonly action: Name;
  /** One line. */
  readonly summary: string;
  /** What it does. */
  readonly description: string;
  /** Whether it talks to hosts outside, and may take long. */
  readonly openWorld: boolean;
  /** Whether it may begin without a database. */
  readonly makesPool: boolean;
  /** Arguments by position, in order; each is an option too. */
  readonly positionals: readonly string[];
  /** Options. */
  readonly options: readonly CommandOptionSpec[];
  /** Settings that matter here. */
  readonly settings: readonly string[];
  /** Command lines; that of the action's example when there are no others. */
  readonly examples: readonly CommandExample[];
}
