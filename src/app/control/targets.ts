import { suggest } from "../../config/suggest.ts";
import { SupervisorError } from "../../errors.ts";
import type { Replica } from "../replica.ts";

/** Stands for all replicas. */
export const everything = "*";

/**
 * The replicas that somebody means by `worker` (all of that name), `worker:1` (one of them) or `*`, in the order of the
 * configuration.
 *
 * @throws SupervisorError `NO_PROCESS`
 */
export function findTargets(replicas: readonly Replica[], targets: readonly string[]): Replica[] {
  const found = new Set(targets.flatMap((target) => findTarget(replicas, target)));
  return replicas.filter((replica) => found.has(replica));
}

function findTarget(replicas: readonly Replica[], target: string): readonly Replica[] {
  if (target === everything) return replicas;
  const named = replicas.filter(({ plan }) => plan.name === target);
  const one = replicas.filter((replica) => targetName(replica) === target);
  if (named.length > 0 && one.length > 0) {
    throw new SupervisorError(
      "NO_PROCESS",
      `'${target}' is the name of a process, and a replica of another`,
      {
        hint: `say ${named.map((replica) => `'${targetName(replica)}'`).join(" or ")}, or give it another name`,
      },
    );
  }
  if (named.length > 0 || one.length > 0) return [...named, ...one];
  throw new SupervisorError("NO_PROCESS", `no process is called '${target}'`, {
    hint: hintFor(replicas, target),
  });
}

/** `worker:0` */
export function targetName({ plan }: Replica): string {
  return `${plan.name}:${plan.options.replica}`;
}

function hintFor(replicas: readonly Replica[], target: string): string {
  const names = [...new Set(replicas.map(({ plan }) => plan.name))];
  if (names.length === 0) return "the configuration has no processes";
  const name = target.replace(/:\d+$/, "");
  const near = names.includes(name) ? name : suggest(name, names);
  if (near !== undefined && near === name) {
    const count = replicas.filter(({ plan }) => plan.name === name).length;
    return `it has ${count} replica${count === 1 ? "" : "s"}: ${name}:0${count > 1 ? ` to ${name}:${count - 1}` : ""}`;
  }
  if (near !== undefined) return `did you mean '${near}'?`;
  const most = 10;
  const more = names.length > most ? ` and ${names.length - most} more` : "";
  return `there are ${names.slice(0, most).join(", ")}${more}`;
}
