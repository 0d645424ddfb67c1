import { basename } from "node:path";
import { Dispenser, located } from "../caddyfile/dispenser.ts";
import { type ParsedCaddyfile, type ParseOptions, parseBody, parseTokens } from "../caddyfile/parse.ts";
import type { ImportRecord, Segment } from "../caddyfile/parser.ts";
import { type Token, tokenPlace } from "../caddyfile/token.ts";
import { SupervisorError } from "../errors.ts";
import type { DefinitionJson } from "./definition.ts";
import { readSupervisor, type SupervisorReading } from "./from-caddyfile.ts";
import { plainGlobalOptions, readPlainGlobals } from "./global-options.ts";
import type { DefinitionPlaces } from "./places.ts";
import { type Notice, type Problem, problemAt, problemError, withOthers } from "./problems.ts";
import { unquotedTemplates } from "./unquoted-templates.ts";

export interface AdaptOptions extends ParseOptions {
  /** Read exactly what the Go module reads, and give the problems as warnings. Default false. */
  readonly compat?: boolean | undefined;
  /** Default: told from the file name, which begins with `Supervisorfile` or does not. */
  readonly kind?: "caddyfile" | "supervisorfile" | undefined;
}

/** A JSON document as Caddy with the module would give it. */
export interface ConfigDocument {
  apps?: { supervisor?: { supervise?: DefinitionJson[] }; [app: string]: unknown };
  [key: string]: unknown;
}

export interface Adapted {
  /** `apps.supervisor`, and `admin` and `logging` where Caddy is not needed to read them. */
  readonly config: ConfigDocument;
  /** What the Go module would misread. Whoever runs the configuration refuses these (`refuseProblems`) unless `compat`. */
  readonly problems: readonly Problem[];
  /** What the parser or Caddy would only log, and with `compat` the problems. */
  readonly warnings: readonly string[];
}

/** What is known of a configuration text after reading our half of it. */
export interface AdaptedText extends Adapted {
  /** There is something besides our options: sites, other apps' options. */
  readonly needsCaddy: boolean;
  /** The warnings with their places, save those that are problems. */
  readonly notices: readonly Notice[];
  /** Where each of `apps.supervisor.supervise[]` stands. */
  readonly places: readonly DefinitionPlaces[];
  /** Every import that was carried out. */
  readonly imports: readonly ImportRecord[];
  /** The parsed Caddyfile; undefined for a Supervisorfile. */
  readonly parsed: ParsedCaddyfile | undefined;
}

/** Whether a file of this name holds the inside of a `supervisor` block. */
export function isSupervisorfile(filename: string): boolean {
  return basename(filename).startsWith("Supervisorfile");
}

/**
 * Adapts our half of a Caddyfile, or a Supervisorfile: no Caddy is asked. Imports are read from disk, relative to the
 * importing file; `env` replaces the process's environment.
 * @throws SupervisorError with Caddy's text: `parsing caddyfile tokens for 'supervisor': …, at Caddyfile:4`
 * @example
 * adapt("{\n\tsupervisor {\n\t\tphp-fpm\n\t}\n}\n").config;
 * // { apps: { supervisor: { supervise: [{ command: ["php-fpm"] }] } } }
 */
export function adapt(text: string, options: AdaptOptions = {}): Adapted {
  const { config, problems, warnings } = adaptText(text, options);
  return { config, problems, warnings };
}

/** As {@link adapt}, with what the handing over to Caddy needs to know. */
export function adaptText(text: string, options: AdaptOptions = {}): AdaptedText {
  const { filename = "Caddyfile", compat = false } = options;
  const kind = options.kind ?? (isSupervisorfile(filename) ? "supervisorfile" : "caddyfile");
  const adapted =
    kind === "supervisorfile" ? adaptSupervisorfile(text, options) : adaptCaddyfile(text, options);
  if (!compat) return adapted;
  return {
    ...adapted,
    warnings: [...adapted.warnings, ...adapted.problems.map(({ message }) => message)],
  };
}

/** Without the `{block}` that an import without a block left in: Caddy 2.10 reads it as a word, 2.11 as nothing. */
function filledIn(words: readonly Token[]): readonly Token[] {
  return words.filter(
    ({ text, quote, imports }) =>
      quote !== "" || imports.length === 0 || !/^\{block(s\.[^}]*)?\}$/.test(text),
  );
}

function supervisorApp({ definitions }: SupervisorReading): ConfigDocument {
  return { apps: { supervisor: definitions.length > 0 ? { supervise: definitions } : {} } };
}

/** What is to be told though it is no error: the parser's own warnings, and unquoted templates. */
function noticesOf({ warnings }: Pick<ParsedCaddyfile, "warnings">, words: readonly Token[]): Notice[] {
  const fromParser = warnings.map(
    ({ message, token }): Notice => ({
      code: "CADDYFILE_WARNING",
      message: message + located(token),
      place: tokenPlace(token),
    }),
  );
  return [...fromParser, ...unquotedTemplates(words)];
}

/** Throws the first error of an option; what else is wrong goes with it. */
function refuseErrors({ errors, problems }: SupervisorReading): void {
  const [first, ...others] = errors;
  if (first) throw withOthers(first, [...others, ...problems.map(problemError)]);
}

/** The text is read as if `supervisor {` stood on a line before it and `}` on one after it. */
function adaptSupervisorfile(text: string, options: AdaptOptions): AdaptedText {
  const { segments, main, imports, warnings } = parseBody(text, { filename: "Supervisorfile", ...options });
  const words = segments.flat();
  const last = words.at(-1);
  const around: Omit<Token, "text" | "line"> = {
    quote: "",
    file: main.file,
    imports: [],
    snippet: "",
    source: main,
    start: 0,
    end: 0,
  };
  const reading = readSupervisor(
    new Dispenser([
      { ...around, text: "supervisor", line: 0 },
      { ...around, text: "{", line: 0 },
      ...words,
      { ...around, text: "}", line: (last?.line ?? 0) + (last?.text.split("\n").length ?? 0) + 2 },
    ]),
    options.compat ?? false,
  );
  refuseErrors(reading);
  const notices = noticesOf({ warnings }, words);
  return {
    config: supervisorApp(reading),
    problems: reading.problems,
    warnings: notices.map(({ message }) => message),
    notices,
    needsCaddy: false,
    places: reading.places,
    imports,
    parsed: undefined,
  };
}

function adaptCaddyfile(text: string, options: AdaptOptions): AdaptedText {
  const parsed = parseTokens(text, options);
  const [first, ...rest] = parsed.blocks;
  const globals = first?.keys.length === 0 ? first.segments : [];
  const sites = first?.keys.length === 0 ? rest : parsed.blocks;

  const problems: Problem[] = [];
  const ours = globals.filter(([word]) => word!.text === "supervisor");
  let reading: SupervisorReading | undefined;
  for (const segment of ours) {
    if (reading)
      problems.push(
        problemAt(
          segment[0]!,
          "SUPERVISOR_REPEATED",
          "'supervisor' is given twice: only the last one counts",
        ),
      );
    reading = inOption("supervisor", () => {
      const words = options.compat ? segment : filledIn(segment);
      const one = readSupervisor(new Dispenser(words), options.compat ?? false);
      refuseErrors({ ...one, problems: [...problems, ...one.problems] });
      return one;
    });
    problems.push(...reading.problems);
  }
  if (sites.some(({ keys }) => keys.length === 0))
    throw new SupervisorError(
      "CADDYFILE_SYNTAX",
      "server block without any key is global configuration, and if used, it must be first",
    );

  const plain = sites.length === 0 ? plainGlobals(globals) : undefined;
  const notices = noticesOf(parsed, ours.flat());
  return {
    config: { ...plain, ...(reading && supervisorApp(reading)) },
    problems,
    warnings: notices.map(({ message }) => message),
    notices,
    needsCaddy: plain === undefined,
    places: reading?.places ?? [],
    imports: parsed.imports,
    parsed,
  };
}

/** The JSON of the other global options; undefined when it takes Caddy to read them. */
function plainGlobals(segments: readonly Segment[]) {
  const others = segments.filter(([word]) => word!.text !== "supervisor");
  if (!others.every(([word]) => plainGlobalOptions.includes(word!.text))) return undefined;
  const read = others.map((segment) => inOption(segment[0]!.text, () => readPlainGlobals([segment])));
  return read.includes(undefined) ? undefined : readPlainGlobals(others);
}

/** Caddy's words around an error of a global option. */
function inOption<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SupervisorError)) throw error;
    throw prefixed(`parsing caddyfile tokens for '${name}': `, error);
  }
}

/** Problems are ours, not Caddy's: they go without its words. */
function prefixed(words: string, error: SupervisorError): SupervisorError {
  const { code, message, place, hint } = error;
  if (!code.startsWith("CADDYFILE_")) return error;
  const others = error.others.map((other) => prefixed(words, other));
  return new SupervisorError(code, words + message, { place, hint, others, cause: error });
}
