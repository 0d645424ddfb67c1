import { SupervisorError } from "../errors.ts";
import { parseDuration } from "../go/duration.ts";
import { allSignals } from "../go/signals.ts";
import { executeOptions, type TemplateData, type TemplateOptions } from "../go/template/index.ts";
import {
  commandLine,
  type Definition,
  moduleTargetTypes,
  type OutputTarget,
  type RestartPolicy,
  restartPolicies,
} from "./definition.ts";
import { invalid } from "./invalid.ts";
import { planKeptVariables } from "./kept-variables.ts";
import { planStream, type StreamPlan } from "./output-plan.ts";
import { processName } from "./process-name.ts";
import { planRestarts, type RestartPlan } from "./restart-plan.ts";
import { planRights, type RightsPlan } from "./rights-plan.ts";
import { planStop, type StopStep } from "./stop-plan.ts";
import { isModuleSignal, signalNumber } from "./stop-signal.ts";

/**
 * What one replica runs: a definition with its defaults filled in and its templates applied. `env` is on top of the
 * supervisor's own environment, and of two equal keys the last wins.
 */
export interface Options extends TemplateData {
  /** A path is still a template here, as template data sees it: the opened path is in {@link ReplicaPlan}. */
  readonly redirectStdout: OutputTarget;
  readonly redirectStderr: OutputTarget;
  readonly restartPolicy: RestartPolicy;
}

/** A replica's options together with what the original's `Options` has no field for. Templates are applied. */
export interface ReplicaPlan {
  readonly options: Options;
  /** The command as configured, before templates: how the original names a process in its log. */
  readonly commandAsWritten: readonly string[];
  /** How people call the process: all replicas of a definition have one name. */
  readonly name: string;
  readonly stdout: StreamPlan;
  readonly stderr: StreamPlan;
  readonly restarts: RestartPlan;
  /** The signals of a stop, in order; SIGKILL follows. */
  readonly stopSteps: readonly StopStep[];
  /** Run before any stop signal; empty: none. */
  readonly stopCommand: readonly string[];
  readonly rights: RightsPlan;
  /** Paths of env files, read at each start. */
  readonly envFiles: readonly string[];
  /** Which of our own variables are passed on; undefined: all. */
  readonly keepEnv: readonly string[] | undefined;
}

export interface OptionsContext extends TemplateOptions {
  /** Read `stop_signal` as the Go module does: any word it does not know silently means SIGINT. Default false. */
  readonly compat?: boolean;
}

/** More replicas than this in one definition is refused: Linux has at most 2^22 process ids. */
export const maximumReplicas = 100_000;

const defaultGracePeriod = "10s";
const defaultStopSignal = 2;

/**
 * The replicas of a definition, in order.
 *
 * @throws SupervisorError `DEFINITION` for a value that the module refuses at provision, `TEMPLATE` with all
 * errors of the first replica that fails
 */
export function planReplicas(definition: Definition, context: OptionsContext = {}): ReplicaPlan[] {
  const base = defaults(definition, context);
  const shared = planShared(definition, base);
  const replicas = definition.replicas ?? 1;
  if (replicas < 0) throw invalid("replicas", `'replicas' should be a positive integer, '${replicas}' given`);
  if (replicas > maximumReplicas) {
    throw invalid("replicas", `'replicas' should be at most ${maximumReplicas}, '${replicas}' given`);
  }
  return Array.from({ length: replicas }, (_, replica) =>
    applyTemplates({ ...base, replica }, definition, context, shared),
  );
}

/** What is the same for all replicas: no template reaches it. */
type SharedPlan = Pick<
  ReplicaPlan,
  "commandAsWritten" | "name" | "restarts" | "stopSteps" | "rights" | "keepEnv"
>;

function planShared(definition: Definition, base: Omit<Options, "replica">): SharedPlan {
  const stopStep = { signal: base.stopSignal, wait: Number(base.terminationGracePeriod) / 1e6 };
  return {
    commandAsWritten: definition.command,
    name: processName(definition),
    restarts: planRestarts(definition),
    stopSteps: planStop(definition, stopStep),
    rights: planRights(definition),
    keepEnv: planKeptVariables(definition),
  };
}

function defaults(definition: Definition, context: OptionsContext): Omit<Options, "replica"> {
  const [command, ...args] = definition.command;
  const compat = context.compat ?? false;
  if (command === undefined) {
    throw invalid(
      "command",
      "command should be defined",
      'give at least the program: "command": ["php-fpm"]',
    );
  }
  return {
    command,
    args,
    dir: definition.dir ?? "",
    env: Object.entries(definition.env ?? {}).map(([key, value]) => `${key}=${value}`),
    redirectStdout: checkTarget("redirect_stdout", definition.redirectStdout ?? { type: "stdout" }, compat),
    redirectStderr: checkTarget("redirect_stderr", definition.redirectStderr ?? { type: "stderr" }, compat),
    restartPolicy: checkRestartPolicy(definition.restartPolicy ?? "always"),
    terminationGracePeriod: parseGracePeriod(definition),
    user: definition.user ?? "",
    stopSignal: parseStopSignal(definition.stopSignal ?? "", compat),
  };
}

/** As the original checks it, before any template is applied; templates see the type and the path alone. */
function checkTarget(option: string, target: OutputTarget, compat: boolean): OutputTarget {
  const { type, file } = target;
  // For its checks of everything else; a path that is a template has not its value yet.
  if (!compat) planStream(option, target, file ?? "");
  if (!moduleTargetTypes.includes(type) && (compat || type !== "log")) {
    throw invalid(
      option,
      `unsupported output target type '${type}', allowed: ${moduleTargetTypes.join(", ")}`,
    );
  }
  if (type === "file" && !file) throw invalid(option, "invalid output target, file should be defined");
  return file === undefined ? { type } : { type, file };
}

function checkRestartPolicy(policy: RestartPolicy): RestartPolicy {
  // In Go's JSON an absent and an empty policy are the same: the default.
  if ((policy as string) === "") return "always";
  if (restartPolicies.includes(policy)) return policy;
  throw invalid(
    "restart_policy",
    `'restart_policy' should be either 'always', 'never', or 'on_failure': '${policy}' given`,
    "the Go module takes any other word for 'always'",
  );
}

function parseGracePeriod(definition: Definition): bigint {
  try {
    return parseDuration(definition.terminationGracePeriod || defaultGracePeriod);
  } catch (cause) {
    throw new SupervisorError(
      "DEFINITION",
      `cannot parse termination grace period of supervisor '${commandLine(definition)}'`,
      { cause, option: "termination_grace_period", hint: "write it as 10s, 1m30s or 500ms" },
    );
  }
}

/**
 * The number of a stop signal; empty means SIGINT.
 *
 * @throws SupervisorError `DEFINITION` for a word that is no signal (with `compat` it means SIGINT, as in the module)
 */
function parseStopSignal(text: string, compat: boolean): number {
  if (text === "" || (compat && !isModuleSignal(text))) return defaultStopSignal;
  const number = signalNumber(text);
  if (number !== undefined) return number;
  throw invalid(
    "stop_signal",
    `'stop_signal' should be a signal, '${text}' given`,
    `write it as SIGTERM, TERM or 15; known: ${allSignals.map(({ name }) => name).join(" ")}`,
  );
}

/** Applies the templates of one replica and gathers every error, in the original's order and words. */
function applyTemplates(
  raw: Options,
  definition: Definition,
  context: OptionsContext,
  shared: SharedPlan,
): ReplicaPlan {
  const errors: { option: string; message: string }[] = [];
  const apply = (option: string, text: string, where = option): string => {
    if (!text.includes("{{")) return text;
    try {
      return executeOptions(text, raw, context);
    } catch (error) {
      if (!(error instanceof SupervisorError)) throw error;
      errors.push({ option, message: `${where}: ${error.message}` });
      return "";
    }
  };
  // Spelt out: an object that begins with a spread has a shape of its own to V8, and there may be thousands.
  const options: Options = {
    command: apply("command", raw.command),
    args: raw.args.map((argument, index) => apply("command", argument, `args[${index}]`)),
    dir: apply("dir", raw.dir),
    env: raw.env.map((entry, index) => apply("env", entry, `env[${index}]`)),
    replica: raw.replica,
    redirectStdout: raw.redirectStdout,
    redirectStderr: raw.redirectStderr,
    restartPolicy: raw.restartPolicy,
    terminationGracePeriod: raw.terminationGracePeriod,
    user: raw.user,
    stopSignal: raw.stopSignal,
  };
  const path = ({ type, file = "" }: OutputTarget, option: string) =>
    type !== "file" || context.compat ? file : apply(option, file);
  const stdoutPath = path(raw.redirectStdout, "redirect_stdout");
  const stderrPath = path(raw.redirectStderr, "redirect_stderr");
  const stopCommand = (definition.stopCommand ?? []).map((word) => apply("stop_command", word));
  const envFiles = (definition.envFile ?? []).map((file) => apply("env_file", file));
  if (errors.length > 0) {
    const messages = errors.map(({ message }) => message).join("\n");
    throw new SupervisorError("TEMPLATE", `failed to process templates: \n${messages}`, {
      option: errors[0]?.option,
      hint: "try it: caddy-supervisor template 'TEXT'",
    });
  }
  return {
    commandAsWritten: shared.commandAsWritten,
    name: shared.name,
    restarts: shared.restarts,
    stopSteps: shared.stopSteps,
    rights: shared.rights,
    keepEnv: shared.keepEnv,
    options,
    stdout: planStream("redirect_stdout", definition.redirectStdout ?? raw.redirectStdout, stdoutPath),
    stderr: planStream("redirect_stderr", definition.redirectStderr ?? raw.redirectStderr, stderrPath),
    stopCommand,
    envFiles,
  };
}
