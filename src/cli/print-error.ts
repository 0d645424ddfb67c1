import { readFileSync } from "node:fs";
import { codeFrame } from "../caddyfile/code-frame.ts";
import { textAround } from "../caddyfile/source.ts";
import { type Place, SupervisorError } from "../errors.ts";
import { harmless, printTalk } from "./print.ts";

/** `Error: …, at Caddyfile:12`, the line it is about, and what to do: on stderr. It may quote a binary file by mistake. */
export function printError(error: unknown): void {
  printTalk(harmless(errorText(error)));
}

/** What {@link printError} prints; for an error with others, all of them. */
export function errorText(error: unknown): string {
  // Anything else is a fault of ours: its stack helps to mend it.
  if (!(error instanceof SupervisorError)) return `Error: ${(error as Error)?.stack ?? String(error)}\n`;
  return allErrors(error).map(oneText).join("\n");
}

function oneText({ code, message, place, hint }: SupervisorError): string {
  // The lines of an env file are secrets.
  const frame = place === undefined || code === "ENV_FILE" ? "" : frameOf(place);
  return `Error: ${message}\n${frame}${hint === undefined ? "" : `Hint: ${hint}\n`}`;
}

/** The error and the others of the same text, in the order of the lines where they are in one file. */
export function allErrors(error: SupervisorError): readonly SupervisorError[] {
  const all = [error, ...error.others];
  const inOneFile = all.every(({ place }) => place !== undefined && place.file === error.place?.file);
  if (!inOneFile) return all;
  return all.toSorted(
    ({ place: a }, { place: b }) => a!.line - b!.line || (a!.column ?? 0) - (b!.column ?? 0),
  );
}

export function printWarning(text: string): void {
  printTalk(harmless(`Warning: ${text}\n`));
}

/** The value of an `env`, which may be a secret; a template is what its error is about. */
const envValue = /^([ \t]*env[ \t]+\S+[ \t]+)(?!.*\{\{)\S.*$/gm;

/** The places' text as it was read, which may have been stdin; where it is not known, what the file holds now. */
function frameOf(place: Place): string {
  try {
    const { line, column, end } = place;
    const span = end && end.line === line && column !== undefined ? end.column - column : 1;
    const text = textAround(place) ?? readFileSync(place.file, "utf8");
    const frame = codeFrame(text.replace(envValue, "$1…"), place, span);
    return frame === "" ? "" : `${frame}\n`;
  } catch {
    // Gone in the meantime: the message names the line.
    return "";
  }
}
