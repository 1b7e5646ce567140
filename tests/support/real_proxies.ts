/**
 * Starts proxies that others have written, on loopback: `proxy-chain` from npm, and from Debian `tinyproxy`, `squid`,
 * `dante-server` and `microsocks` (`scripts/ci_debian.sh` installs them).
 */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { findRuntime } from "./runtimes.ts";
import { siteCertificate } from "./site_certificate.ts";
import { TempDir } from "./temp_dir.ts";

/** User name that the proxies are given. */
export const USER = "alice";
/** Password that goes with it. */
export const PASSWORD = "s3cret-pw";
/** The password as Apache's `htpasswd` writes it, for squid. */
const PASSWORD_HASH = "$apr1$abcdefgh$DSvx5CoNTTOuA/4ZnstSd0";

/** A program that can be started as a proxy. */
export interface ProxyProgram {
  /** Name, as in the table. */
  readonly name: string;
  /** Command that must be installed; absent for packages of npm. */
  readonly command?: string;
  /** What it speaks. */
  readonly protocols: readonly string[];
  /** Ways in which it can be started. */
  readonly modes: readonly ("open" | "credentials")[];
  /** Starts it on a port; answers command, arguments and files. */
  readonly start: (setup: ProxySetup) => Promise<Started> | Started;
}

interface ProxySetup {
  readonly port: number;
  readonly hasCredentials: boolean;
  readonly isTls: boolean;
  readonly dir: TempDir;
}

interface Started {
  readonly command: string;
  readonly args: readonly string[];
}

/** A proxy that runs. */
export interface RealProxy {
  /** Program. */
  readonly name: string;
  /** Port. */
  readonly port: number;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Every program. */
export const PROXY_PROGRAMS: readonly ProxyProgram[] = [
  {
    name: "proxy-chain",
    protocols: ["http", "https"],
    modes: ["open", "credentials"],
    start: async ({ dir, hasCredentials, isTls, port }) => {
      const runtime = findRuntime("node") ?? findRuntime("deno");
      if (runtime === undefined) throw new Error("No runtime was found for proxy-chain");
      const program = fileURLToPath(new URL("real_proxies_chain.ts", import.meta.url));
      const { cert, key } = await siteCertificate();
      const options = {
        port,
        ...(hasCredentials ? { user: USER, password: PASSWORD } : {}),
        ...(isTls ? { cert, key } : {}),
      };
      return {
        command: runtime.command,
        args: runtime.args(program, dir.write("options.json", JSON.stringify(options))),
      };
    },
  },
  {
    name: "tinyproxy",
    command: "tinyproxy",
    protocols: ["http"],
    modes: ["open", "credentials"],
    start: ({ dir, hasCredentials, port }) => {
      const lines = [`Port ${port}`, "Listen 127.0.0.1", "Allow 127.0.0.1", "Timeout 30", "MaxClients 50"];
      if (hasCredentials) lines.push(`BasicAuth ${USER} ${PASSWORD}`);
      return {
        command: "tinyproxy",
        args: ["-d", "-c", dir.write("tinyproxy.conf", lines.join("\n") + "\n")],
      };
    },
  },
  {
    name: "squid",
    command: "squid",
    protocols: ["http", "https"],
    modes: ["open", "credentials"],
    start: async ({ dir, hasCredentials, isTls, port }) => {
      const { cert, key } = await siteCertificate();
      const users = dir.write("users", `${USER}:${PASSWORD_HASH}\n`);
      const certificate = dir.write("proxy.pem", cert + key);
      const config = [
        isTls ? `https_port 127.0.0.1:${port} tls-cert=${certificate}` : `http_port 127.0.0.1:${port}`,
        "cache deny all",
        "pid_filename none",
        "access_log none",
        "cache_log /dev/null",
        "cache_store_log none",
        "netdb_filename none",
        "pinger_enable off",
        "shutdown_lifetime 0 seconds",
        `coredump_dir ${dir.path}`,
        ...(hasCredentials
          ? [
            `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${users}`,
            "acl known proxy_auth REQUIRED",
            "http_access allow known",
            "http_access deny all",
          ]
          : ["http_access allow all"]),
      ];
      return { command: "squid", args: ["-N", "-f", dir.write("squid.conf", config.join("\n") + "\n")] };
    },
  },
  {
    name: "dante",
    command: "danted",
    protocols: ["socks4", "socks5", "socks5h"], // of 4a it takes the address for a real one
    modes: ["open"], // its users are those of the system
    start: ({ dir, port }) => {
      const config = [
        "logoutput: /dev/null",
        `internal: 127.0.0.1 port = ${port}`,
        "external: 127.0.0.1",
        "clientmethod: none",
        "socksmethod: none",
        "user.privileged: root",
        "user.unprivileged: nobody",
        "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
        "socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
      ];
      return { command: "danted", args: ["-f", dir.write("danted.conf", config.join("\n") + "\n")] };
    },
  },
  {
    name: "microsocks",
    command: "microsocks",
    protocols: ["socks5", "socks5h"],
    modes: ["open", "credentials"],
    start: ({ hasCredentials, port }) => ({
      command: "microsocks",
      args: [
        "-i",
        "127.0.0.1",
        "-p",
        String(port),
        ...(hasCredentials ? ["-u", USER, "-P", PASSWORD] : []),
      ],
    }),
  },
];

/** Why tests with these programs are skipped, or undefined when all are installed. */
export function proxiesMissing(): string | undefined {
  const missing = PROXY_PROGRAMS.flatMap(({ command }) =>
    command !== undefined && pathOf(command) === undefined ? [command] : []
  );
  if (missing.length === 0) return undefined;
  const reason = `needs ${missing.join(", ")}; scripts/ci_debian.sh installs them`;
  if (process.env["CI"] === "true") throw new Error(`${reason}; CI must do so`);
  return reason;
}

/** Starts a program and resolves when it answers. */
export async function startRealProxy(
  program: ProxyProgram,
  mode: { readonly hasCredentials: boolean; readonly isTls: boolean },
): Promise<RealProxy> {
  const dir = new TempDir();
  chmodSync(dir.path, 0o755); // squid and dante give up root before they read everything
  const port = await freePort();
  const { args, command } = await program.start({ ...mode, port, dir });
  const child = spawn(pathOf(command) ?? command, args, {
    stdio: ["pipe", "ignore", "pipe"],
    detached: false,
  });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => errors += text);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const proxy: RealProxy = {
    name: program.name,
    port,
    stop: async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(timer);
      dir[Symbol.dispose]();
    },
  };
  try {
    await answering(port, child);
  } catch (error) {
    await proxy.stop();
    throw new Error(`${program.name} did not start: ${errors.slice(-500)}`, { cause: error });
  }
  return proxy;
}

function pathOf(command: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Resolves when something listens on the port. */
async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`It ended with code ${child.exitCode}`);
    if (await isListening(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Nothing listens on its port");
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const finish = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}
