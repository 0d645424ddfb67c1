/** What people write when they know another supervisor, and the word they want here. */
const otherNames: Readonly<Record<string, string>> = {
  autorestart: "restart_policy",
  cwd: "dir",
  directory: "dir",
  environment: "env",
  exec_mode: "replicas",
  grace_period: "termination_grace_period",
  instances: "replicas",
  killsignal: "stop_signal",
  kill_timeout: "termination_grace_period",
  numprocs: "replicas",
  restart: "restart_policy",
  scale: "replicas",
  signal: "stop_signal",
  stderr: "redirect_stderr",
  stderr_logfile: "redirect_stderr",
  stdout: "redirect_stdout",
  stdout_logfile: "redirect_stdout",
  stopsignal: "stop_signal",
  stopwaitsecs: "termination_grace_period",
  timeout: "termination_grace_period",
  workdir: "dir",
  working_directory: "dir",
};

/** The known word that was probably meant, or undefined when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replaceAll("-", "_").replace(/[:=]$/, "");
  const same = known.find((name) => name === plain);
  if (same !== undefined) return same;
  const other = otherNames[plain];
  if (other !== undefined && known.includes(other)) return other;
  const ranked = known
    .map((name) => ({ name, distance: editDistance(plain, name) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(best.name.length / 4)) ? best.name : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 4) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
