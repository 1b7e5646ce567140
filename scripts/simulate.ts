/**
 * Tries every strategy in simulated worlds and prints what came of it.
 *
 *   deno task simulate                          all worlds, all strategies
 *   deno task simulate burn --strategy adaptive --pacing 15/min --seed 3 --json
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { STRATEGY_NAMES } from "../src/core/mod.ts";
import { simulate, type SimulationResult, worldNamed, WORLDS } from "../src/simulation/mod.ts";

const HELP = `Usage: deno task simulate [WORLD…] [options]

Worlds:
${WORLDS.map(({ name, purpose }) => `  ${name.padEnd(12)} ${purpose}`).join("\n")}

Options:
  --strategy NAME     only this one (repeatable); "plain" is round-robin that learns nothing
  --pacing RATE       for example 15/min; default: none, and the rate of the world where it has one
  --seed N            (1)
  --requests N        (20000)
  --proxies N         (that of the world)
  --attempts N        (3)
  --concurrency N     (32)
  --json
`;

interface Row extends SimulationResult {
  readonly world: string;
  readonly pacing: string;
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      strategy: { type: "string", multiple: true },
      pacing: { type: "string" },
      seed: { type: "string" },
      requests: { type: "string" },
      proxies: { type: "string" },
      attempts: { type: "string" },
      concurrency: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return print(HELP);
  const worlds = positionals.length === 0 ? WORLDS : positionals.map(findWorld);
  const strategies = values.strategy ?? ["plain", ...STRATEGY_NAMES];
  const numbers = wholeNumbers(values);
  const rows: Row[] = [];
  for (const { name, world, pacing } of worlds) {
    const paces = values.pacing === undefined
      ? [undefined, ...(pacing === undefined ? [] : [pacing])]
      : [values.pacing];
    for (const pace of paces) {
      for (const strategy of strategies) {
        if (strategy === "plain" && pace !== undefined) continue;
        const result = simulate({
          ...world,
          ...numbers,
          strategy,
          ...(pace !== undefined && { pacing: pace }),
        });
        rows.push({ world: name, pacing: pace ?? "-", ...result });
      }
    }
  }
  print(values.json ? JSON.stringify(rows, null, 2) + "\n" : tableOf(rows));
}

function findWorld(name: string): (typeof WORLDS)[number] {
  const world = worldNamed(name);
  if (world !== undefined) return world;
  throw new RangeError(`Unknown world "${name}": use ${WORLDS.map((known) => known.name).join(", ")}`);
}

function wholeNumbers(values: Readonly<Record<string, unknown>>): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const name of ["seed", "requests", "proxies", "attempts", "concurrency"]) {
    const text = values[name];
    if (typeof text !== "string") continue;
    if (!/^\d{1,9}$/.test(text) || Number(text) < 1) {
      throw new RangeError(`Cannot use --${name} ${text}: give a whole number, 1 or more`);
    }
    numbers[name] = Number(text);
  }
  return numbers;
}

const COLUMNS: readonly (readonly [string, (row: Row) => string])[] = [
  ["world", (row) => row.world],
  ["pacing", (row) => row.pacing],
  ["strategy", (row) => row.strategy],
  ["success %", (row) => row.successPercent.toFixed(2)],
  ["attempts", (row) => row.attempts.toFixed(2)],
  ["p50 ms", (row) => row.p50Ms.toFixed(0)],
  ["p95 ms", (row) => row.p95Ms.toFixed(0)],
  ["refusals", (row) => String(row.refusals)],
  ["bans", (row) => String(row.bans)],
  ["ok/s", (row) => row.perSecond.toFixed(1)],
  ["busiest tenth %", (row) => row.busiestTenthPercent.toFixed(0)],
];

function tableOf(rows: readonly Row[]): string {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line.map((cell, column) =>
      column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
    )
      .join("  ").trimEnd()
  );
  return lines.join("\n") + "\n";
}

function print(text: string): void {
  process.stdout.write(text);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
