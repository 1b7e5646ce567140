/** `doctor`: looks for what is wrong, and says what to do. Changes nothing. */
import { loadSettings, redactValue } from "../../service/mod.ts";
import type { Check, Checked } from "../doctor/check.ts";
import { checkClients } from "../doctor/client_checks.ts";
import { checkDatabase } from "../doctor/database_checks.ts";
import { checkNetwork } from "../doctor/network_checks.ts";
import { checkRuntime } from "../doctor/runtime_checks.ts";
import { checkSettings } from "../doctor/settings_checks.ts";
import { EXIT, type ExitCode, UsageError } from "../exit_codes.ts";
import type { CliIo } from "../io.ts";
import { machineOf } from "../machine.ts";
import { type Paint, styleOfStatus } from "../paint.ts";
import type { ParsedArguments } from "../parse_arguments.ts";
import { settingSources } from "../setting_options.ts";
import { printable } from "../table.ts";

/** Looks at everything, and shows it by area. */
export async function run(args: ParsedArguments, io: CliIo): Promise<ExitCode> {
  const target = args.text("target");
  if (target !== undefined && !/^https?:\/\/\S+$/i.test(target)) {
    throw new UsageError(`Option --target is "${target}", allowed: an http or https URL`);
  }
  const interruption = io.interruption();
  try {
    const questions = { isOnline: args.flag("online"), target, signal: interruption.signal };
    const checks = redactValue(await checkAll(args, io, questions));
    io.out(
      args.flag("json")
        ? JSON.stringify({ ok: !hasFailed(checks), checks }, null, 2) + "\n"
        : asText(checks, io.paint),
    );
    return hasFailed(checks) ? EXIT.failed : EXIT.ok;
  } finally {
    interruption.stop();
  }
}

async function checkAll(
  args: ParsedArguments,
  io: CliIo,
  questions: Parameters<typeof checkNetwork>[1],
): Promise<readonly Check[]> {
  const problems: string[] = [];
  const loaded = await loadSettings({
    ...settingSources(args, io),
    onProblem: ({ message }) => problems.push(message),
  });
  const { settings } = loaded;
  // Those with which the database would be opened.
  const keys = Object.values(
    io.readEnvironment(["PROXYWHIRL_CACHE_ENCRYPTION_KEY", "PROXYWHIRL_CACHE_KEY_PREVIOUS"]),
  );
  const clients = { machine: machineOf(io), searchPath: io.readEnvironment(["PATH"])["PATH"] };
  return [
    ...of("runtime", checkRuntime(settings)),
    ...of("settings", checkSettings(loaded, problems)),
    ...of("database", await checkDatabase(settings.db, () => keys)),
    ...of("network", await checkNetwork(settings, questions)),
    ...of("clients", await checkClients(clients)),
  ];
}

function of(area: Check["area"], checks: readonly Checked[]): readonly Check[] {
  return checks.map((check) => ({ area, ...check }));
}

function hasFailed(checks: readonly Check[]): boolean {
  return checks.some(({ status }) => status === "fail");
}

function asText(checks: readonly Check[], paint: Paint): string {
  const lines = checks.map(({ area, message, next_step, status }) => {
    const advice = next_step === undefined
      ? ""
      : `${" ".repeat(16)}${paint("dim", `→ ${printable(next_step)}`)}\n`;
    return `${paint(styleOfStatus(status), status.padEnd(4))}  ${area.padEnd(8)}  ${
      printable(message)
    }\n${advice}`;
  });
  const count = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
  return `${lines.join("")}\n${count("ok")} ok, ${count("warn")} to look at, ${count("fail")} failed.\n`;
}
