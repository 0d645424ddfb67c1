import { signalByName, signalByNumber } from "../go/signals.ts";

/** The signal that `SIGTERM`, `TERM` or `15` names, in any case; undefined for another word. */
export function signalNumber(text: string): number | undefined {
  if (/^[0-9]+$/.test(text)) return signalByNumber(Number(text))?.number;
  const upper = text.toUpperCase();
  return signalByName(upper.startsWith("SIG") ? upper : `SIG${upper}`)?.number;
}

/**
 * Whether the Go module knows the word: unix.SignalNum takes one full name for each signal, no alias. Any other
 * word is SIGINT to it.
 */
export function isModuleSignal(text: string): boolean {
  return signalByName(text)?.name === text;
}
