import type { Definition } from "./definition.ts";
import { isSame } from "./is-same.ts";
import type { ReplicaPlan } from "./options.ts";

/**
 * What becomes of each replica when a configuration is replaced by another: pure, so that it can be printed before
 * anything is done.
 */

/** A replica of a configuration, with what it is known by from one configuration to the next. */
export interface IdentifiedPlan {
  /** See {@link definitionKeys}. */
  readonly key: string;
  readonly plan: ReplicaPlan;
}

/** One line of a plan. `was` and `will` are the caller's own: what runs, and what is to run. */
export type ReplicaChange<Was, Will> =
  /** Nothing that the process could notice has changed; its rules may have. */
  | { readonly kind: "keep"; readonly was: Was; readonly will: Will; readonly why: readonly string[] }
  | { readonly kind: "restart"; readonly was: Was; readonly will: Will; readonly why: readonly string[] }
  | { readonly kind: "start"; readonly will: Will; readonly why: readonly string[] }
  | { readonly kind: "stop"; readonly was: Was; readonly why: readonly string[] };

/**
 * What each definition is known by: its name if it has one of its own, else its command; the second with the same one
 * is known by its position among them. The order of different definitions does not matter.
 */
export function definitionKeys(definitions: readonly Definition[]): string[] {
  const seen = new Map<string, number>();
  return definitions.map((definition) => {
    const base = definition.name
      ? `name ${definition.name}`
      : `command ${JSON.stringify(definition.command)}`;
    const before = seen.get(base) ?? 0;
    seen.set(base, before + 1);
    return `${base} #${before}`;
  });
}

/**
 * The plan for going from what runs to what is to run, in the order of the latter; what is stopped comes last.
 *
 * @param changesAround what else a process cannot take on, and its plan does not hold
 */
export function planReload<Was extends IdentifiedPlan, Will extends IdentifiedPlan>(
  running: readonly Was[],
  wanted: readonly Will[],
  changesAround: (was: Was, will: Will) => readonly string[] = () => [],
): ReplicaChange<Was, Will>[] {
  const identity = ({ key, plan }: IdentifiedPlan) => `${key} ${plan.options.replica}`;
  const left = new Map(running.map((was) => [identity(was), was]));
  const knownKeys = new Set(running.map(({ key }) => key));
  const wantedKeys = new Set(wanted.map(({ key }) => key));
  const changes = wanted.map((will): ReplicaChange<Was, Will> => {
    const was = left.get(identity(will));
    if (was === undefined) {
      return { kind: "start", will, why: [knownKeys.has(will.key) ? "replicas raised" : "added"] };
    }
    left.delete(identity(will));
    // As nearly all are: one comparison instead of twenty.
    const isKept = isSame(was.plan, will.plan);
    const why = [...(isKept ? [] : changesOfProcess(was.plan, will.plan)), ...changesAround(was, will)];
    if (why.length > 0) return { kind: "restart", was, will, why };
    return { kind: "keep", was, will, why: isKept ? [] : changesOfRules(was.plan, will.plan) };
  });
  const stopped = [...left.values()].map((was): ReplicaChange<Was, Will> => {
    return { kind: "stop", was, why: [wantedKeys.has(was.key) ? "replicas lowered" : "removed"] };
  });
  return [...changes, ...stopped];
}

/** What a running process cannot take on: it has to be started anew. */
function changesOfProcess(was: ReplicaPlan, will: ReplicaPlan): string[] {
  const before = was.options;
  const after = will.options;
  const differs = (name: string, a: unknown, b: unknown) => (isSame(a, b) ? [] : [`${name} changed`]);
  return [
    ...differs("command", [before.command, ...before.args], [after.command, ...after.args]),
    ...differs("dir", before.dir, after.dir),
    ...changesOfEnvironment(before.env, after.env),
    ...differs("env_file", was.envFiles, will.envFiles),
    ...differs("clear_env", was.keepEnv, will.keepEnv),
    ...differs("user", before.user, after.user),
    ...differs("group", was.rights.group, will.rights.group),
    ...differs("umask", was.rights.umask, will.rights.umask),
    ...differs("nice", was.rights.nice, will.rights.nice),
    ...differs("limits", was.rights.limits, will.rights.limits),
    ...differs("no_new_privileges", was.rights.noNewPrivileges, will.rights.noNewPrivileges),
    ...differs("redirect_stdout", was.stdout, will.stdout),
    ...differs("redirect_stderr", was.stderr, will.stderr),
  ];
}

/** Names only: values may be secrets. */
function changesOfEnvironment(was: readonly string[], will: readonly string[]): string[] {
  const before = variables(was);
  const after = variables(will);
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name) => {
    if (!after.has(name)) return [`env ${name} removed`];
    if (!before.has(name)) return [`env ${name} added`];
    return before.get(name) === after.get(name) ? [] : [`env ${name} changed`];
  });
}

function variables(entries: readonly string[]): Map<string, string> {
  return new Map(
    entries.map((entry) => {
      const equals = entry.indexOf("=");
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}

/** What the supervisor takes on without the process noticing: how it is stopped, and what follows its end. */
function changesOfRules(was: ReplicaPlan, will: ReplicaPlan): string[] {
  const rules = (plan: ReplicaPlan): Readonly<Record<string, unknown>> => ({
    name: plan.name,
    restart_policy: plan.options.restartPolicy,
    backoff: plan.restarts.backoff,
    restart_limit: plan.restarts.limit,
    success_exit_codes: plan.restarts.successExitCodes,
    essential: plan.restarts.essential,
    stop_signal: plan.stopSteps.map(({ signal }) => signal),
    termination_grace_period: plan.stopSteps.map(({ wait }) => wait),
    stop_command: plan.stopCommand,
  });
  const before = rules(was);
  return Object.entries(rules(will)).flatMap(([name, value]) =>
    isSame(before[name], value) ? [] : [`${name} changed`],
  );
}

/** How a replica is named in a printed plan: `worker:0`. */
export function replicaName({ plan }: IdentifiedPlan): string {
  return `${plan.name}:${plan.options.replica}`;
}
