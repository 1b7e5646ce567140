/** Checks options of strategies, which may come from a configuration file. */

/** Options as they come in. */
export type StrategyOptions = Readonly<Record<string, unknown>>;

/**
 * Refuses options that a strategy does not know.
 *
 * @throws {RangeError} naming the option and those that are known
 */
export function checkOptionNames(strategy: string, options: StrategyOptions, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const allowed = known.length === 0 ? "it takes none" : `use ${known.join(", ")}`;
    throw new RangeError(`Unknown option "${name}" of strategy ${strategy}: ${allowed}`);
  }
}

/**
 * A number between two limits.
 *
 * @throws {RangeError} naming the option, the value and what is allowed
 */
export function numberOption(options: StrategyOptions, name: string, limits: NumberLimits): number {
  const value = options[name] ?? limits.default;
  const isInside = typeof value === "number" && value >= limits.minimum && value <= limits.maximum;
  if (isInside) return value;
  throw new RangeError(
    `Cannot use option ${name} ${
      JSON.stringify(value)
    }: it must be a number from ${limits.minimum} to ${limits.maximum}`,
  );
}

/** What a number may be. */
export interface NumberLimits {
  /** Used when the option is not given. */
  readonly default: number;
  /** Smallest value. */
  readonly minimum: number;
  /** Largest value. */
  readonly maximum: number;
}

/**
 * True or false.
 *
 * @throws {RangeError} naming the option and the value
 */
export function booleanOption(options: StrategyOptions, name: string, byDefault: boolean): boolean {
  const value = options[name] ?? byDefault;
  if (typeof value === "boolean") return value;
  throw new RangeError(`Cannot use option ${name} ${JSON.stringify(value)}: it must be true or false`);
}

/**
 * A list of countries, in upper case.
 *
 * @throws {RangeError} naming the option, the value and what is allowed
 */
export function regionsOption(options: StrategyOptions, name: string): readonly string[] {
  const value = options[name] ?? [];
  const isList = Array.isArray(value) &&
    value.every((item) => typeof item === "string" && /^[a-z]{2}$/i.test(item));
  if (isList) return value.map((region: string) => region.toUpperCase());
  throw new RangeError(
    `Cannot use option ${name} ${JSON.stringify(value)}: it must be a list such as ["DE", "AT"]`,
  );
}
