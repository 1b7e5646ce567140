/** Lists and checks. */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseSource, validateProxies } from "../../src/sources/mod.ts";
import { sharedData } from "../support/shared_data.ts";
import { currentRuntime } from "../support/runtimes.ts";
import type { BenchRow } from "./bench_row.ts";
import { medianMs } from "./measure.ts";
import { grouped } from "./proxies.ts";

const COUNT = 10_000;

/** Trials of proxies that answer at once, in a process of their own. */
export async function validation(): Promise<readonly BenchRow[]> {
  const script = fileURLToPath(new URL("./instant_proxy.ts", import.meta.url));
  const args = currentRuntime() === "deno" ? ["run", "-A", script] : [script];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const port = await firstLine(child.stdout);
    const rows: BenchRow[] = [];
    for (const checkHttps of [false, true]) {
      const rates: number[] = [];
      for (let round = 0; round < 3; round++) rates.push(await rate(port, checkHttps));
      const name = `validate ${grouped(COUNT)} proxies, 100 at a time${
        checkHttps ? ", and their tunnels" : ""
      }`;
      const value = rates.sort((a, b) => b - a)[1] ?? NaN;
      rows.push({
        name,
        value,
        unit: "/s",
        ...(checkHttps ? { note: "two requests each" } : { budget: 1500 }),
      });
    }
    return rows;
  } finally {
    child.kill();
  }
}

async function rate(port: string, checkHttps: boolean): Promise<number> {
  const judges = [`http://127.0.0.1:${port}/`];
  const candidates = Array.from(
    { length: COUNT },
    (_, i) => ({ url: `http://127.1.${i >> 8}.${i & 255}:${port}` }),
  );
  const start = performance.now();
  let valid = 0;
  for await (const { isValid } of validateProxies(candidates, { judges, checkHttps, allowPrivate: true })) {
    if (isValid) valid++;
  }
  if (valid !== COUNT) throw new Error(`${COUNT - valid} of ${COUNT} proxies were called dead`);
  return COUNT / (performance.now() - start) * 1000;
}

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stream });
    lines.once("line", resolve);
    lines.once("close", () => reject(new Error("The instant proxy did not start")));
  });
}

/** The same proxies in each format. */
export async function parsing(): Promise<readonly BenchRow[]> {
  const entries = Array.from({ length: 100_000 }, (_, i) => ({
    ip: `203.${i >> 16}.${i >> 8 & 255}.${i & 255}`,
    port: 1024 + i % 60_000,
    protocol: i % 3 === 0 ? "socks5" : "http",
    country: "DE",
  }));
  const rows = entries.map(({ country, ip, port, protocol }) => [ip, port, protocol, country]);
  const texts = {
    text: entries.map(({ ip, port }) => `${ip}:${port}`).join("\n"),
    urls: entries.map(({ ip, port, protocol }) => `${protocol}://${ip}:${port}`).join("\n"),
    csv: ["ip,port,protocol,country", ...rows.map((row) => row.join(","))].join("\n"),
    json: JSON.stringify({ data: entries }),
    html: `<table><tr><th>IP<th>Port<th>Protocol<th>Country${
      rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n")
    }</table>`,
  } as const;
  const results: BenchRow[] = [];
  for (const format of Object.keys(texts) as (keyof typeof texts)[]) {
    const value = await medianMs(() => parseSource(texts[format], { format }));
    results.push({
      name: `parse 100 000 proxies, ${format}`,
      value,
      unit: "ms",
      ...(format === "text" ? { budget: 150 } : {}),
    });
  }
  const rich = sharedData("proxies-rich.json");
  if (rich !== undefined) {
    const text = readFileSync(rich, "utf8");
    results.push({
      name: "parse proxies-rich.json",
      value: await medianMs(() => parseSource(text)),
      unit: "ms",
    });
  }
  return results;
}
