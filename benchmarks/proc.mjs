// What /proc tells of processes: who belongs to whom, memory, CPU time (proc(5)).
import { readdirSync, readFileSync } from "node:fs";

/** The pids below `ancestor`, itself included; what began in a session of its own is found too. */
export function treeOf(ancestor) {
  const children = new Map();
  for (const pid of allPids()) {
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [ancestor];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** Every process that was started with this text in its environment. */
export function withEnvironment(text) {
  return allPids().filter((pid) => pid !== process.pid && read(`/proc/${pid}/environ`).includes(text));
}

/** Its words, each with a NUL behind it. */
export function commandOf(pid) {
  return read(`/proc/${pid}/cmdline`);
}

/** Proportional set size in KiB; shared pages count by their share. */
export function pssOf(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Nanoseconds that all threads of a process have run for. */
export function cpuOf(pid) {
  return threadsOf(pid).reduce((sum, thread) => {
    const [ran = "0"] = read(`/proc/${pid}/task/${thread}/schedstat`).split(" ");
    return sum + Number(ran);
  }, 0);
}

export function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

function parentOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat === "" ? undefined : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function allPids() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty when it is gone, or not ours to read. */
function read(path) {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
