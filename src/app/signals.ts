import { readFileSync, readlinkSync } from "node:fs";

/** What a signal asks of us. */
export type SignalRequest =
  /** An orderly end; the second time: at once. */
  | { readonly kind: "stop"; readonly signal: NodeJS.Signals }
  /** The end at once. */
  | { readonly kind: "kill"; readonly signal: NodeJS.Signals }
  | { readonly kind: "reload"; readonly signal: NodeJS.Signals }
  | { readonly kind: "reopen"; readonly signal: NodeJS.Signals };

/**
 * Hands each signal on as a request. A second SIGINT means "at once", as in Caddy; a second SIGTERM does not, since
 * process managers repeat it. Returns the function that takes the handlers away.
 */
export function listenForSignals(onRequest: (request: SignalRequest) => void): () => void {
  let interrupted = false;
  const ignoresHangup = hangupIsIgnored();
  const handlers: Partial<Record<NodeJS.Signals, () => SignalRequest | undefined>> = {
    SIGTERM: () => ({ kind: "stop", signal: "SIGTERM" }),
    SIGINT: () => {
      const kind = interrupted ? "kill" : "stop";
      interrupted = true;
      return { kind, signal: "SIGINT" };
    },
    SIGQUIT: () => ({ kind: "kill", signal: "SIGQUIT" }),
    SIGHUP: () => {
      if (ignoresHangup) return undefined;
      return { kind: terminalIsGone() ? "stop" : "reload", signal: "SIGHUP" };
    },
    SIGUSR1: () => ({ kind: "reload", signal: "SIGUSR1" }),
    SIGUSR2: () => ({ kind: "reopen", signal: "SIGUSR2" }),
  };
  const installed = Object.entries(handlers).map(([name, handler]) => {
    const listener = () => {
      const request = handler();
      if (request !== undefined) onRequest(request);
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return () => {
    for (const remove of installed) remove();
  };
}

const terminalAtStart = hasTerminal();

/** A terminal that we had and that is gone: its hang-up means "end", not "reload". */
function terminalIsGone(): boolean {
  return terminalAtStart && !hasTerminal();
}

/** Field 7 of /proc/self/stat is the controlling terminal, 0 for none (proc(5)). */
function hasTerminal(): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[4] !== "0";
  } catch {
    return false;
  }
}

/**
 * Whether SIGHUP was ignored when we were started. Node resets it before any of our code runs, so what is left are its
 * traces: nohup(1) turns a terminal on stdin into a write-only /dev/null, and leaves its own name in `_`; a shell that
 * ignores the signal itself (trap '' HUP) still does.
 */
function hangupIsIgnored(): boolean {
  return process.env._?.endsWith("/nohup") === true || stdinIsNohup() || parentIgnoresHangup();
}

function stdinIsNohup(): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync("/proc/self/fdinfo/0", "latin1"))?.[1] ?? "0";
    const accessMode = Number.parseInt(flags, 8) & 0o3;
    return accessMode === 1 && readlinkSync("/proc/self/fd/0") === "/dev/null";
  } catch {
    return false;
  }
}

function parentIgnoresHangup(): boolean {
  try {
    const ignored = /^SigIgn:\s*([0-9a-f]+)/m.exec(
      readFileSync(`/proc/${process.ppid}/status`, "latin1"),
    )?.[1];
    return (BigInt(`0x${ignored ?? "0"}`) & 1n) === 1n;
  } catch {
    return false;
  }
}
