import type { ProcessEntry, ProcessTable } from "../process-table.ts";

/** A look-up of one process may use a table that is this old (ms): a hundred look-ups in one turn run one program. */
const freshness = 50;

/** A table that only a program of the system can read, as a whole. Nobody can tell environments there. */
export function snapshotTable(
  read: () => ProcessEntry[] | undefined,
  now: () => number = () => performance.now(),
): ProcessTable {
  let latest: { readonly at: number; readonly byPid: Map<number, ProcessEntry> } | undefined;
  const all = () => {
    const entries = read();
    if (entries !== undefined)
      latest = { at: now(), byPid: new Map(entries.map((entry) => [entry.pid, entry])) };
    return entries;
  };
  return {
    all,
    entry(pid) {
      if (latest === undefined || now() - latest.at > freshness) all();
      return latest?.byPid.get(pid);
    },
    environmentValue: () => undefined,
  };
}
