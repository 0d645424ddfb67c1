import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, resolve } from "node:path";
import type { Credentials } from "./credentials.ts";

/**
 * Finding the program and the working directory before the process exists, so that a failure is told in Go's words
 * (os/exec.LookPath, os.StartProcess) instead of by a wrapper's exit code.
 */

export interface Located {
  /** Absolute path of the program. */
  readonly file: string;
}

export interface LookupRequest {
  readonly command: string;
  /** Working directory of the process, absolute; undefined: it stays in ours, to which it needs no right. */
  readonly dir: string | undefined;
  /** The supervisor's own PATH: a PATH in `env` is not used, as in the original. */
  readonly path: string;
  /** Whose rights count; undefined: our own. */
  readonly as: Credentials | undefined;
  /**
   * Asked when the mode bits forbid something to that user, since an access control list may allow it. Default: the mode bits
   * have the last word.
   */
  readonly mayExecute?: (path: string) => boolean;
}

/** The program to start, or why it cannot be started. */
export function locate(request: LookupRequest): Located | { readonly error: string } {
  const { command, dir, path } = request;
  if (command === "") return { error: "exec: no command" };
  if (dir !== undefined) {
    const fault = faultOf(dir, "directory", request);
    if (fault !== undefined) return { error: `chdir ${dir}: ${fault}` };
  }
  if (command.includes("/")) {
    const file = isAbsolute(command) ? command : resolve(dir ?? "", command);
    const fault = faultOf(file, "program", request);
    return fault === undefined ? { file } : { error: `fork/exec ${command}: ${fault}` };
  }
  let denied = false;
  for (const folder of path.split(delimiter)) {
    // An empty entry means the current directory, which LookPath refuses to use.
    if (!isAbsolute(folder)) continue;
    const file = resolve(folder, command);
    const fault = faultOf(file, "program", request);
    if (fault === undefined) return { file };
    denied ||= fault === "permission denied";
  }
  const reason = denied ? "permission denied" : "executable file not found in $PATH";
  return { error: `exec: ${JSON.stringify(command)}: ${reason}` };
}

type Kind = "program" | "directory";

/** Why a path cannot be executed or entered, in Go's errno texts; undefined when it can. */
function faultOf(
  path: string,
  kind: Kind,
  { as, mayExecute = () => false }: LookupRequest,
): string | undefined {
  try {
    const stats = statSync(path);
    if (kind === "directory" && !stats.isDirectory()) return "not a directory";
    if (kind === "program" && !stats.isFile()) return "permission denied";
    if (as === undefined) accessSync(path, constants.X_OK);
    else if (!mayReach(path, as) && !mayExecute(path)) return "permission denied";
    return undefined;
  } catch (error) {
    return errnoText(error);
  }
}

/** Whether every folder on the way may be searched, and the path itself executed, by this user (path_resolution(7)). */
function mayReach(path: string, as: Credentials): boolean {
  for (let current = path; ; current = resolve(current, "..")) {
    if (!allowsExecution(current, as)) return false;
    if (current === "/") return true;
  }
}

function allowsExecution(path: string, { uid, gid, groups }: Credentials): boolean {
  const { mode, uid: owner, gid: group } = statSync(path);
  if (uid === 0) return (mode & 0o111) !== 0;
  if (owner === uid) return (mode & 0o100) !== 0;
  if (group === gid || groups.includes(group)) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

const errnoTexts: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOTDIR: "not a directory",
  EISDIR: "is a directory",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
  ENOEXEC: "exec format error",
  E2BIG: "argument list too long",
  EAGAIN: "resource temporarily unavailable",
  ENOMEM: "cannot allocate memory",
  EMFILE: "too many open files",
  ENFILE: "too many open files in system",
  ENOSPC: "no space left on device",
  ENXIO: "no such device or address",
  EROFS: "read-only file system",
  ETXTBSY: "text file busy",
  ERR_INVALID_ARG_VALUE: "invalid argument",
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
};

/** Go's text of a system error (syscall.Errno.Error). */
export function errnoText(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && errnoTexts[code]) || message;
}
