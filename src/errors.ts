/**
 * One error class and one catalogue. Whatever this program refuses to do, it refuses with a
 * {@link SupervisorError}: a stable code, a sentence for people, where it went wrong and what to do.
 */

interface CatalogueEntry {
  /** What the code stands for, in a sentence (also shown in docs/reference/errors.md). */
  readonly meaning: string;
  /** The exit code of a command that ends with this error. */
  readonly exitCode: 1 | 2 | 3;
  /** What to do, when it does not depend on the case at hand. */
  readonly hint?: string;
}

export const catalogue = {
  CADDYFILE_SYNTAX: {
    meaning: "The text is not a Caddyfile: a quote, brace, heredoc or import is wrong.",
    exitCode: 1,
  },
  CADDYFILE_OPTION: {
    meaning: "An option of the supervisor block has a wrong value or argument count.",
    exitCode: 1,
  },
  UNKNOWN_OPTION: {
    meaning: "A line in the block of a command begins with a word that is no option.",
    exitCode: 1,
  },
  UNKNOWN_BLOCK: {
    meaning: "A block is opened behind an option that takes none.",
    exitCode: 1,
    hint: "take the block away; its lines are options of the command itself",
  },
  EXTRA_ARGUMENT: {
    meaning: "An option of the supervisor block has more arguments than it takes.",
    exitCode: 1,
    hint: "put each option on a line of its own, and quote what contains spaces",
  },
  SUPERVISOR_ARGUMENTS: {
    meaning: "Words stand between `supervisor` and its block.",
    exitCode: 1,
    hint: "put each command on a line of its own inside `supervisor { … }`",
  },
  SUPERVISOR_REPEATED: {
    meaning: "The `supervisor` option is given twice.",
    exitCode: 1,
    hint: "put all commands into one block; `import` inside it takes them from other files",
  },
  NOT_FORMATTED: {
    meaning: "`fmt` was asked to print a Caddyfile that is not formatted; a check for scripts.",
    exitCode: 1,
    hint: "`caddy-supervisor fmt --overwrite` formats the file in place",
  },
  STOP_SIGNAL: {
    meaning: "`stop_signal` names no signal of this system, or in a way that the Go module does not know.",
    exitCode: 1,
    hint: "write it as SIGTERM, TERM or 15",
  },
  CADDYFILE_IMPORT_LIMIT: {
    meaning: "Imports are nested too deep, too many or too large.",
    exitCode: 1,
  },
  CADDYFILE_SHADOW: {
    meaning: "The Caddyfile cannot be handed to Caddy without its supervisor option.",
    exitCode: 1,
  },
  TEMPLATE: {
    meaning: "A Go template in a command, argument, dir, env or file path does not parse or run.",
    exitCode: 1,
  },
  DURATION: {
    meaning: "The text is not a Go duration.",
    exitCode: 1,
    hint: "write it as 10s, 1m30s or 500ms",
  },
  JSON_CONFIG: {
    meaning: "A JSON configuration has an unknown field, a value of the wrong type, or is not JSON.",
    exitCode: 1,
  },
  DEFINITION: {
    meaning:
      "A definition has a value that cannot be run: replicas, restart policy, output target, stop signal …",
    exitCode: 1,
  },
  UNKNOWN_USER: {
    meaning: "`user` names nobody on this machine.",
    exitCode: 1,
    hint: "name a user of this machine (`getent passwd` lists them)",
  },
  UNKNOWN_GROUP: {
    meaning: "`group` names no group of this machine.",
    exitCode: 1,
    hint: "name a group of this machine (`getent group` lists them)",
  },
  USER_NEEDS_ROOT: {
    meaning: "`user`, `group`, `limits` or `nice` asks for what only root can give.",
    exitCode: 1,
    hint: "run caddy-supervisor as root, or remove the option",
  },
  RIGHTS: {
    meaning: "`limits`, `nice` or `no_new_privileges` asks for what this machine cannot give.",
    exitCode: 1,
  },
  LOG_FILE: {
    meaning: "A log file cannot be opened, or no pipe can be made for output that passes through us.",
    exitCode: 1,
    hint: "create its folder, or give our user the right to write there",
  },
  CONFIG_FILE: {
    meaning: "The configuration file is missing or cannot be read.",
    exitCode: 1,
    hint: "name it with --config PATH, or start in the folder that holds the Caddyfile",
  },
  ADAPTER: {
    meaning: "--adapter names an adapter that neither we nor the Caddy binary know.",
    exitCode: 1,
  },
  ENV_FILE: {
    meaning: "An env file (--envfile, `env_file`) cannot be read or has a line that is not KEY=VALUE.",
    exitCode: 1,
  },
  USAGE: {
    meaning: "A command was given words that it does not take, or not those that it needs.",
    exitCode: 1,
    hint: "`caddy-supervisor help` lists the commands, `caddy-supervisor help COMMAND` its flags",
  },
  START: {
    meaning: "`start`: the supervisor ended before everything ran; its own message stands above.",
    exitCode: 1,
  },
  NO_CADDY: {
    meaning: "The configuration needs Caddy, and no caddy binary can be run.",
    exitCode: 1,
    hint: "install Caddy (Debian: apt-get install caddy), or name the binary with --caddy PATH or CADDY_SUPERVISOR_CADDY",
  },
  CADDY_CONFIG: {
    meaning: "Stock Caddy refuses its half of the configuration; the message is its own.",
    exitCode: 1,
  },
  CADDY_START: {
    meaning: "Caddy ended while it started; its own message stands above.",
    exitCode: 1,
    hint: "most often a port of a site is taken (by another Caddy: systemctl stop caddy); its message above says which",
  },
  ADMIN_ADDRESS: {
    meaning: "The admin endpoint cannot listen on the configured address.",
    exitCode: 1,
    hint: "stop what listens there (another Caddy: systemctl stop caddy), or set another address with the `admin` global option",
  },
  INSTANCE_RUNS: {
    meaning: "Another caddy-supervisor already runs this configuration.",
    exitCode: 1,
    hint: "stop it first, or run another configuration",
  },
  NO_INSTANCE: {
    meaning: "No caddy-supervisor runs this configuration, or it does not answer.",
    exitCode: 3,
    hint: "start it with `caddy-supervisor run`; name another with --config, --address or --socket",
  },
  NO_PROCESS: {
    meaning: "A command names a process or replica that the running configuration does not have.",
    exitCode: 1,
    hint: "`caddy-supervisor status` lists them",
  },
  REFUSED: {
    meaning: "The running instance has refused what was asked of it; the message is its own.",
    exitCode: 1,
  },
  RUN_FOLDER: {
    meaning: "The folder for locks and sockets cannot be used: missing rights, or somebody else's.",
    exitCode: 1,
  },
  CGROUP: {
    meaning: "--cgroup names no control group that we may use, or there is none here.",
    exitCode: 1,
    hint: "run as a systemd service with Delegate=yes, or name a folder of a cgroup v2 file system that we may write",
  },
  PIDFILE: {
    meaning: "The --pidfile cannot be written.",
    exitCode: 1,
    hint: "create its folder, or give our user the right to write there",
  },
  INTEGER: { meaning: "The text is not an integer of Go's strconv.Atoi.", exitCode: 1 },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** A place in a text that a person wrote. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** Behind the last character, where it is known. */
  readonly end?: { readonly line: number; readonly column: number };
  /** The import directives by which the place was reached, outermost last: `Caddyfile:5 (import snip)`. */
  readonly imports?: readonly string[];
}

export interface ErrorDetails {
  /** Where in the configuration; the message itself already names it in Caddy's words. */
  readonly place?: Place | undefined;
  /** The option that the error is about, as it is written in a configuration: `user`, `stop_signal` … */
  readonly option?: string | undefined;
  /** What to do; overrides the catalogue's. */
  readonly hint?: string | undefined;
  /** What else is wrong in the same text. */
  readonly others?: readonly SupervisorError[] | undefined;
  readonly cause?: unknown;
}

/**
 * The error of this package. `message` is for people and keeps the words of the original where the
 * original has them; `code` is for programs and never changes.
 */
export class SupervisorError extends Error {
  readonly code: ErrorCode;
  readonly place: Place | undefined;
  readonly option: string | undefined;
  readonly hint: string | undefined;
  /** Further errors that were found in the same text; none in most cases. */
  readonly others: readonly SupervisorError[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.place = details.place;
    this.option = details.option;
    this.others = details.others ?? [];
    const entry: CatalogueEntry = catalogue[code];
    this.hint = details.hint ?? entry.hint;
  }

  override get name(): string {
    return "SupervisorError";
  }

  /** 1 error, 2 forced, 3 no such instance. */
  get exitCode(): number {
    return catalogue[this.code].exitCode;
  }
}
