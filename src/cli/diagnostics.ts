import type { Notice } from "../config/problems.ts";
import { SupervisorError } from "../errors.ts";
import { allErrors, printError, printWarning } from "./print-error.ts";

/** What `--json` prints of a fault or warning: for editors. Lines and columns count from 1; the end is exclusive. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** A code of the error catalogue, or of a warning; docs/reference/caddyfile.md lists those of the language. */
  readonly code: string;
  readonly message: string;
  /** Absent where nothing is known of the place. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly end?: { readonly line: number; readonly column: number };
  /** The import directives that led there, outermost last. */
  readonly imports?: readonly string[];
  readonly hint?: string;
}

/** Where a command tells what it finds: in words on stderr, or gathered for `--json`. */
export interface Reporter {
  warn(message: string): void;
  /** Warnings with places: one of these messages, given to {@link warn}, is reported with its place. */
  know(notices: readonly Notice[]): void;
}

const inWords: Reporter = { warn: printWarning, know() {} };

/**
 * Runs a command that reads a configuration.
 * @param print takes the JSON array of all diagnostics, when they are wanted; in words otherwise.
 */
export async function reporting(
  print: ((json: string) => void) | undefined,
  work: (reporter: Reporter) => Promise<number>,
): Promise<number> {
  if (!print) return work(inWords);
  const known = new Map<string, Notice>();
  const diagnostics: Diagnostic[] = [];
  const gather: Reporter = {
    warn: (message) => void diagnostics.push(warningDiagnostic(message, known.get(message))),
    know: (notices) => {
      for (const notice of notices) known.set(notice.message, notice);
    },
  };
  const exitCode = await work(gather).catch((error: unknown) => {
    // A fault of ours is nothing for an editor.
    if (!(error instanceof SupervisorError)) {
      printError(error);
      return 1;
    }
    diagnostics.push(...allErrors(error).map(errorDiagnostic));
    return error.exitCode;
  });
  print(`${JSON.stringify(diagnostics)}\n`);
  return exitCode;
}

function errorDiagnostic({ code, message, place, hint }: SupervisorError): Diagnostic {
  return { severity: "error", code, message, ...place, ...(hint === undefined ? {} : { hint }) };
}

function warningDiagnostic(message: string, notice: Notice | undefined): Diagnostic {
  if (!notice) return { severity: "warning", code: "WARNING", message, ...placeInText(message) };
  const { code, place, hint } = notice;
  return { severity: "warning", code, message, ...place, ...(hint === undefined ? {} : { hint }) };
}

/** What Caddy warns of ends with its place. */
function placeInText(message: string): { file?: string; line?: number } {
  const match = /, at (.+?):(\d+)(?: import chain .*)?$/.exec(message);
  return match ? { file: match[1]!, line: Number(match[2]) } : {};
}
