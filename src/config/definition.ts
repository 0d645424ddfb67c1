/**
 * What is to run, as a person wrote it: one entry of `apps.supervisor.supervise[]`, in TypeScript's spelling.
 * {@link file://./definition-json.ts} converts from the JSON keys; nothing else does.
 */

/** When a replica that ended is started again: always, only after a failure, or never. */
export type RestartPolicy = "always" | "on_failure" | "never";

export const restartPolicies: readonly RestartPolicy[] = ["always", "never", "on_failure"];

export type OutputTargetType = "null" | "stdout" | "stderr" | "file";

export const outputTargetTypes: readonly OutputTargetType[] = ["null", "stderr", "stdout", "file"];

/** Where a stream of a process goes. `file` is a path, needed by (and only read with) type `file`. */
export interface OutputTarget {
  readonly type: OutputTargetType;
  readonly file?: string;
}

/** A process to supervise. Everything but the command has a default. */
export interface Definition {
  /** The program and its arguments; each is a Go template. */
  readonly command: readonly string[];
  /** How many copies run side by side; 0 runs nothing. Default 1. */
  readonly replicas?: number;
  /** Working directory (Go template). Default: the supervisor's own. */
  readonly dir?: string;
  /** Environment on top of the supervisor's own; `KEY=VALUE` is a Go template as a whole. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default `{ type: "stdout" }`. */
  readonly redirectStdout?: OutputTarget;
  /** Default `{ type: "stderr" }`. */
  readonly redirectStderr?: OutputTarget;
  /** Default `always`. */
  readonly restartPolicy?: RestartPolicy;
  /** How long a stopping process may take before SIGKILL, as a Go duration. Default `10s`; 0 or less kills at once. */
  readonly terminationGracePeriod?: string;
  /** The user to run as. Default: the supervisor's own. */
  readonly user?: string;
  /** The signal that asks the process to stop: `SIGTERM`, `TERM` or `15`. Default `SIGINT`. */
  readonly stopSignal?: string;
}

/** A definition in JSON's spelling (`apps.supervisor.supervise[]`). */
export interface DefinitionJson {
  readonly command: readonly string[];
  readonly replicas?: number;
  readonly dir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly redirect_stdout?: OutputTarget;
  readonly redirect_stderr?: OutputTarget;
  readonly restart_policy?: string;
  readonly termination_grace_period?: string;
  readonly user?: string;
  readonly stop_signal?: string;
}

/** How a definition is named in messages: its command line. */
export function commandLine(definition: Pick<Definition, "command">): string {
  return definition.command.join(" ");
}
