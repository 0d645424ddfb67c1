import { readFileSync } from "node:fs";
import { markerVariable } from "../../src/supervise/marker.ts";
import { linuxProcessTable } from "../../src/supervise/process-table.ts";

/** A living process that carries the marker of an instance. */
export interface Marked {
  readonly pid: number;
  readonly startTime: string | undefined;
  /** Pid of the supervisor whose run it belongs to. */
  readonly run: number;
  readonly replica: string;
  readonly life: string;
  /** Whether a supervisor has started it itself; what it starts in turn has the same marker. */
  readonly leads: boolean;
}

/** The living processes of an instance, of whatever run; of all instances whose marker passes the test. */
export function markedProcesses(isOurs: (marker: string) => boolean): Marked[] {
  return (linuxProcessTable.all() ?? []).flatMap(({ pid, parent, session, startTime, dead }) => {
    const marker = dead ? undefined : linuxProcessTable.environmentValue(pid, markerVariable);
    if (marker === undefined || !isOurs(marker)) return [];
    const [instance = "", replica = "", life = ""] = marker.split(":");
    const run = Number(instance.slice(instance.indexOf("-") + 1).split(".")[0]);
    return [{ pid, startTime, run, replica, life, leads: leads(pid, parent, session, run) }];
  });
}

/**
 * Started by the supervisor itself, and not an orphan that it has inherited: a daemon of family.sh also has a session of its
 * own, and with koffi the same parent.
 */
function leads(pid: number, parent: number, session: number, run: number): boolean {
  const line = commandLine(pid);
  // Empty while it becomes another program (execve(2)): who that is will be seen at the next look.
  return (
    session === pid && parent === run && line !== "" && !/\/(daemon|own-session)"|sleep\x00864/.test(line)
  );
}

/** The replicas that more than one leader lives for: both were seen, and both still live after that. */
export function doubles(processes: readonly Marked[]): string[] {
  const living = processes.filter(
    ({ pid, startTime, leads }) =>
      leads && linuxProcessTable.entry(pid)?.startTime === startTime && !isDead(pid),
  );
  const replicas = living.map(({ replica }) => replica);
  return replicas.filter((replica, index) => replicas.indexOf(replica) !== index);
}

function isDead(pid: number): boolean {
  return linuxProcessTable.entry(pid)?.dead ?? true;
}

/** The guard of a run: it has our words in its command line, and not our marker. */
export function guardOf(run: number): number | undefined {
  return linuxProcessTable
    .all()
    ?.find(({ pid, parent }) => parent === run && commandLine(pid).includes("caddy-supervisor-guard"))?.pid;
}

/** All guards of this machine, and what they have become: who they are, for the message of a failure. */
export function guards(): string[] {
  const all = linuxProcessTable.all() ?? [];
  return all.flatMap(({ pid, parent, dead }) => {
    const line = commandLine(pid).replaceAll("\0", " ");
    return /guard-main|caddy-supervisor-guard/.test(line)
      ? [`${pid} of ${parent}${dead ? " (dead)" : ""}: ${line}`]
      : [];
  });
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}
