import type { Dispenser } from "../caddyfile/dispenser.ts";
import { type Token, tokenPlace } from "../caddyfile/token.ts";
import { type Place, SupervisorError } from "../errors.ts";
import { parseDuration } from "../go/duration.ts";
import { parseInteger } from "../go/integers.ts";
import { type DefinitionJson, type OutputTarget, restartPolicies } from "./definition.ts";
import type { DefinitionPlaces } from "./places.ts";
import { type Problem, problemAt } from "./problems.ts";
import { isModuleSignal, signalNumber } from "./stop-signal.ts";
import { suggest } from "./suggest.ts";

/** The `supervisor` option as read: the processes, and what the Go module would misread in it. */
export interface SupervisorReading {
  readonly definitions: DefinitionJson[];
  /** Where each definition and its options stand. */
  readonly places: DefinitionPlaces[];
  readonly problems: Problem[];
  /** Options with a value that they cannot have: the module refuses the whole file for the first of them. */
  readonly errors: SupervisorError[];
}

type Draft = { -readonly [Key in keyof DefinitionJson]: DefinitionJson[Key] } & { command: string[] };
type ReadOption = (d: Dispenser, draft: Draft) => void;

function oneArg(d: Dispenser): string {
  const [value] = d.args(1) ?? d.fail(d.argErr());
  return value!;
}

function invalid(d: Dispenser, message: string, hint?: string): never {
  throw d.errf(message, "CADDYFILE_OPTION", hint);
}

function meantHint(given: string, known: readonly string[]): string | undefined {
  const meant = suggest(given, known);
  return meant === undefined ? undefined : `did you mean '${meant}'?`;
}

/** Whether `action` throws: Go's `_, err :=` where only the fact matters. */
function fails(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}

function outputTarget(d: Dispenser): OutputTarget {
  const type = oneArg(d);
  if (type === "null" || type === "stdout" || type === "stderr") return { type };
  if (type !== "file")
    invalid(
      d,
      `target should be either 'null', 'stdout', 'stderr',  or 'file': '${type}' given`,
      type.includes("/") ? `write file ${type}` : meantHint(type, ["null", "stdout", "stderr", "file"]),
    );
  const file = oneArg(d);
  return file === "" ? { type } : { type, file };
}

const readOption: Readonly<Record<string, ReadOption>> = {
  dir: (d, draft) => {
    draft.dir = oneArg(d);
  },
  env: (d, draft) => {
    const [key, ...words] = d.args(2) ?? d.fail(d.argErr());
    // No prototype: `env __proto__ x` is a variable like any other.
    draft.env ??= Object.create(null) as Record<string, string>;
    (draft.env as Record<string, string>)[key!] = [...words, ...d.remainingArgs()].join(" ");
  },
  user: (d, draft) => {
    draft.user = oneArg(d);
  },
  restart_policy: (d, draft) => {
    const policy = oneArg(d);
    if (!(restartPolicies as readonly string[]).includes(policy))
      invalid(
        d,
        `'restart_policy' should be either 'always', 'never', or 'on_failure': '${policy}' given`,
        meantHint(policy, restartPolicies),
      );
    draft.restart_policy = policy;
  },
  redirect_stdout: (d, draft) => {
    draft.redirect_stdout = outputTarget(d);
  },
  redirect_stderr: (d, draft) => {
    draft.redirect_stderr = outputTarget(d);
  },
  termination_grace_period: (d, draft) => {
    const period = oneArg(d);
    if (fails(() => parseDuration(period)))
      invalid(
        d,
        `cannot parse 'termination_grace_period' into time.Duration, '${period}' given`,
        "write it as 10s, 1m30s or 500ms",
      );
    draft.termination_grace_period = period;
  },
  replicas: (d, draft) => {
    const count = oneArg(d);
    if (fails(() => parseInteger(count)) || parseInteger(count) < 0n)
      invalid(d, `'replicas' should be a positive integer, '${count}' given`);
    draft.replicas = Number(parseInteger(count));
  },
  stop_signal: (d, draft) => {
    draft.stop_signal = oneArg(d);
  },
};

/** The options of a command, in the order of the documentation. */
export const optionNames: readonly string[] = Object.keys(readOption);

/**
 * Reads the `supervisor` global option. The dispenser stands before the word `supervisor`.
 *
 * ```
 * supervisor {
 *     <command> [<args...>] {
 *         dir                      <path>
 *         env                      <key> <value...>
 *         user                     <name>
 *         restart_policy           always | on_failure | never
 *         redirect_stdout          null | stdout | stderr | file <path>
 *         redirect_stderr          null | stdout | stderr | file <path>
 *         termination_grace_period <duration>
 *         stop_signal              <signal>
 *         replicas                 <number>
 *     }
 * }
 * ```
 *
 * What is read is exactly what the Go module reads (its parseSupervisor): a word that is no option is passed
 * over alone, so that what follows it is read as options, and nested blocks are not told apart. Each such place is
 * noted as a problem.
 *
 * @param compat read `stop_signal` as the module does, which knows full names only.
 * An option with a wrong value is noted as an error (CADDYFILE_OPTION or CADDYFILE_SYNTAX, with the module's text), and
 * reading goes on behind its line, so that all of them can be told at once.
 */
export function readSupervisor(d: Dispenser, compat: boolean): SupervisorReading {
  const definitions: DefinitionJson[] = [];
  const places: DefinitionPlaces[] = [];
  const problems: Problem[] = [];
  const errors: SupervisorError[] = [];
  d.next();
  const name = d.token();
  if (name && d.countRemainingArgs() > 0)
    problems.push(
      problemAt(
        name,
        "SUPERVISOR_ARGUMENTS",
        "'supervisor' takes no arguments: with them, its whole block is ignored",
      ),
    );
  while (d.nextBlock(0)) {
    const command = tokenPlace(d.token()!);
    const options: Record<string, Place> = {};
    const draft: Draft = { command: [d.val(), ...d.remainingArgs()] };
    const review = new Review(d, problems);
    while (d.nextBlock(1)) {
      review.word();
      const option = Object.hasOwn(readOption, d.val()) ? readOption[d.val()] : undefined;
      if (option) options[d.val()] = tokenPlace(d.token()!);
      if (!option) continue;
      try {
        option(d, draft);
        if (option === readOption.stop_signal) reviewStopSignal(d.token()!, compat, problems);
      } catch (error) {
        if (!(error instanceof SupervisorError)) throw error;
        errors.push(error);
        review.passLine();
      }
    }
    definitions.push(inOrder(draft));
    places.push({ command, options });
  }
  return { definitions, places, problems, errors };
}

/** The keys as the Go struct has them, without those that `omitempty` leaves out. */
function inOrder(draft: Draft): DefinitionJson {
  const { command, replicas, dir, env, redirect_stdout, redirect_stderr } = draft;
  const { restart_policy, termination_grace_period, user, stop_signal } = draft;
  const sortedEnv = env && Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    command,
    ...(replicas === undefined ? {} : { replicas }),
    ...(dir ? { dir } : {}),
    ...(sortedEnv ? { env: sortedEnv } : {}),
    ...(redirect_stdout ? { redirect_stdout } : {}),
    ...(redirect_stderr ? { redirect_stderr } : {}),
    ...(restart_policy ? { restart_policy } : {}),
    ...(termination_grace_period ? { termination_grace_period } : {}),
    ...(user ? { user } : {}),
    ...(stop_signal ? { stop_signal } : {}),
  };
}

/** Looks at each word that the module takes for an option of a command, one problem a line at most. */
class Review {
  readonly #d: Dispenser;
  readonly #problems: Problem[];
  /** Deeper than this is a block that does not belong here; what stands in it is not looked at. */
  readonly #level: number;
  #lineHasProblem = false;
  #lastOption = "";

  constructor(d: Dispenser, problems: Problem[]) {
    this.#d = d;
    this.#problems = problems;
    this.#level = 2;
  }

  word(): void {
    const d = this.#d;
    const token = d.token()!;
    const nested = d.nesting() > this.#level;
    if (d.isNewLine()) this.#lineHasProblem = false;
    if (this.#lineHasProblem) return;
    if (nested) {
      if (token.text === "{" && token.quote === "" && d.nesting() === this.#level + 1) this.#block(token);
    } else if (d.isNewLine()) {
      if (token.text !== "}") this.#option(token);
    } else {
      this.#extra(token);
    }
  }

  /** What is left of the line is not looked at: its option was wrong already. */
  passLine(): void {
    this.#d.remainingArgs();
    this.#lineHasProblem = true;
  }

  #note(problem: Problem): void {
    this.#problems.push(problem);
    this.#lineHasProblem = true;
  }

  #option(token: Token): void {
    this.#lastOption = token.text;
    if (optionNames.includes(token.text)) return;
    const meant = suggest(token.text, optionNames);
    this.#note(
      problemAt(
        token,
        "UNKNOWN_OPTION",
        `unrecognized option '${token.text}'${meant === undefined ? "" : `, did you mean '${meant}'?`}`,
        meant === undefined ? `the options are ${optionNames.join(", ")}` : `write ${meant}`,
      ),
    );
  }

  #block(token: Token): void {
    this.#note(
      problemAt(
        token,
        "UNKNOWN_BLOCK",
        `'${this.#lastOption}' takes no block; options in it apply to the command itself`,
      ),
    );
  }

  #extra(token: Token): void {
    this.#note(
      problemAt(
        token,
        "EXTRA_ARGUMENT",
        `unexpected '${token.text}' after the arguments of '${this.#lastOption}'`,
        `quote the ${token.text.includes("}}") ? "template" : "value"} if it contains spaces`,
      ),
    );
  }
}

function reviewStopSignal(token: Token, compat: boolean, problems: Problem[]): void {
  const signal = token.text;
  if (signal === "") return;
  if (signalNumber(signal) === undefined)
    problems.push(
      problemAt(
        token,
        "STOP_SIGNAL",
        `'stop_signal' should be a signal, '${signal}' given; the Go module reads it as SIGINT`,
      ),
    );
  else if (compat && !isModuleSignal(signal))
    problems.push(
      problemAt(
        token,
        "STOP_SIGNAL",
        `the Go module reads 'stop_signal ${signal}' as SIGINT`,
        "write the full name, such as SIGTERM",
      ),
    );
}
