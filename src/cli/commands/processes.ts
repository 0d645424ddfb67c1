import type { ControlClient } from "../../admin/client.ts";
import type { Outcome } from "../../app/control/outcome.ts";
import { SupervisorError } from "../../errors.ts";
import type { TargetFlags } from "../flags.ts";
import { findInstance } from "../instance.ts";
import { printJson, printText } from "../print.ts";

/** `up`, `down` and `restart`: exit code 1 when one of the processes could not be brought there. */
export async function processesCommand(
  action: "up" | "down" | "restart",
  names: readonly string[],
  flags: TargetFlags,
): Promise<number> {
  return told(await findInstance(flags)[action](targetsOf(action, names, flags)), flags);
}

/** `signal`: to the processes themselves. */
export async function signalCommand(
  signal: string,
  names: readonly string[],
  flags: TargetFlags,
): Promise<number> {
  return told(await findInstance(flags).signal(targetsOf("signal", names, flags), signal), flags);
}

/** `scale`: another number of replicas. */
export async function scaleCommand(words: readonly string[], flags: TargetFlags): Promise<number> {
  const wanted = words.map(parseScale);
  const client: ControlClient = findInstance(flags);
  const { reportText } = await import("./reload.ts");
  for (const { name, replicas } of wanted) {
    const report = await client.scale(name, replicas);
    if (flags.json) printJson(report);
    else printText(reportText(report, false));
  }
  return 0;
}

function targetsOf(action: string, names: readonly string[], { all }: TargetFlags): readonly string[] {
  if (all && names.length === 0) return ["*"];
  if (!all && names.length > 0) return names;
  throw new SupervisorError("USAGE", `${action} needs the names of processes, or --all`, {
    hint: `write it as: caddy-supervisor ${action}${action === "signal" ? " USR1" : ""} worker web:1`,
  });
}

function parseScale(word: string): { name: string; replicas: number } {
  const [, name, replicas] = /^(.+)=(\d{1,6})$/s.exec(word) ?? [];
  if (name !== undefined) return { name, replicas: Number(replicas) };
  throw new SupervisorError("USAGE", `'${word}' does not say how many replicas of what`, {
    hint: "write it as: caddy-supervisor scale worker=5",
  });
}

function told(outcomes: readonly Outcome[], { json }: TargetFlags): number {
  for (const outcome of outcomes) {
    if (json) printJson(outcome);
    else printText(`${outcomeText(outcome)}\n`);
  }
  return outcomes.some(({ result }) => result === "failed") ? 1 : 0;
}

function outcomeText({ name, replica, result, pid, error, forced, killed = [] }: Outcome): string {
  const more = [
    ...(pid === undefined ? [] : [`pid ${pid}`]),
    ...(forced ? ["stopped by SIGKILL after its grace period"] : []),
    ...(killed.length === 0 ? [] : [`also killed: ${killed.join(", ")}`]),
    ...(error === undefined ? [] : [error]),
  ];
  return `${name}:${replica} ${result}${more.length === 0 ? "" : ` (${more.join("; ")})`}`;
}
