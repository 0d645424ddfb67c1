import type { ProcessEntry, ProcessTable } from "../../src/supervise/process-table.ts";

interface PaperProcess extends Partial<ProcessEntry> {
  readonly pid: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A process table that says what the test wrote into it. */
export function paperTable(processes: readonly PaperProcess[]): ProcessTable {
  const entries = processes.map((process) => ({
    parent: 1,
    group: process.pid,
    session: process.pid,
    name: "paper",
    dead: false,
    startTime: "1",
    ...process,
  }));
  return {
    all: () => entries,
    entry: (pid) => entries.find((entry) => entry.pid === pid),
    environmentValue: (pid, name) => processes.find((process) => process.pid === pid)?.environment?.[name],
  };
}
