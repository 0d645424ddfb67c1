/**
 * What Node cannot do itself, through the optional package koffi: inherit the orphans below us, bury processes that
 * are not Node's own children, start programs without copying ourselves, and send a datagram to a Unix socket.
 */

import { type NativeChildren, nativeChildren } from "./children.ts";
import { datagramSender, type SendDatagram } from "./datagram.ts";
import { loadKoffi } from "./koffi.ts";
import { systemError } from "./system-error.ts";

export interface Native {
  /** Buries a zombie child of ours (waitpid(2) with WNOHANG). False when there was nothing to bury. */
  bury(pid: number): boolean;
  /**
   * From now on whoever below us loses its parent becomes our child, as if we were the first process of the system
   * (PR_SET_CHILD_SUBREAPER, prctl(2)). It holds for processes that run already, not for orphans that others have
   * inherited before. False where the system has no such thing.
   */
  adoptOrphans(): boolean;
  /**
   * A pipe (pipe2(2)): what is written to the second descriptor is read from the first. Nobody inherits them but by number.
   *
   * @throws a system error with its `code`
   */
  pipe(): readonly [read: number, write: number];
  /** Starts programs and tells of their ends; undefined where we do not know how the system does so. */
  readonly children: NativeChildren | undefined;
  readonly sendDatagram: SendDatagram;
}

const withoutHanging = 1;
const setChildSubreaper = 36;
/** O_CLOEXEC */
const closeOnExec = 0o2000000;

let loaded: Promise<Native | undefined> | undefined;

/** Undefined where koffi is not installed or has no binary for this machine. Loaded once, and only when asked for. */
export function loadNative(): Promise<Native | undefined> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Native | undefined> {
  const koffi = await loadKoffi();
  if (koffi === undefined) return undefined;
  try {
    const libc = koffi.load(null);
    const waitpid = libc.func("int waitpid(int pid, void *status, int options)");
    return {
      bury: (pid) => waitpid(pid, null, withoutHanging) === pid,
      adoptOrphans() {
        if (process.platform !== "linux") return false;
        const prctl = libc.func(
          "int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)",
        );
        return prctl(setChildSubreaper, 1, 0, 0, 0) === 0;
      },
      pipe() {
        const ends = [-1, -1];
        const pipe2 = libc.func("int pipe2(_Out_ int *ends, int flags)");
        if (pipe2(ends, closeOnExec) !== 0) throw systemError(koffi.errno());
        return ends as [number, number];
      },
      children: nativeChildren(libc),
      sendDatagram: datagramSender(libc, () => koffi.errno()),
    };
  } catch {
    return undefined;
  }
}
