/** Can the database be used, and is it sound? */
import process from "node:process";
import type { PythonOptions } from "../../store/python_layout.ts";
import { diagnose, type Diagnosis } from "../../store/diagnose.ts";
import { type Checked, fail, ok, warn } from "./check.ts";

/** Looks at the file without changing it. */
export async function checkDatabase(path: string, keys: PythonOptions["keys"]): Promise<readonly Checked[]> {
  if (path === ":memory:") return [ok("The pool is kept in memory only")];
  return judge(path, await diagnose(path, { keys, wallClock: Date.now }));
}

function judge(path: string, found: Diagnosis): readonly Checked[] {
  const { damage, error, isWritable, kind } = found;
  if (damage !== undefined) {
    return [fail(
      `"${path}" is damaged: ${damage}`,
      "Move the file away and import the lists again; what can be read may be saved with sqlite3's .recover.",
    )];
  }
  if (error !== undefined) {
    const [what = "", remedy] = error.message.split(/; (?=[^;]*$)/);
    return [fail(what, sentence(remedy ?? "check the path, and what the program may do with it"))];
  }
  if (!isWritable) {
    return [fail(`"${path}" cannot be written`, "Check the permissions of the file and its folder.")];
  }
  if (kind === "missing" || kind === "empty") {
    return [warn(`There is none yet at "${path}"`, "Fill it with proxywhirl import or proxywhirl fetch.")];
  }
  return [...whatItIs(path, found), ...modeOf(path, found), ...lockOf(found)];
}

function whatItIs(
  path: string,
  { currentVersion, encrypted = 0, kind, proxies = 0, version }: Diagnosis,
): readonly Checked[] {
  const counted = `${proxies} ${proxies === 1 ? "proxy" : "proxies"}`;
  if (version === 0) {
    const taken = ok(
      `"${path}" is of the Python program: its ${counted} will be taken over when it is opened`,
    );
    if (encrypted === 0) return [taken];
    return [
      taken,
      warn(
        `The credentials of ${encrypted} more are encrypted`,
        "Set PROXYWHIRL_CACHE_ENCRYPTION_KEY to its key.",
      ),
    ];
  }
  const beside = kind === "python" ? ", beside the tables of the Python program" : "";
  const update = version === currentVersion ? "" : `, brought up to ${currentVersion} when it is opened`;
  const sound = ok(`"${path}" is sound: ${counted}, version ${version}${update}${beside}`);
  if (proxies > 0) return [sound];
  return [sound, warn("The pool is empty", "Fill it with proxywhirl import or proxywhirl fetch.")];
}

function modeOf(path: string, { mode = 0 }: Diagnosis): readonly Checked[] {
  if (process.platform === "win32" || (mode & 0o077) === 0) return [];
  const octal = mode.toString(8).padStart(4, "0");
  return [warn(`Others may read it (mode ${octal}), and it holds credentials`, `chmod 600 "${path}"`)];
}

function lockOf({ isLocked }: Diagnosis): readonly Checked[] {
  if (isLocked !== true) return [];
  return [
    warn(
      "Another program holds it locked",
      "Wait, or end that program: changes are written when it is free.",
    ),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
