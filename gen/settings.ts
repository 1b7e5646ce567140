// Generated from schema/ by `deno task gen`. Do not edit.

/**
 * Every setting: flag, environment variables, place in the config file, default.
 *
 * @module
 */
import type { SettingSpec } from "../src/contract/spec.ts";
export type * from "../src/contract/spec.ts";

/** Settings under `circuit_breaker`. */
export interface CircuitBreakerSettings {
  /** Failures in the window that open a circuit breaker. @default {5} */
  readonly failureThreshold: number;
  /** How long a circuit breaker stays open the first time, seconds. @default {60} */
  readonly timeoutDurationS: number;
  /** Time over which failures count, seconds. @default {120} */
  readonly windowDurationS: number;
}

/** Settings under `retry_policy`. */
export interface RetryPolicySettings {
  /** Attempts of a request that may meet dead proxies, and as many that may be refused. @default {3} */
  readonly maxAttempts: number;
  /** How waits between attempts grow. @default {"exponential"} */
  readonly backoffStrategy: "exponential" | "linear" | "fixed";
  /** First wait between attempts, seconds. @default {1} */
  readonly baseDelayS: number;
  /** Longest wait between attempts, seconds. @default {60} */
  readonly maxBackoffDelayS: number;
  /** Growth of the wait from one attempt to the next. @default {2} */
  readonly multiplier: number;
  /**
   * Ask a second proxy when the first has no answer after this time; only what may be sent twice, seconds.
   */
  readonly hedgeAfterS: number | null;
}

/** Settings under `sources`. */
export interface SourcesSettings {
  /** Proxy lists of your own: URLs, or in the file objects with url, name, format, protocol, headers …. */
  readonly extra: string | null;
  /** Allow proxy lists on private and loopback addresses. @default {false} */
  readonly allowPrivate: boolean;
}

/** Settings under `validation`. */
export interface ValidationSettings {
  /** Judges that validation asks, in the place of public ones; the judge command runs one. */
  readonly judges: string | null;
  /** Proxies that are tried at the same time. @default {100} */
  readonly concurrency: number;
  /** Time limit of one trial, seconds. @default {10} */
  readonly timeoutS: number;
  /**
   * Time after which fetch and validate answer with what they have; many clients wait 60 s, seconds. @default
   * {50}
   */
  readonly timeLimitS: number;
}

/** Settings under `care`. */
export interface CareSettings {
  /** Try stale and dead proxies again while the server runs, and refill the pool. @default {false} */
  readonly enabled: boolean;
  /** Time between two rounds of care, seconds. @default {60} */
  readonly intervalS: number;
  /** Care refills the pool from public lists when fewer proxies are usable. @default {0} */
  readonly minProxies: number;
}

/** Settings under `http`. */
export interface HttpSettings {
  /**
   * Where to listen; anything but this machine itself needs --api-key or --oauth-issuer. @default
   * {"127.0.0.1"}
   */
  readonly host: string;
  /** Port; 0 takes a free one. @default {8000} */
  readonly port: number;
  /** Names under which clients reach the server, besides its address and localhost. */
  readonly allowedHosts: string | null;
  /** Web sites whose pages may call the server, for example https://app.example. */
  readonly allowedOrigins: string | null;
  /** Longest body of a request. @default {4194304} */
  readonly maxBody: number;
  /**
   * Most requests from one address, for example 600/min, or off; 100/s when not set, and none on loopback.
   */
  readonly rateLimit: string | null;
  /** Most sessions of clients at a time; the one unused for longest makes room. @default {256} */
  readonly maxSessions: number;
  /** Time after which a session that nobody uses ends, seconds. @default {1800} */
  readonly sessionTimeoutS: number;
}

/** Settings under `oauth`. */
export interface OauthSettings {
  /** Authorization server whose tokens clients must show (OAuth 2.1). */
  readonly issuer: string | null;
  /** Address under which clients know the server; https://proxies.example/mcp behind a reverse proxy. */
  readonly resource: string | null;
  /** Audience that tokens must be for; the address of the server when not set. */
  readonly audience: string | null;
}

/** Settings under `logging`. */
export interface LoggingSettings {
  /** Least level that is logged. @default {"INFO"} */
  readonly level: "DEBUG" | "INFO" | "WARNING" | "ERROR";
  /** Form of a log line on stderr. @default {"json"} */
  readonly format: "json" | "text";
  /** Hide user names and passwords everywhere; cannot be switched off. @default {true} */
  readonly redactCredentials: boolean;
}

/** Settings in force. */
export interface Settings {
  /** Database file, or :memory: to keep nothing. @default {"./proxywhirl.db"} */
  readonly db: string;
  /**
   * How the next proxy is chosen: round-robin, random, weighted, least-used, performance-based,
   * session-persistence, geo-targeted, cost-aware, composite, adaptive, thompson; with options as {"name": …,
   * "options": {…}}. @default {"round-robin"}
   */
  readonly strategy: string;
  /** Key that callers must give; better set in the environment than on the command line. */
  readonly apiKey: string | null;
  /** Refuse every action that changes something. @default {false} */
  readonly readOnly: boolean;
  /**
   * How clients connect: stdio starts the program, http (the same as streamable-http) is reached at /mcp, sse
   * besides at /sse for clients of 2024. @default {"stdio"}
   */
  readonly transport: "stdio" | "http" | "streamable-http" | "sse";
  /**
   * Which tools are offered: one for everything, or one each to look, to use and to manage. @default
   * {"unified"}
   */
  readonly tools: "unified" | "split";
  /** Offer only these actions, for example list,rotate,report,health; all when not set. */
  readonly allowActions: string | null;
  /** Ask the user before a proxy is removed, where the client can ask: auto, or never. @default {"auto"} */
  readonly confirm: "auto" | "never";
  /** Allow sites and added proxies on private and loopback addresses. @default {false} */
  readonly allowPrivateTargets: boolean;
  /** Most requests per proxy and site, for example 15/min. */
  readonly pacing: string | null;
  /** JSON file with settings; flags and environment win over it. */
  readonly config: string | null;
  /** Time limit of a request, seconds. @default {30} */
  readonly timeoutS: number;
  /** Check the certificates of sites. @default {true} */
  readonly verifySsl: boolean;
  /** Follow redirects. @default {true} */
  readonly followRedirects: boolean;
  /** Connections per proxy and site. @default {10} */
  readonly poolConnections: number;
  /** Idle connections kept per proxy and site. @default {5} */
  readonly poolMaxKeepalive: number;
  /** Settings under `circuit_breaker`. */
  readonly circuitBreaker: CircuitBreakerSettings;
  /** Settings under `retry_policy`. */
  readonly retryPolicy: RetryPolicySettings;
  /**
   * JSON files with rules of your own that tell refusals from answers; the config file may hold the rules
   * too.
   */
  readonly verdictRules: string | null;
  /** Settings under `sources`. */
  readonly sources: SourcesSettings;
  /** Settings under `validation`. */
  readonly validation: ValidationSettings;
  /** MaxMind DB files (.mmdb) that tell where proxies are; the region-data command fetches one. */
  readonly regionFiles: string | null;
  /** Settings under `care`. */
  readonly care: CareSettings;
  /** Settings under `http`. */
  readonly http: HttpSettings;
  /** Settings under `oauth`. */
  readonly oauth: OauthSettings;
  /** Settings under `logging`. */
  readonly logging: LoggingSettings;
}

/** Settings where nothing is set. */
export const DEFAULT_SETTINGS: Settings = {
  db: "./proxywhirl.db",
  strategy: "round-robin",
  apiKey: null,
  readOnly: false,
  transport: "stdio",
  tools: "unified",
  allowActions: null,
  confirm: "auto",
  allowPrivateTargets: false,
  pacing: null,
  config: null,
  timeoutS: 30,
  verifySsl: true,
  followRedirects: true,
  poolConnections: 10,
  poolMaxKeepalive: 5,
  circuitBreaker: { failureThreshold: 5, timeoutDurationS: 60, windowDurationS: 120 },
  retryPolicy: {
    maxAttempts: 3,
    backoffStrategy: "exponential",
    baseDelayS: 1,
    maxBackoffDelayS: 60,
    multiplier: 2,
    hedgeAfterS: null,
  },
  verdictRules: null,
  sources: { extra: null, allowPrivate: false },
  validation: { judges: null, concurrency: 100, timeoutS: 10, timeLimitS: 50 },
  regionFiles: null,
  care: { enabled: false, intervalS: 60, minProxies: 0 },
  http: {
    host: "127.0.0.1",
    port: 8000,
    allowedHosts: null,
    allowedOrigins: null,
    maxBody: 4194304,
    rateLimit: null,
    maxSessions: 256,
    sessionTimeoutS: 1800,
  },
  oauth: { issuer: null, resource: null, audience: null },
  logging: { level: "INFO", format: "json", redactCredentials: true },
};

/** Every setting, in the order of `--help`. */
export const SETTINGS: readonly SettingSpec[] = [
  {
    key: "db",
    path: ["db"],
    flag: "db",
    env: ["PROXYWHIRL_DB", "PROXYWHIRL_MCP_DB"],
    type: "string",
    default: "./proxywhirl.db",
    help: "Database file, or :memory: to keep nothing",
    placeholder: "PATH",
    secret: false,
  },
  {
    key: "strategy",
    path: ["strategy"],
    flag: "strategy",
    env: ["PROXYWHIRL_STRATEGY"],
    type: "string",
    json: true,
    default: "round-robin",
    help: "How the next proxy is chosen: round-robin, random, weighted, least-used, performance-based, session-persistence, geo-targeted, cost-aware, composite, adaptive, thompson; with options as {\"name\": …, \"options\": {…}}",
    placeholder: "NAME",
    secret: false,
  },
  {
    key: "api_key",
    path: ["apiKey"],
    flag: "api-key",
    env: ["PROXYWHIRL_API_KEY", "PROXYWHIRL_MCP_API_KEY"],
    type: "string",
    default: null,
    help: "Key that callers must give; better set in the environment than on the command line",
    placeholder: "KEY",
    secret: true,
  },
  {
    key: "read_only",
    path: ["readOnly"],
    flag: "read-only",
    env: ["PROXYWHIRL_READ_ONLY"],
    type: "boolean",
    default: false,
    help: "Refuse every action that changes something",
    secret: false,
  },
  {
    key: "transport",
    path: ["transport"],
    flag: "transport",
    env: ["PROXYWHIRL_TRANSPORT"],
    type: "string",
    values: ["stdio", "http", "streamable-http", "sse"],
    default: "stdio",
    help: "How clients connect: stdio starts the program, http (the same as streamable-http) is reached at /mcp, sse besides at /sse for clients of 2024",
    placeholder: "NAME",
    secret: false,
  },
  {
    key: "tools",
    path: ["tools"],
    flag: "tools",
    env: ["PROXYWHIRL_TOOLS"],
    type: "string",
    values: ["unified", "split"],
    default: "unified",
    help: "Which tools are offered: one for everything, or one each to look, to use and to manage",
    placeholder: "NAME",
    secret: false,
  },
  {
    key: "allow_actions",
    path: ["allowActions"],
    flag: "allow-actions",
    env: ["PROXYWHIRL_ALLOW_ACTIONS"],
    type: "string",
    list: true,
    default: null,
    help: "Offer only these actions, for example list,rotate,report,health; all when not set",
    placeholder: "NAMES",
    secret: false,
  },
  {
    key: "confirm",
    path: ["confirm"],
    flag: "confirm",
    env: ["PROXYWHIRL_CONFIRM"],
    type: "string",
    values: ["auto", "never"],
    default: "auto",
    help: "Ask the user before a proxy is removed, where the client can ask: auto, or never",
    placeholder: "WHEN",
    secret: false,
  },
  {
    key: "allow_private_targets",
    path: ["allowPrivateTargets"],
    flag: "allow-private-targets",
    env: ["PROXYWHIRL_ALLOW_PRIVATE_TARGETS"],
    type: "boolean",
    default: false,
    help: "Allow sites and added proxies on private and loopback addresses",
    secret: false,
  },
  {
    key: "pacing",
    path: ["pacing"],
    flag: "pacing",
    env: ["PROXYWHIRL_PACING"],
    type: "string",
    default: null,
    help: "Most requests per proxy and site, for example 15/min",
    placeholder: "RATE",
    secret: false,
  },
  {
    key: "config",
    path: ["config"],
    flag: "config",
    env: ["PROXYWHIRL_CONFIG"],
    type: "string",
    default: null,
    help: "JSON file with settings; flags and environment win over it",
    placeholder: "FILE",
    secret: false,
  },
  {
    key: "timeout",
    path: ["timeoutS"],
    flag: "timeout",
    env: ["PROXYWHIRL_TIMEOUT"],
    type: "number",
    minimum: 0.1,
    maximum: 600,
    default: 30,
    unit: "s",
    help: "Time limit of a request",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "verify_ssl",
    path: ["verifySsl"],
    flag: "verify-ssl",
    env: ["PROXYWHIRL_VERIFY_SSL"],
    type: "boolean",
    default: true,
    help: "Check the certificates of sites",
    secret: false,
  },
  {
    key: "follow_redirects",
    path: ["followRedirects"],
    flag: "follow-redirects",
    env: ["PROXYWHIRL_FOLLOW_REDIRECTS"],
    type: "boolean",
    default: true,
    help: "Follow redirects",
    secret: false,
  },
  {
    key: "pool_connections",
    path: ["poolConnections"],
    flag: "pool-connections",
    env: ["PROXYWHIRL_POOL_CONNECTIONS"],
    type: "integer",
    minimum: 1,
    maximum: 10000,
    default: 10,
    help: "Connections per proxy and site",
    placeholder: "N",
    secret: false,
  },
  {
    key: "pool_max_keepalive",
    path: ["poolMaxKeepalive"],
    flag: "pool-max-keepalive",
    env: ["PROXYWHIRL_POOL_MAX_KEEPALIVE"],
    type: "integer",
    minimum: 0,
    maximum: 10000,
    default: 5,
    help: "Idle connections kept per proxy and site",
    placeholder: "N",
    secret: false,
  },
  {
    key: "circuit_breaker.failure_threshold",
    path: ["circuitBreaker", "failureThreshold"],
    flag: "cb-failure-threshold",
    env: ["PROXYWHIRL_CIRCUIT_BREAKER_FAILURE_THRESHOLD"],
    type: "integer",
    minimum: 1,
    maximum: 1000,
    default: 5,
    help: "Failures in the window that open a circuit breaker",
    placeholder: "N",
    secret: false,
  },
  {
    key: "circuit_breaker.timeout_duration",
    path: ["circuitBreaker", "timeoutDurationS"],
    flag: "cb-timeout-duration",
    env: ["PROXYWHIRL_CIRCUIT_BREAKER_TIMEOUT_DURATION"],
    type: "number",
    minimum: 0.1,
    maximum: 86400,
    default: 60,
    unit: "s",
    help: "How long a circuit breaker stays open the first time",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "circuit_breaker.window_duration",
    path: ["circuitBreaker", "windowDurationS"],
    flag: "cb-window-duration",
    env: ["PROXYWHIRL_CIRCUIT_BREAKER_WINDOW_DURATION"],
    type: "number",
    minimum: 0.1,
    maximum: 86400,
    default: 120,
    unit: "s",
    help: "Time over which failures count",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "retry_policy.max_attempts",
    path: ["retryPolicy", "maxAttempts"],
    flag: "retry-max-attempts",
    env: ["PROXYWHIRL_RETRY_POLICY_MAX_ATTEMPTS"],
    type: "integer",
    minimum: 1,
    maximum: 20,
    default: 3,
    help: "Attempts of a request that may meet dead proxies, and as many that may be refused",
    placeholder: "N",
    secret: false,
  },
  {
    key: "retry_policy.backoff_strategy",
    path: ["retryPolicy", "backoffStrategy"],
    flag: "retry-backoff-strategy",
    env: ["PROXYWHIRL_RETRY_POLICY_BACKOFF_STRATEGY"],
    type: "string",
    values: ["exponential", "linear", "fixed"],
    default: "exponential",
    help: "How waits between attempts grow",
    placeholder: "NAME",
    secret: false,
  },
  {
    key: "retry_policy.base_delay",
    path: ["retryPolicy", "baseDelayS"],
    flag: "retry-base-delay",
    env: ["PROXYWHIRL_RETRY_POLICY_BASE_DELAY"],
    type: "number",
    minimum: 0,
    maximum: 600,
    default: 1,
    unit: "s",
    help: "First wait between attempts",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "retry_policy.max_backoff_delay",
    path: ["retryPolicy", "maxBackoffDelayS"],
    flag: "retry-max-backoff-delay",
    env: ["PROXYWHIRL_RETRY_POLICY_MAX_BACKOFF_DELAY"],
    type: "number",
    minimum: 0,
    maximum: 3600,
    default: 60,
    unit: "s",
    help: "Longest wait between attempts",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "retry_policy.multiplier",
    path: ["retryPolicy", "multiplier"],
    flag: "retry-multiplier",
    env: ["PROXYWHIRL_RETRY_POLICY_MULTIPLIER"],
    type: "number",
    minimum: 1,
    maximum: 10,
    default: 2,
    help: "Growth of the wait from one attempt to the next",
    placeholder: "X",
    secret: false,
  },
  {
    key: "retry_policy.hedge_after",
    path: ["retryPolicy", "hedgeAfterS"],
    flag: "retry-hedge-after",
    env: ["PROXYWHIRL_RETRY_POLICY_HEDGE_AFTER"],
    type: "number",
    minimum: 0.01,
    maximum: 600,
    default: null,
    unit: "s",
    help: "Ask a second proxy when the first has no answer after this time; only what may be sent twice",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "verdict_rules",
    path: ["verdictRules"],
    flag: "verdict-rules",
    env: ["PROXYWHIRL_VERDICT_RULES"],
    type: "string",
    list: true,
    default: null,
    help: "JSON files with rules of your own that tell refusals from answers; the config file may hold the rules too",
    placeholder: "FILES",
    secret: false,
  },
  {
    key: "sources.extra",
    path: ["sources", "extra"],
    flag: "extra-sources",
    env: ["PROXYWHIRL_SOURCES_EXTRA"],
    type: "string",
    list: true,
    default: null,
    help: "Proxy lists of your own: URLs, or in the file objects with url, name, format, protocol, headers …",
    placeholder: "URLS",
    secret: true,
  },
  {
    key: "sources.allow_private",
    path: ["sources", "allowPrivate"],
    flag: "allow-private-sources",
    env: ["PROXYWHIRL_SOURCES_ALLOW_PRIVATE"],
    type: "boolean",
    default: false,
    help: "Allow proxy lists on private and loopback addresses",
    secret: false,
  },
  {
    key: "validation.judges",
    path: ["validation", "judges"],
    flag: "judges",
    env: ["PROXYWHIRL_VALIDATION_JUDGES"],
    type: "string",
    list: true,
    default: null,
    help: "Judges that validation asks, in the place of public ones; the judge command runs one",
    placeholder: "URLS",
    secret: false,
  },
  {
    key: "validation.concurrency",
    path: ["validation", "concurrency"],
    flag: "validation-concurrency",
    env: ["PROXYWHIRL_VALIDATION_CONCURRENCY"],
    type: "integer",
    minimum: 1,
    maximum: 5000,
    default: 100,
    help: "Proxies that are tried at the same time",
    placeholder: "N",
    secret: false,
  },
  {
    key: "validation.timeout",
    path: ["validation", "timeoutS"],
    flag: "validation-timeout",
    env: ["PROXYWHIRL_VALIDATION_TIMEOUT"],
    type: "number",
    minimum: 0.1,
    maximum: 300,
    default: 10,
    unit: "s",
    help: "Time limit of one trial",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "validation.time_limit",
    path: ["validation", "timeLimitS"],
    flag: "validation-time-limit",
    env: ["PROXYWHIRL_VALIDATION_TIME_LIMIT"],
    type: "number",
    minimum: 1,
    maximum: 86400,
    default: 50,
    unit: "s",
    help: "Time after which fetch and validate answer with what they have; many clients wait 60 s",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "region_files",
    path: ["regionFiles"],
    flag: "region-files",
    env: ["PROXYWHIRL_REGION_FILES"],
    type: "string",
    list: true,
    default: null,
    help: "MaxMind DB files (.mmdb) that tell where proxies are; the region-data command fetches one",
    placeholder: "FILES",
    secret: false,
  },
  {
    key: "care.enabled",
    path: ["care", "enabled"],
    flag: "care",
    env: ["PROXYWHIRL_CARE_ENABLED"],
    type: "boolean",
    default: false,
    help: "Try stale and dead proxies again while the server runs, and refill the pool",
    secret: false,
  },
  {
    key: "care.interval",
    path: ["care", "intervalS"],
    flag: "care-interval",
    env: ["PROXYWHIRL_CARE_INTERVAL"],
    type: "number",
    minimum: 1,
    maximum: 86400,
    default: 60,
    unit: "s",
    help: "Time between two rounds of care",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "care.min_proxies",
    path: ["care", "minProxies"],
    flag: "care-min-proxies",
    env: ["PROXYWHIRL_CARE_MIN_PROXIES"],
    type: "integer",
    minimum: 0,
    maximum: 100000,
    default: 0,
    help: "Care refills the pool from public lists when fewer proxies are usable",
    placeholder: "N",
    secret: false,
  },
  {
    key: "http.host",
    path: ["http", "host"],
    flag: "host",
    env: ["PROXYWHIRL_HTTP_HOST"],
    type: "string",
    default: "127.0.0.1",
    help: "Where to listen; anything but this machine itself needs --api-key or --oauth-issuer",
    placeholder: "ADDRESS",
    secret: false,
  },
  {
    key: "http.port",
    path: ["http", "port"],
    flag: "port",
    env: ["PROXYWHIRL_HTTP_PORT"],
    type: "integer",
    minimum: 0,
    maximum: 65535,
    default: 8000,
    help: "Port; 0 takes a free one",
    placeholder: "N",
    secret: false,
  },
  {
    key: "http.allowed_hosts",
    path: ["http", "allowedHosts"],
    flag: "allowed-hosts",
    env: ["PROXYWHIRL_HTTP_ALLOWED_HOSTS"],
    type: "string",
    list: true,
    default: null,
    help: "Names under which clients reach the server, besides its address and localhost",
    placeholder: "NAMES",
    secret: false,
  },
  {
    key: "http.allowed_origins",
    path: ["http", "allowedOrigins"],
    flag: "allowed-origins",
    env: ["PROXYWHIRL_HTTP_ALLOWED_ORIGINS"],
    type: "string",
    list: true,
    default: null,
    help: "Web sites whose pages may call the server, for example https://app.example",
    placeholder: "URLS",
    secret: false,
  },
  {
    key: "http.max_body",
    path: ["http", "maxBody"],
    flag: "max-body",
    env: ["PROXYWHIRL_HTTP_MAX_BODY"],
    type: "integer",
    minimum: 1024,
    maximum: 104857600,
    default: 4194304,
    help: "Longest body of a request",
    placeholder: "BYTES",
    secret: false,
  },
  {
    key: "http.rate_limit",
    path: ["http", "rateLimit"],
    flag: "rate-limit",
    env: ["PROXYWHIRL_HTTP_RATE_LIMIT"],
    type: "string",
    default: null,
    help: "Most requests from one address, for example 600/min, or off; 100/s when not set, and none on loopback",
    placeholder: "RATE",
    secret: false,
  },
  {
    key: "http.max_sessions",
    path: ["http", "maxSessions"],
    flag: "max-sessions",
    env: ["PROXYWHIRL_HTTP_MAX_SESSIONS"],
    type: "integer",
    minimum: 1,
    maximum: 100000,
    default: 256,
    help: "Most sessions of clients at a time; the one unused for longest makes room",
    placeholder: "N",
    secret: false,
  },
  {
    key: "http.session_timeout",
    path: ["http", "sessionTimeoutS"],
    flag: "session-timeout",
    env: ["PROXYWHIRL_HTTP_SESSION_TIMEOUT"],
    type: "number",
    minimum: 1,
    maximum: 86400,
    default: 1800,
    unit: "s",
    help: "Time after which a session that nobody uses ends",
    placeholder: "SECONDS",
    secret: false,
  },
  {
    key: "oauth.issuer",
    path: ["oauth", "issuer"],
    flag: "oauth-issuer",
    env: ["PROXYWHIRL_OAUTH_ISSUER"],
    type: "string",
    default: null,
    help: "Authorization server whose tokens clients must show (OAuth 2.1)",
    placeholder: "URL",
    secret: false,
  },
  {
    key: "oauth.resource",
    path: ["oauth", "resource"],
    flag: "oauth-resource",
    env: ["PROXYWHIRL_OAUTH_RESOURCE"],
    type: "string",
    default: null,
    help: "Address under which clients know the server; https://proxies.example/mcp behind a reverse proxy",
    placeholder: "URL",
    secret: false,
  },
  {
    key: "oauth.audience",
    path: ["oauth", "audience"],
    flag: "oauth-audience",
    env: ["PROXYWHIRL_OAUTH_AUDIENCE"],
    type: "string",
    default: null,
    help: "Audience that tokens must be for; the address of the server when not set",
    placeholder: "TEXT",
    secret: false,
  },
  {
    key: "logging.level",
    path: ["logging", "level"],
    flag: "log-level",
    env: ["PROXYWHIRL_LOGGING_LEVEL", "PROXYWHIRL_LOG_LEVEL", "PROXYWHIRL_MCP_LOG_LEVEL"],
    type: "string",
    values: ["DEBUG", "INFO", "WARNING", "ERROR"],
    default: "INFO",
    help: "Least level that is logged",
    placeholder: "LEVEL",
    secret: false,
  },
  {
    key: "logging.format",
    path: ["logging", "format"],
    flag: "log-format",
    env: ["PROXYWHIRL_LOGGING_FORMAT"],
    type: "string",
    values: ["json", "text"],
    default: "json",
    help: "Form of a log line on stderr",
    placeholder: "NAME",
    secret: false,
  },
  {
    key: "logging.redact_credentials",
    path: ["logging", "redactCredentials"],
    flag: "redact-credentials",
    env: ["PROXYWHIRL_LOGGING_REDACT_CREDENTIALS"],
    type: "boolean",
    values: [true],
    default: true,
    help: "Hide user names and passwords everywhere; cannot be switched off",
    secret: false,
  },
];
