import { constants } from "node:os";
import { signalText } from "../go/signals.ts";

/** How a process ended: with an exit code, or by a signal. */
export type ExitStatus =
  | { readonly code: number; readonly signal?: undefined }
  | {
      readonly code?: undefined;
      readonly signal: number;
      /** Whether its memory was dumped; undefined: nobody has told. */
      readonly coreDumped?: boolean;
    };

/** From the pair that Node reports, of which one is null. */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  if (signal !== null) return { signal: constants.signals[signal] };
  return { code: code ?? 0 };
}

export function isClean(status: ExitStatus, successExitCodes: readonly number[]): boolean {
  return status.code !== undefined && successExitCodes.includes(status.code);
}

/** What a shell would show for it, and what we end with for an essential process: the code, or 128 plus the signal. */
export function shellCode(status: ExitStatus): number {
  return status.code ?? 128 + status.signal;
}

/** Go's text of an unclean end (os.ProcessState.String): `exit status 3`, `signal: killed`, `signal: aborted (core dumped)`. */
export function exitText(status: ExitStatus): string {
  if (status.signal === undefined) return `exit status ${status.code}`;
  return `signal: ${signalText(status.signal)}${status.coreDumped ? " (core dumped)" : ""}`;
}
