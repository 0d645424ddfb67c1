/**
 * What is to run, as a person wrote it: one entry of `apps.supervisor.supervise[]`, in TypeScript's spelling.
 * {@link file://./definition-json.ts} converts from the JSON keys; nothing else does.
 */

/** When a replica that ended is started again: always, only after a failure, or never. */
export type RestartPolicy = "always" | "on_failure" | "never";

export const restartPolicies: readonly RestartPolicy[] = ["always", "never", "on_failure"];

export type OutputTargetType = "null" | "stdout" | "stderr" | "file" | "log";

/** What the Go module knows; its messages list these. */
export const moduleTargetTypes: readonly OutputTargetType[] = ["null", "stderr", "stdout", "file"];

/** What happens to a stream whose reader or disk does not keep up: the process waits, or lines are dropped and counted. */
export type OnFull = "block" | "drop";

/**
 * Where a stream of a process goes. `file` is a path, needed by (and only read with) type `file`; the process writes to it
 * itself. With any of the keys below `file`, the bytes go through us.
 */
export interface OutputTarget {
  readonly type: OutputTargetType;
  readonly file?: string;
  /** Whether the file is rolled. Default true. */
  readonly roll?: boolean;
  /** The size at which it is rolled, with a unit (`10MiB`). Default `100MiB`. */
  readonly rollSize?: string;
  /** The age at which it is rolled, as a duration (`24h`, `7d`). Default: none. */
  readonly rollInterval?: string;
  /** How many rolled files are kept. Default 10; 0: all. */
  readonly rollKeep?: number;
  /** How long rolled files are kept, as a duration. Default `90d`; `0`: for ever. */
  readonly rollKeepFor?: string;
  /** Whether rolled files stay uncompressed. Default false: gzip. */
  readonly rollUncompressed?: boolean;
  /** The mode the file is created with, in octal (`0640`). Default `0600`. */
  readonly mode?: string;
  /** Type `log`: how a line becomes a record. Default `auto`: a JSON object is kept as one, all else is text. */
  readonly format?: LogFormat;
  /** Type `log`: the level of the records. Default `info`. */
  readonly level?: LineLevel;
  /** Default `block`. */
  readonly onFull?: OnFull;
}

export type LogFormat = "auto" | "raw" | "json";
export type LineLevel = "debug" | "info" | "warn" | "error";

/** The wait between runs that fail. Durations are Go's. */
export interface BackoffDefinition {
  /** The wait after the second failure in a row. Default `1s`. */
  readonly initial?: string;
  /** Default `5m`. */
  readonly max?: string;
  /** At least 1. Default 2. */
  readonly multiplier?: number;
  /** A run at least this long forgets earlier failures. Default `10m`. */
  readonly resetAfter?: string;
  /** The part of a wait that is left to chance, from 0 to 1. Default 0. */
  readonly jitter?: number;
}

/** No more than `restarts` restarts `within` a Go duration; the next one is given up on. */
export interface RestartLimit {
  readonly restarts: number;
  readonly within: string;
}

/** A signal, and how long (Go duration) it may take to work before the next one. Default: the grace period. */
export interface StopSignalStep {
  readonly signal: string;
  readonly wait?: string;
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
  /** The user to run as, by name or id. Default: the supervisor's own. */
  readonly user?: string;
  /** The signal that asks the process to stop: `SIGTERM`, `TERM` or `15`. Default `SIGINT`. */
  readonly stopSignal?: string;
  /** How people and commands call it. Default: the base name of the command. */
  readonly name?: string;
  /** The group to run as, by name or id. Default: that of the user. */
  readonly group?: string;
  /** Octal, as in `0027`. Default: the supervisor's own. */
  readonly umask?: string;
  /** Resource limits by name (`nofile`, `as` …): `N`, `SOFT:HARD` or `unlimited`. Default: the supervisor's own. */
  readonly limits?: Readonly<Record<string, string>>;
  /** From -20 (favoured) to 19. Default: the supervisor's own. */
  readonly nice?: number;
  /** Whether the process and its children may never gain rights (set-user-id programs). Default false. */
  readonly noNewPrivileges?: boolean;
  /** Files of `KEY=VALUE` lines, read at each start, below `env`. Paths are Go templates. */
  readonly envFile?: readonly string[];
  /** Of the supervisor's own environment only these variables are passed on (`LC_*` takes all that begin so). Default: all. */
  readonly clearEnv?: readonly string[];
  readonly backoff?: BackoffDefinition;
  /** Default: none. */
  readonly restartLimit?: RestartLimit;
  /** Exit codes that are no failure, besides 0. */
  readonly successExitCodes?: readonly number[];
  /** Whether everything ends when this is finally down. Default false. */
  readonly essential?: boolean;
  /** Run to stop the process, before any signal. Each word is a Go template. */
  readonly stopCommand?: readonly string[];
  /** Signals tried one after another, in place of `stopSignal`. */
  readonly stopSignals?: readonly StopSignalStep[];
}

/** Keys as they are in JSON. */
type SnakeCase<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${SnakeCase<Rest>}`
    : `_${Lowercase<First>}${SnakeCase<Rest>}`
  : "";

type InSnakeCase<Shape> = { readonly [Key in keyof Shape as SnakeCase<Key & string>]: Shape[Key] };

/** An {@link OutputTarget} in JSON's spelling. */
export type OutputTargetJson = InSnakeCase<OutputTarget>;

/** A definition in JSON's spelling (`apps.supervisor.supervise[]`). */
export interface DefinitionJson
  extends Omit<
    InSnakeCase<Definition>,
    "restart_policy" | "redirect_stdout" | "redirect_stderr" | "backoff"
  > {
  readonly restart_policy?: string;
  readonly redirect_stdout?: OutputTargetJson;
  readonly redirect_stderr?: OutputTargetJson;
  readonly backoff?: InSnakeCase<BackoffDefinition>;
}

/** How a definition is named in messages: its command line. */
export function commandLine(definition: Pick<Definition, "command">): string {
  return definition.command.join(" ");
}
