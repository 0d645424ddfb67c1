import type { InstanceStatus } from "../../app/control/control.ts";
import type { LastExit, ReplicaStatus } from "../../app/control/status.ts";
import { period } from "../../app/control/why.ts";
import type { StatusFlags } from "../flags.ts";
import { findInstance } from "../instance.ts";
import { printJson, printText } from "../print.ts";

/** `status`: what runs. Exit code 1 when one that was named does not. */
export async function statusCommand(targets: readonly string[], flags: StatusFlags): Promise<number> {
  const status = await findInstance(flags).status(targets);
  if (flags.json) printJson(status);
  else printText(statusText(status));
  const isUp = ({ state }: ReplicaStatus) => state === "ready" || state === "started";
  return targets.length === 0 || status.processes.every(isUp) ? 0 : 1;
}

type Column = readonly [title: string, text: (status: ReplicaStatus) => string];

const none = "-";

const columns: readonly Column[] = [
  ["NAME", ({ name, replica }) => `${name}:${replica}`],
  ["STATE", ({ state }) => state],
  ["PID", ({ pid }) => String(pid ?? none)],
  ["UPTIME", ({ uptime }) => (uptime === undefined ? none : period(uptime * 1000))],
  ["RESTARTS", ({ restarts }) => String(restarts)],
  ["CPU", cpuShare],
  ["MEMORY", ({ memory }) => (memory === undefined ? none : sizeText(memory))],
  ["LAST EXIT", ({ lastExit }) => (lastExit === undefined ? none : exitText(lastExit))],
  ["NEXT TRY", ({ nextTry }) => (nextTry === undefined ? none : `in ${period(nextTry * 1000)}`)],
];

/** A table of all replicas, and a line about the instance itself. */
export function statusText({
  version,
  pid,
  state,
  uptime,
  config,
  caddy,
  processes,
}: InstanceStatus): string {
  const beside =
    caddy === undefined
      ? ""
      : `; Caddy ${caddy.state}${caddy.pid === undefined ? "" : ` (pid ${caddy.pid})`}`;
  const head = `caddy-supervisor ${version} (pid ${pid}) ${state} for ${period(uptime * 1000)}: ${config}${beside}\n`;
  if (processes.length === 0) return head;
  const rows = [
    columns.map(([title]) => title),
    ...processes.map((each) => columns.map(([, text]) => text(each))),
  ];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd();
  return `${head}${rows.map(line).join("\n")}\n`;
}

/** Of one processor, over the whole run, as ps(1) shows it. */
function cpuShare({ cpuTime, uptime }: ReplicaStatus): string {
  if (cpuTime === undefined || uptime === undefined || uptime === 0) return none;
  return `${((100 * cpuTime) / uptime).toFixed(1)}%`;
}

function exitText({ exitCode, signal, error }: LastExit): string {
  if (exitCode !== undefined) return String(exitCode);
  // The reason of a failed start is a sentence: `why` tells it.
  return signal ?? (error === undefined ? none : "not started");
}

const sizeUnits = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

function sizeText(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), sizeUnits.length - 1);
  return `${(bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${sizeUnits[unit]}`;
}
