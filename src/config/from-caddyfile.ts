import type { Dispenser } from "../caddyfile/dispenser.ts";
import { tokenPlace } from "../caddyfile/token.ts";
import { type Place, SupervisorError } from "../errors.ts";
import { parseDuration } from "../go/duration.ts";
import { parseInteger } from "../go/integers.ts";
import { type DefinitionJson, type OutputTarget, restartPolicies } from "./definition.ts";
import { definitionFields } from "./fields.ts";
import { checkAt, checkTarget, type Draft as OpenDraft, ownOptions, readTargetBlock } from "./own-options.ts";
import type { DefinitionPlaces } from "./places.ts";
import { type Problem, problemAt } from "./problems.ts";
import { Review, reviewStopSignal } from "./review.ts";
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

type Draft = OpenDraft & { command: string[] };
type ReadOption = (d: Dispenser, draft: Draft, compat: boolean) => void;

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

/** `env A=1` is how shells, systemd and Docker write it. Nothing of the value is repeated: it may be a secret. */
function envErr(d: Dispenser): SupervisorError {
  const { code, message, place } = d.argErr();
  const [name, value] = d.val().split("=", 2);
  const hint = value === undefined ? undefined : `name and value are two words: env ${name} …`;
  return new SupervisorError(code, message, { place, hint });
}

function outputTarget(d: Dispenser, compat: boolean): OutputTarget {
  const type = oneArg(d);
  if (type === "log" && !compat) return { type };
  if (type === "null" || type === "stdout" || type === "stderr") return { type };
  if (type !== "file")
    invalid(
      d,
      `target should be either 'null', 'stdout', 'stderr',  or 'file': '${type}' given`,
      type.includes("/")
        ? `write file ${type}`
        : meantHint(type, ["null", "stdout", "stderr", "file", "log"]),
    );
  const file = oneArg(d);
  return file === "" ? { type } : { type, file };
}

const readOption: Readonly<Record<string, ReadOption>> = {
  dir: (d, draft) => {
    draft.dir = oneArg(d);
  },
  env: (d, draft) => {
    const [key, ...words] = d.args(2) ?? d.fail(envErr(d));
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
  redirect_stdout: (d, draft, compat) => {
    draft.redirect_stdout = outputTarget(d, compat);
  },
  redirect_stderr: (d, draft, compat) => {
    draft.redirect_stderr = outputTarget(d, compat);
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

/** What the Go module knows. */
const moduleOptionNames: readonly string[] = Object.keys(readOption);

/** The options of a command, in the order of the documentation. */
export const optionNames: readonly string[] = [...moduleOptionNames, ...Object.keys(ownOptions)];

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
 *         redirect_stdout          null | stdout | stderr | file <path> [{ … }] | log [{ … }]
 *         redirect_stderr          null | stdout | stderr | file <path> [{ … }] | log [{ … }]
 *         termination_grace_period <duration>
 *         stop_signal              <signal>
 *         replicas                 <number>
 *         (our own options: see own-options.ts)
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
  const known = compat ? moduleOptionNames : optionNames;
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
    const review = new Review(d, problems, known);
    while (d.nextBlock(1)) {
      review.word();
      const name = d.val();
      if (!known.includes(name)) continue;
      const token = d.token()!;
      options[name] = tokenPlace(token);
      try {
        readOne(d, name, draft, compat);
        if (name === "stop_signal") reviewStopSignal(d.token()!, compat, problems);
      } catch (error) {
        if (!(error instanceof SupervisorError)) throw error;
        errors.push(error);
        // What comes after it is checked without it.
        if (Object.hasOwn(ownOptions, name)) delete draft[name as keyof OpenDraft];
        review.passLine();
      }
    }
    definitions.push(inOrder(draft));
    places.push({ command, options });
  }
  return { definitions, places, problems, errors };
}

/** Reads one option, on whose name the dispenser stands; our own are checked at once, as the module checks its own. */
function readOne(d: Dispenser, name: string, draft: Draft, compat: boolean): void {
  const token = d.token()!;
  const own = ownOptions[name];
  if (own !== undefined) {
    own.read(d, draft);
    checkAt(token, draft, own.check);
    return;
  }
  readOption[name]?.(d, draft, compat);
  if (compat || (name !== "redirect_stdout" && name !== "redirect_stderr")) return;
  readTargetBlock(d, name, draft);
  checkAt(token, draft, (definition) => checkTarget(name, definition));
}

/** The keys in the order of the Go struct, without those that its `omitempty` leaves out. */
function inOrder(draft: Draft): DefinitionJson {
  const values: Readonly<Record<string, unknown>> = { ...draft, env: sortedKeys(draft.env) };
  const present = definitionFields.fields
    .map(({ json }) => [json, values[json]] as const)
    .filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(present) as unknown as DefinitionJson;
}

function sortedKeys(env: DefinitionJson["env"]): DefinitionJson["env"] {
  return env && Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)));
}
