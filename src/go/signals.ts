/**
 * Linux signals as Go sees them: number, name, and the text that `syscall.Signal.String()` prints
 * (source: Go's syscall/zerrors_linux_amd64.go; names from signal(7)).
 */

export interface Signal {
  readonly number: number;
  /** With its prefix: `SIGTERM`. */
  readonly name: string;
  /** Go's text: `terminated`. */
  readonly text: string;
}

const table: readonly (readonly [number, string, string])[] = [
  [1, "SIGHUP", "hangup"],
  [2, "SIGINT", "interrupt"],
  [3, "SIGQUIT", "quit"],
  [4, "SIGILL", "illegal instruction"],
  [5, "SIGTRAP", "trace/breakpoint trap"],
  [6, "SIGABRT", "aborted"],
  [7, "SIGBUS", "bus error"],
  [8, "SIGFPE", "floating point exception"],
  [9, "SIGKILL", "killed"],
  [10, "SIGUSR1", "user defined signal 1"],
  [11, "SIGSEGV", "segmentation fault"],
  [12, "SIGUSR2", "user defined signal 2"],
  [13, "SIGPIPE", "broken pipe"],
  [14, "SIGALRM", "alarm clock"],
  [15, "SIGTERM", "terminated"],
  [16, "SIGSTKFLT", "stack fault"],
  [17, "SIGCHLD", "child exited"],
  [18, "SIGCONT", "continued"],
  [19, "SIGSTOP", "stopped (signal)"],
  [20, "SIGTSTP", "stopped"],
  [21, "SIGTTIN", "stopped (tty input)"],
  [22, "SIGTTOU", "stopped (tty output)"],
  [23, "SIGURG", "urgent I/O condition"],
  [24, "SIGXCPU", "CPU time limit exceeded"],
  [25, "SIGXFSZ", "file size limit exceeded"],
  [26, "SIGVTALRM", "virtual timer expired"],
  [27, "SIGPROF", "profiling timer expired"],
  [28, "SIGWINCH", "window changed"],
  [29, "SIGIO", "I/O possible"],
  [30, "SIGPWR", "power failure"],
  [31, "SIGSYS", "bad system call"],
];

/** Other names of the same numbers, as Go's unix package knows them. */
const aliases: Readonly<Record<string, string>> = {
  SIGIOT: "SIGABRT",
  SIGCLD: "SIGCHLD",
  SIGPOLL: "SIGIO",
  SIGUNUSED: "SIGSYS",
};

const signals: readonly Signal[] = table.map(([number, name, text]) => ({ number, name, text }));
const byNumber = new Map(signals.map((signal) => [signal.number, signal]));
const byName = new Map(signals.map((signal) => [signal.name, signal]));

/** The signal with this number, or undefined when Linux has no standard one. */
export function signalByNumber(number: number): Signal | undefined {
  return byNumber.get(number);
}

/** The signal with this full name (`SIGTERM`), exactly as Go's `unix.SignalNum` reads it. */
export function signalByName(name: string): Signal | undefined {
  return byName.get(aliases[name] ?? name);
}

/** Go's text of a signal number: `terminated`, or `signal 40` for one without a name. */
export function signalText(number: number): string {
  return byNumber.get(number)?.text ?? `signal ${number}`;
}

/** All standard signals in the order of their numbers. */
export const allSignals: readonly Signal[] = signals;
