import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** A run that a signal has ended. */
export interface Ended {
  readonly pid: number;
  readonly signal: number;
  /** Where it was started; if it has gone elsewhere since, its file is not found. */
  readonly dir: string;
  /** When, in ms since 1970: an older file is another process's that had its number. */
  readonly since: number;
}

/** The signals that dump (signal(7), action Core). */
const dumping = (["QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "SEGV", "XCPU", "XFSZ", "SYS"] as const).map(
  (name) => constants.signals[`SIG${name}`],
);

/** The clock of files is up to a tick of the kernel behind (ms). */
const tick = 20;

/**
 * The core dump of an ended process; undefined when it is not known whether there is one. Node drops what waitpid(2) says of it, so it
 * is looked for, where the kernel's pattern (core(5)) is a plain file's and has the pid in it: any other name could be
 * another process's. Never throws.
 *
 * @param root what the paths of the kernel's settings begin with, for tests
 */
export function coreFile({ pid, signal, dir, since }: Ended, root = "/"): string | undefined {
  if (!dumping.includes(signal)) return undefined;
  const pattern = patternWithPid(root);
  if (pattern === undefined) return undefined;
  // A name made from what we do not know may be anything in its folder, but not the folder.
  const folder = dirname(pattern);
  if (folder.includes("%")) return undefined;
  const name = nameMatching(basename(pattern), pid, signal);
  const found = filesIn(resolve(dir, folder)).filter(
    (path) => name.test(basename(path)) && isDump(path, since - tick),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** Undefined: the dump goes to a program (`|`) or a socket (`@`), or its name does not tell whose it is. */
function patternWithPid(root: string): string | undefined {
  const setting = (name: string) => textOf(join(root, "proc/sys/kernel", name)).trim();
  const pattern = setting("core_pattern");
  if (pattern === "" || /^[|@]/.test(pattern)) return undefined;
  if (/%p/.test(pattern.replaceAll("%%", ""))) return pattern;
  return setting("core_uses_pid") === "1" ? `${pattern}.%p` : undefined;
}

function nameMatching(pattern: string, pid: number, signal: number): RegExp {
  const known: Readonly<Record<string, string>> = {
    "%p": String(pid),
    "%s": String(signal),
    "%%": "%",
    // The kernel drops one that nothing follows.
    "%": "",
  };
  const pieces = pattern.split(/(%.?)/).map((piece) => {
    if (!piece.startsWith("%")) return escaped(piece);
    return known[piece] ?? ".*";
  });
  return new RegExp(`^${pieces.join("")}$`, "s");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function isDump(path: string, since: number): boolean {
  try {
    const stats = lstatSync(path);
    return stats.isFile() && stats.size > 0 && stats.mtimeMs >= since;
  } catch {
    return false;
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
