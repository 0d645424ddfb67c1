import { constants } from "node:os";
import { signalText } from "../go/signals.ts";

/** How a process ended: with an exit code, or by a signal. */
export type ExitStatus =
  | { readonly code: number; readonly signal?: undefined }
  | { readonly code?: undefined; readonly signal: number };

/** From the pair that Node reports, of which one is null. */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  if (signal !== null) return { signal: constants.signals[signal] };
  return { code: code ?? 0 };
}

export function isClean(status: ExitStatus): boolean {
  return status.code === 0;
}

/** Go's text of an unclean end (os/exec.ExitError): `exit status 3`, `signal: killed`. */
export function exitText(status: ExitStatus): string {
  return status.signal === undefined ? `exit status ${status.code}` : `signal: ${signalText(status.signal)}`;
}
