/** A bar on standard error, for a person who waits. */
import type { CallProgress } from "../service/mod.ts";
import type { CliIo } from "./io.ts";
import { printable } from "./table.ts";

const WIDTH = 24;
const MAX_MESSAGE = 60;

/** A bar that is redrawn in place. */
export interface ProgressBar {
  /** Hears of progress; absent when nobody would see it. */
  readonly report: ((progress: CallProgress) => void) | undefined;
  /** Wipes the bar away. */
  clear(): void;
}

/** Makes a bar, which shows nothing when standard error is no terminal. */
export function progressBar(io: CliIo): ProgressBar {
  if (!io.showsProgress) return { report: undefined, clear: () => {} };
  let shown = 0;
  const draw = (line: string) => {
    io.err(`\r${line.padEnd(shown)}`);
    shown = line.length;
  };
  return {
    report: (progress) => draw(barLine(progress, io.columns)),
    clear() {
      if (shown === 0) return;
      draw("");
      io.err("\r");
    },
  };
}

/** `[######..................]  25 %  Tried 5: 1 work` */
export function barLine({ message = "", progress, total }: CallProgress, columns = 100): string {
  // A line that is as wide as the terminal would break, and the next could not be drawn over it.
  const text = printable(message).slice(0, Math.min(MAX_MESSAGE, columns - 1));
  if (total === undefined || total === 0) return text;
  const share = Math.min(1, progress / total);
  const filled = Math.floor(share * WIDTH);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `[${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${percent} %  ${text}`
    .slice(0, columns - 1).trimEnd();
}
