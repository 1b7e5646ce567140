/** Is the runtime new enough, and does it let the program do its work? */
import process from "node:process";
import { dirname, resolve } from "node:path";
import type { Settings } from "../../../gen/settings.ts";
import { isAllowed, mainProgram, type RuntimeInfo, runtimeInfo } from "../../runtime/mod.ts";
import { type Checked, fail, ok, warn } from "./check.ts";

const MINIMUM: Readonly<Record<RuntimeInfo["name"], readonly [major: number, minor: number]>> = {
  Deno: [2, 9],
  Node: [22, 13],
  Bun: [1, 4],
};

/** The version, and the permissions that matter. */
export function checkRuntime(
  { db }: Pick<Settings, "db">,
  runtime: RuntimeInfo = runtimeInfo(),
): readonly Checked[] {
  return [checkVersion(runtime), ...checkPermissions(db, runtime)];
}

function checkVersion({ name, version }: RuntimeInfo): Checked {
  const [major, minor] = MINIMUM[name];
  const [isMajor = 0, isMinor = 0] = version.split(".").map(Number);
  const said = `${name} ${version} on ${process.platform} ${process.arch}`;
  // Nobody chose what is inside an executable, and nobody can change it.
  if (mainProgram().script === undefined) return ok(`${said}, in one executable`);
  if (isMajor > major || (isMajor === major && isMinor >= minor)) return ok(said);
  return fail(said, `Use ${name} ${major}.${minor} or later.`);
}

function checkPermissions(db: string, { name }: RuntimeInfo): readonly Checked[] {
  const flag = name === "Node" ? "--allow-fs-" : "--allow-";
  const checks: Checked[] = [];
  const folder = dirname(resolve(db));
  for (const kind of db === ":memory:" ? [] : ["read", "write"] as const) {
    if (isAllowed({ kind, path: folder })) continue;
    const cost = kind === "read" ? "the pool cannot be loaded" : "the pool is kept in memory only";
    checks.push(
      fail(`May not ${kind} the folder of the database: ${cost}`, `Start it with ${flag}${kind}=${folder}.`),
    );
  }
  if (!isAllowed({ kind: "net" })) {
    checks.push(
      warn(
        "May not use the network: request, check-target, fetch and validate do not work",
        "Start it with --allow-net.",
      ),
    );
  }
  if (!isAllowed({ kind: "env", name: "PROXYWHIRL_DB" })) {
    checks.push(ok("May not read the environment: settings come from options and the file of --config"));
  }
  return checks.length === 0
    ? [ok("May use the network, the folder of the database and its variables")]
    : checks;
}
