import { readFileSync } from "node:fs";
import { codeFrame } from "../caddyfile/code-frame.ts";
import { type Place, SupervisorError } from "../errors.ts";
import { printTalk } from "./print.ts";

/** `Error: …, at Caddyfile:12`, the line it is about, and what to do: on stderr. */
export function printError(error: unknown): void {
  printTalk(errorText(error));
}

export function errorText(error: unknown): string {
  // Anything else is a fault of ours: its stack helps to mend it.
  if (!(error instanceof SupervisorError)) return `Error: ${(error as Error)?.stack ?? String(error)}\n`;
  const frame = error.place === undefined ? "" : frameOf(error.place);
  const hint = error.hint === undefined ? "" : `Hint: ${error.hint}\n`;
  return `Error: ${error.message}\n${frame}${hint}`;
}

export function printWarning(text: string): void {
  printTalk(`Warning: ${text}\n`);
}

function frameOf(place: Place): string {
  try {
    return `${codeFrame(readFileSync(place.file, "utf8"), place)}\n`;
  } catch {
    // From stdin, or gone in the meantime: the message names the line.
    return "";
  }
}
