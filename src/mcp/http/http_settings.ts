/**
 * The options of the HTTP server as the settings of the program say.
 *
 * @module
 */
import type { Settings } from "../../../gen/settings.ts";
import { textsSetting } from "../../service/list_setting.ts";
import type { HttpServeOptions } from "./run.ts";

/**
 * Options for {@linkcode serveMcpHttp}.
 *
 * @throws {SettingsError} A list cannot be read.
 */
export function httpOptions({ http, oauth, transport }: Settings): HttpServeOptions {
  const { issuer, resource, audience } = oauth;
  return {
    sse: transport === "sse",
    ...(http.rateLimit === null ? {} : { rateLimit: http.rateLimit }),
    hostname: http.host,
    port: http.port,
    allowedHosts: textsSetting(http.allowedHosts, "http.allowed_hosts"),
    allowedOrigins: textsSetting(http.allowedOrigins, "http.allowed_origins"),
    maxBodyBytes: http.maxBody,
    maxSessions: http.maxSessions,
    sessionIdleMs: http.sessionTimeoutS * 1000,
    ...(issuer === null ? {} : {
      oauth: {
        issuer,
        ...(resource === null ? {} : { resource }),
        ...(audience === null ? {} : { audience }),
      },
    }),
  };
}
