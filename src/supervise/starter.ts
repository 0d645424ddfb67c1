import type { ExitStatus } from "./exit-status.ts";
import type { RunUsage } from "./ports.ts";
import type { Ids } from "./wrapper-tools.ts";

/** A program as the system takes it. */
export interface Program {
  /** Absolute path. */
  readonly file: string;
  /** With argv[0], its name. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Absolute; undefined: our own. */
  readonly dir: string | undefined;
  /** Descriptors of ours; `ignore`: /dev/null. */
  readonly stdout: number | "ignore";
  readonly stderr: number | "ignore";
  /** A descriptor of ours, or what is written there and then closed; undefined: /dev/null. */
  readonly stdin?: number | { readonly text: string } | undefined;
  /** Who it becomes before it begins; as we when empty. */
  readonly ids: Ids;
  /** That it runs is no reason for us to go on. Default: it is one. */
  readonly inBackground?: boolean;
}

/** Hears of a program that was to be started: `onFailed`, or, after {@link Starter.start} has answered, the other two once each. */
export interface StartListener {
  /** It could not be started: a system error, with the path of what could not be executed. */
  onFailed(error: unknown): void;
  /** It has ended. Until `onReaped` its pid is nobody else's. */
  onEnded(status: ExitStatus, usage: RunUsage | undefined): void;
  onReaped(): void;
}

/** Starts programs: each leads a session and a process group of its own (`setsid`), with no signal blocked or ignored. */
export interface Starter {
  /** The pid; undefined when it cannot be started, of which `onFailed` hears, now or later. */
  start(program: Program, listener: StartListener): number | undefined;
  /** Whether it has yet to hear of this child's end, and to bury it: nobody else may. Absent: Node does, in the turn in which it is told. */
  awaits?(pid: number): boolean;
}
