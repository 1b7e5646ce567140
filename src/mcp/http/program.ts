/**
 * The HTTP server as the program runs it.
 *
 * @module
 */
import type { Settings } from "../../../gen/settings.ts";
import type { McpService } from "../mcp_service.ts";
import { httpOptions } from "./http_settings.ts";
import { type HttpProgramOptions, runMcpHttp } from "./run.ts";

/** Serves as the settings say; see {@linkcode runMcpHttp}. */
export async function serveProgram(
  service: McpService,
  options: HttpProgramOptions & { readonly settings: Settings },
): Promise<void> {
  await runMcpHttp(service, { ...httpOptions(options.settings), ...options });
}
