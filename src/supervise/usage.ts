import { readdirSync, readFileSync } from "node:fs";
import { parseStat } from "./process-table.ts";

/** What the processes of one session have used. */
export interface Usage {
  /** User and system time, in seconds; of children only once their parents have waited for them. */
  readonly cpuTime: number;
  /** Resident memory, in bytes; what processes share counts for each of them, as in ps(1). */
  readonly memory: number;
}

/** USER_HZ: what times in /proc/PID/stat are counted in, on every architecture that Node runs on (proc(5)). */
const ticksPerSecond = 100;

/**
 * What the sessions of these leaders use, by the leader's pid: one pass over /proc, whoever asks. Empty where there is no
 * /proc.
 */
export function usageOf(leaders: readonly number[]): ReadonlyMap<number, Usage> {
  const wanted = new Set(leaders);
  const sums = new Map<number, Usage>();
  if (wanted.size === 0) return sums;
  for (const pid of pids()) {
    const used = readUsage(pid, wanted);
    if (used === undefined) continue;
    const before = sums.get(used.session) ?? { cpuTime: 0, memory: 0 };
    sums.set(used.session, {
      cpuTime: before.cpuTime + used.cpuTime,
      memory: before.memory + used.memory,
    });
  }
  return sums;
}

function pids(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function readUsage(pid: number, sessions: ReadonlySet<number>): (Usage & { session: number }) | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const session = parseStat(pid, stat)?.session;
    if (session === undefined || !sessions.has(session)) return undefined;
    return { session, cpuTime: cpuTime(stat), memory: residentMemory(pid) };
  } catch {
    // It has ended in the meantime.
    return undefined;
  }
}

/** Fields 14 to 17: utime, stime, and those of the children that were waited for. */
function cpuTime(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / ticksPerSecond;
}

/** In kB there, whatever the size of a page. */
function residentMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
}
