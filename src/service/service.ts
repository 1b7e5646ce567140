/**
 * Does the actions: checks the key, reads the input, calls the handler, and lets nothing out that holds a
 * credential. Transports (MCP, the command line, a program) call {@linkcode ProxyWhirlService.handle} and no
 * other way in.
 *
 * @module
 */
import { ACTIONS } from "../../gen/actions.ts";
import type { ActionErrorBody, ActionInput } from "../../gen/models.ts";
import { RESOURCES } from "../../gen/resources.ts";
import type { Settings } from "../../gen/settings.ts";
import { parseActionInput } from "../../gen/validators.ts";
import { showPlain } from "../contract/show.ts";
import type { CompletionKind } from "../contract/spec.ts";
import type { ProxyRotator } from "../core/mod.ts";
import type { PoolCare } from "../sources/mod.ts";
import { ActionError } from "./action_error.ts";
import { dispatch } from "./dispatch.ts";
import { MCPAuth } from "./auth.ts";
import { redactValue } from "./boundary.ts";
import { completionsFor } from "./completions.ts";
import { type Confirmation, confirmationFor } from "./confirmation.ts";
import { type CallContext, type HandlerContext, memoryPool, type PoolEditor } from "./handler_context.ts";
import { allowedActions } from "./list_setting.ts";
import { guardLogger, type Logger, SILENT_LOGGER } from "./logger.ts";
import { ServiceMetrics } from "./metrics.ts";
import { type LazyNetwork, lazyNetwork } from "./network.ts";
import { Observability } from "./observability.ts";
import type { ActionEnd } from "./telemetry_spans.ts";
import { READERS } from "./resources/mod.ts";
import { observeHealth } from "./resources/observe_health.ts";
import { lazySupply } from "./supply/lazy_supply.ts";
import { memoryNotes, type Notes } from "./supply/notes.ts";
import type { Supply } from "./supply/supply.ts";

/** What became of an action. Neither part holds a credential. */
export type ActionResult =
  | { readonly ok: true; readonly value: object }
  | { readonly ok: false; readonly error: ActionErrorBody };

/** Options of {@linkcode ProxyWhirlService}. */
export interface ProxyWhirlServiceOptions {
  /** The pool. */
  readonly rotator: ProxyRotator;
  /** Adds and removes on disk too; without it the pool lives in memory only. */
  readonly sync?: PoolEditor | undefined;
  /** Keeps what is remembered of proxy lists; without it that lasts as long as the service. */
  readonly notes?: Notes | undefined;
  /** Settings of the program. */
  readonly settings: Settings;
  /** Takes the place of the key in the settings. */
  readonly auth?: MCPAuth | undefined;
  /** Hears what is refused and what fails. @default {SILENT_LOGGER} */
  readonly logger?: Logger | undefined;
  /** Version of the program. */
  readonly version: string;
  /**
   * Resolves when the pool is loaded, with whether it is kept on disk. Called before every action, so it must be
   * quick once it has resolved.
   * @default {not on disk}
   */
  readonly ready?: (() => Promise<boolean>) | undefined;
}

const SPECS: ReadonlyMap<string, typeof ACTIONS[number]> = new Map(ACTIONS.map((spec) => [spec.name, spec]));

/** All actions over one pool. */
export class ProxyWhirlService {
  /** Version of the program. */
  readonly version: string;
  /** What happened since the start, and how things are now, in figures. */
  readonly metrics: ServiceMetrics;
  readonly #options: ProxyWhirlServiceOptions;
  #auth: MCPAuth;
  readonly #logger: Logger;
  readonly #pool: PoolEditor;
  readonly #observability: Observability;
  readonly #network: LazyNetwork;
  readonly #supply: () => Promise<Supply>;
  #care: Promise<PoolCare> | undefined;
  #isClosed = false;
  readonly #listeners = new Set<(uri: string) => void>();
  readonly #allowed: ReadonlySet<string> | undefined;
  /** Names of the actions on offer: those that work in this version, and that the settings allow. */
  readonly actions: readonly string[];
  /** How the actions are laid out in tools. */
  readonly toolLayout: Settings["tools"];
  /** Addresses of the resources on offer, and templates of addresses. */
  readonly resources: readonly string[];

  /**
   * Makes a service over a pool.
   *
   * @param options The pool and what surrounds it
   */
  constructor(options: ProxyWhirlServiceOptions) {
    this.version = options.version;
    this.metrics = new ServiceMetrics({ rotator: options.rotator, version: options.version });
    this.#options = options;
    this.toolLayout = options.settings.tools;
    this.#allowed = allowedActions(options.settings);
    this.actions = ACTIONS.filter((action) => action.published && this.#isAllowed(action)).map(({ name }) =>
      name
    );
    this.resources = RESOURCES.filter(({ action }) => action === null || this.actions.includes(action))
      .map(({ uri }) => uri);
    this.#auth = options.auth ?? new MCPAuth({ apiKey: options.settings.apiKey });
    this.#logger = guardLogger(options.logger ?? SILENT_LOGGER, secretsOf(options.settings));
    this.#observability = new Observability({
      metrics: this.metrics,
      logger: this.#logger,
      version: options.version,
    });
    this.#network = lazyNetwork(options.rotator, options.settings, this.#observability.net);
    this.metrics.setReader("proxywhirl_connections", () => [[[], this.#network.openConnections]]);
    this.#pool = options.sync ?? memoryPool(options.rotator);
    this.#supply = lazySupply({
      rotator: options.rotator,
      pool: this.#pool,
      settings: options.settings,
      notes: options.notes ?? memoryNotes(),
      logger: this.#logger,
      metrics: this.metrics,
    });
  }

  /** Whether callers must show a key. */
  get requiresKey(): boolean {
    return this.#auth.isRequired;
  }

  /** Whether this is the key that callers must show; true for everything when they need none. */
  acceptsKey(apiKey: string): boolean {
    return this.#auth.isAllowed(apiKey);
  }

  /** Checks keys in another way from now on; `undefined` is that of the settings. */
  setAuth(auth: MCPAuth | undefined): void {
    this.#auth = auth ?? new MCPAuth({ apiKey: this.#options.settings.apiKey });
  }

  /**
   * What a person should be asked before an action is done; `undefined` when it is to be done without asking, or is
   * going to fail anyway.
   *
   * @param input `{ action, … }` as on the wire.
   * @param context Where the call comes from.
   */
  async confirmation(input: unknown, context: CallContext = {}): Promise<Confirmation | undefined> {
    if (this.#options.settings.confirm === "never") return undefined;
    if (SPECS.get(actionOf(input))?.effect !== "destructive") return undefined;
    try {
      this.#checkKey(input, context);
      this.#checkOffered(input, context);
      await this.#ready();
      return redactValue(confirmationFor(this.#read(input), this.#options.rotator));
    } catch {
      return undefined; // `handle` will say what is wrong
    }
  }

  /**
   * Does one action. Checks come in this order: key, input, what the input names. Never rejects.
   *
   * @param input `{ action, … }` as on the wire.
   * @param context Where the call comes from.
   */
  async handle(input: unknown, context: CallContext = {}): Promise<ActionResult> {
    const run = () => this.#handle(input, context);
    return await this.#observability.action(showPlain(actionOf(input)), context.trace, run, endOf);
  }

  async #handle(input: unknown, context: CallContext): Promise<ActionResult> {
    try {
      this.#checkKey(input, context);
      this.#checkOffered(input, context);
      await this.#ready();
      const known = this.#read(input);
      const value = await dispatch(known, this.#handlerContext(context));
      if (known.action === "set_strategy") this.#tell("proxy://config");
      if (known.action === "fetch" || known.action === "validate") this.#tell("proxy://sources");
      return { ok: true, value: redactAnswer(known.action, value) };
    } catch (error) {
      return { ok: false, error: this.#present(error, showPlain(actionOf(input))) };
    }
  }

  /**
   * Ends care and connections that requests left open. The pool itself belongs to who made the service; it must
   * not be closed before.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#care?.catch(() => undefined))?.stop();
    await this.#network.close();
    await this.#observability.close();
  }

  /**
   * Cares for the pool from now on, if the settings say so: tries stale and dead proxies again, and refills it.
   * {@linkcode ProxyWhirlService.close} ends it.
   */
  async startCare(): Promise<void> {
    if (!this.#options.settings.care.enabled || this.#isClosed) return;
    const care = await (this.#care ??= this.supply().then((supply) => supply.makeCare()));
    if (!this.#isClosed) care.start();
  }

  /** Proxy lists, trials and care for the pool, for programs: actions check who calls, this does not. */
  async supply(): Promise<Supply> {
    await this.#ready();
    return await this.#supply();
  }

  /**
   * Content of a resource; `undefined` when there is none there.
   *
   * @param uri Its address or the template of that, as in {@linkcode ProxyWhirlService.resources}.
   * @param value What stands for the variable of a template.
   */
  async readResource(uri: string, value = ""): Promise<object | undefined> {
    if (!this.resources.includes(uri)) return undefined;
    const isPersistent = await this.#ready();
    const { rotator, settings } = this.#options;
    const read = READERS[uri as keyof typeof READERS];
    const context = { rotator, settings, isPersistent, metrics: this.metrics, supply: this.#supply };
    return redactValue(await read(context, value));
  }

  /**
   * Calls the listener with the address of every resource that may have changed: health and proxies when a proxy
   * came, went or changed its health, the configuration with the strategy, sources after a fetch. Comes in bursts.
   *
   * @returns Ends the listening.
   */
  onResourceChange(listener: (uri: string) => void): () => void {
    this.#listeners.add(listener);
    const end = observeHealth(this.#options.rotator, listener);
    return () => {
      this.#listeners.delete(listener);
      end();
    };
  }

  /** Values of a kind that begin with what has been typed; cost grows with the pool. */
  complete(kind: CompletionKind, prefix: string): readonly string[] {
    return completionsFor(this.#options.rotator, kind, prefix);
  }

  #tell(uri: string): void {
    for (const listener of this.#listeners) listener(uri);
  }

  #ready(): Promise<boolean> {
    return this.#options.ready?.() ?? Promise.resolve(false);
  }

  #checkKey(input: unknown, context: CallContext): void {
    const spec = SPECS.get(actionOf(input));
    if (context.authorized === true || spec?.requiresKey === false) return;
    if (this.#auth.isAllowed(apiKeyOf(input))) return;
    throw new ActionError(401, "Authentication failed: Invalid API key", {
      nextStep: "Pass the server's key as api_key, or over HTTP as `Authorization: Bearer`.",
    });
  }

  #checkOffered(input: unknown, context: CallContext): void {
    const spec = SPECS.get(actionOf(input));
    if (spec === undefined) return;
    if (spec.requiresKey && context.effects?.includes(spec.effect) === false) {
      throw new ActionError(403, `${spec.name} is not allowed: the token does not grant ${spec.effect}`, {
        nextStep: `Ask for a token with the scope proxywhirl:${spec.effect}.`,
      });
    }
    if (this.#isAllowed(spec)) return;
    if (this.#allowed?.has(spec.name) === false) {
      throw new ActionError(403, `${spec.name} is not allowed. Must be one of: ${this.actions.join(", ")}`, {
        nextStep: "Do without it, or ask the user to start the server with it in --allow-actions.",
      });
    }
    throw new ActionError(403, `${spec.name} is not allowed: the server is read-only`, {
      nextStep: "Ask the user to start the server without --read-only, or to do it on the command line.",
    });
  }

  #isAllowed({ effect, name }: typeof ACTIONS[number]): boolean {
    if (this.#allowed?.has(name) === false) return false;
    return !this.#options.settings.readOnly || effect === "read" || effect === "use";
  }

  #read(input: unknown): ActionInput {
    const result = parseActionInput(input, this.actions);
    if (result.ok) return result.value;
    throw new ActionError(400, result.message);
  }

  #handlerContext(call: CallContext): HandlerContext {
    const { rotator, settings } = this.#options;
    return { rotator, settings, pool: this.#pool, network: this.#network.get, supply: this.#supply, call };
  }

  #present(error: unknown, action: string): ActionErrorBody {
    if (error instanceof ActionError) return redactValue(error.toBody());
    const reason = error instanceof Error ? error.message : String(error);
    this.#logger.error("Action failed", {
      action,
      error: reason,
      stack: error instanceof Error ? error.stack : null,
    });
    return redactValue({ error: `Internal error: ${reason}`, code: 500 });
  }
}

function endOf(result: ActionResult): ActionEnd {
  return result.ok ? { code: 200 } : { code: result.error.code, error: result.error.error };
}

function secretsOf({ apiKey }: Settings): readonly string[] {
  return apiKey === null ? [] : [apiKey];
}

/** What a site sent is a document of its own, in which the handler has hidden what it knows to be secret. */
function redactAnswer(action: string, value: object): object {
  if (action !== "request" || !("body" in value)) return redactValue(value);
  return { ...redactValue({ ...value, body: "" }), body: value.body };
}

function actionOf(input: unknown): string {
  const action = isRecord(input) ? input["action"] : undefined;
  return typeof action === "string" ? action : "";
}

function apiKeyOf(input: unknown): string | undefined {
  const key = isRecord(input) ? input["api_key"] : undefined;
  return typeof key === "string" ? key : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
