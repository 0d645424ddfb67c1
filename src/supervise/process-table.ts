import { readdirSync, readFileSync } from "node:fs";
import type { ProcessIdentity } from "./ports.ts";

/** A line of the process table. */
export interface ProcessEntry extends ProcessIdentity {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly name: string;
  /** A zombie: dead, waiting to be reaped. Signals do nothing to it. */
  readonly dead: boolean;
}

/** What a platform can tell about its processes. */
export interface ProcessTable {
  /**
   * All processes; those that end while the table is read are left out. Undefined when it cannot be read just now: no
   * descriptor is free. To take that for "no process" would let what is left survive.
   */
  all(): ProcessEntry[] | undefined;
  /** The process with this pid now, undefined when there is none. */
  entry(pid: number): ProcessEntry | undefined;
  /** The pids of a process's children, zombies too; undefined where that is not told. Far less work than {@link all}. */
  childrenOf?(pid: number): number[] | undefined;
  /** A variable of the environment that a process was started with; undefined when it has none or may not be read. */
  environmentValue(pid: number, name: string): string | undefined;
}

/** Linux: /proc/PID/stat, /proc/PID/environ and /proc/PID/task/TID/children (proc(5)). */
export const linuxProcessTable: ProcessTable = {
  all() {
    const names = processNames();
    if (names === undefined) return undefined;
    const entries: ProcessEntry[] = [];
    for (const name of names) {
      const first = name.charCodeAt(0);
      if (first < 0x31 || first > 0x39) continue;
      const entry = readEntry(Number(name));
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  },
  entry: readEntry,
  childrenOf(pid) {
    try {
      // Of its first thread: that is who starts processes in a Node program, and who inherits them.
      return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    } catch {
      // A kernel without CONFIG_PROC_CHILDREN.
      return undefined;
    }
  },
  environmentValue(pid, name) {
    try {
      return valueIn(readFileSync(`/proc/${pid}/environ`, "utf8"), name);
    } catch {
      return undefined;
    }
  },
};

function processNames(): string[] | undefined {
  try {
    return readdirSync("/proc");
  } catch {
    return undefined;
  }
}

function readEntry(pid: number): ProcessEntry | undefined {
  try {
    // UTF-8, whatever is in there: Node reads such a file in one call, and others in four.
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Fields of proc(5): the one behind the name, and the start time, which is the last one that we want. */
const firstField = 3;
const lastField = 22;

/** The name stands in parentheses and may itself hold spaces and parentheses: split after the last one. */
export function parseStat(pid: number, stat: string): ProcessEntry | undefined {
  const open = stat.indexOf("(");
  const close = stat.lastIndexOf(")");
  if (open < 0 || close < open) return undefined;
  const fields = stat.slice(close + 2).split(" ", lastField - firstField + 1);
  const [state, parent, group, session] = fields;
  return {
    pid,
    name: stat.slice(open + 1, close),
    dead: state === "Z" || state === "X",
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startTime: fields[lastField - firstField],
  };
}

/** The value of a variable in NUL-separated `KEY=VALUE` entries. */
function valueIn(environment: string, name: string): string | undefined {
  const key = `${name}=`;
  const at = environment.startsWith(key) ? 0 : environment.indexOf(`\0${key}`) + 1;
  if (at === 0 && !environment.startsWith(key)) return undefined;
  const start = at + key.length;
  const end = environment.indexOf("\0", start);
  return environment.slice(start, end < 0 ? undefined : end);
}
