/** Keys with which the Python program encrypts credentials: in variables, and in a file of its own. */
import type { CliIo } from "../io.ts";

const VARIABLES = ["PROXYWHIRL_KEY", "PROXYWHIRL_CACHE_ENCRYPTION_KEY", "PROXYWHIRL_CACHE_KEY_PREVIOUS"];

/** Every key that is at hand, none of them checked. */
export async function pythonKeys(
  io: Pick<CliIo, "readBytes" | "readEnvironment">,
): Promise<readonly string[]> {
  const { HOME, USERPROFILE, ...keys } = io.readEnvironment([...VARIABLES, "HOME", "USERPROFILE"]);
  const home = HOME ?? USERPROFILE;
  const fromFile = home === undefined
    ? undefined
    : await io.readBytes(`${home}/.config/proxywhirl/key.enc`).catch(() => undefined);
  const all = [
    ...Object.values(keys),
    ...(fromFile === undefined ? [] : [new TextDecoder().decode(fromFile)]),
  ];
  return all.flatMap((key) => key.split(",")).map((key) => key.trim()).filter((key) => key !== "");
}
