/** What a server with everything on offer answers to `tools/list`, as it goes over the wire. */
import { PassThrough } from "node:stream";
import { DEFAULT_SETTINGS } from "../../gen/settings.ts";
import { ProxyRotator } from "../../src/core/mod.ts";
import { serveMcpStdio, type ToolLayout } from "../../src/mcp/mod.ts";
import { ProxyWhirlService } from "../../src/service/mod.ts";

const MODERN_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "golden", version: "1" },
};

/** The result as JSON text, without the version of the program. */
export async function toolsList(era: "legacy" | "modern", tools: ToolLayout): Promise<string> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const service = new ProxyWhirlService({
    rotator: new ProxyRotator(),
    settings: DEFAULT_SETTINGS,
    version: "0.0.0",
  });
  let text = "";
  output.setEncoding("utf8").on("data", (chunk: string) => text += chunk);
  const server = serveMcpStdio(service, { input, output, tools });
  const lines = era === "modern" ? [request(1, "tools/list", { _meta: MODERN_META })] : [
    request(0, "initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "golden", version: "1" },
    }),
    { jsonrpc: "2.0", method: "notifications/initialized" },
    request(1, "tools/list", {}),
  ];
  input.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await server.closed;
  const answers = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  const { _meta, ...result } = answers.find(({ id }) => id === 1).result;
  return `${JSON.stringify(result, null, 2)}\n`;
}

function request(id: number, method: string, params: object): object {
  return { jsonrpc: "2.0", id, method, params };
}
