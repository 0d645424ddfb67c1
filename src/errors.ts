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
  CADDYFILE_PROBLEM: {
    meaning: "The Go module would have misread this part of the supervisor block without a word.",
    exitCode: 1,
    hint: "correct the line; `adapt --compat` shows how the Go module reads it",
  },
  CADDYFILE_IMPORT_LIMIT: {
    meaning: "Imports are nested too deep, too many or too large.",
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
  INTEGER: { meaning: "The text is not an integer of Go's strconv.Atoi.", exitCode: 1 },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** A place in a text that a person wrote. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

export interface ErrorDetails {
  /** Where in the configuration; the message itself already names it in Caddy's words. */
  readonly place?: Place | undefined;
  /** What to do; overrides the catalogue's. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The error of this package. `message` is for people and keeps the words of the original where the
 * original has them; `code` is for programs and never changes.
 */
export class SupervisorError extends Error {
  readonly code: ErrorCode;
  readonly place: Place | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.place = details.place;
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
