/**
 * What Node cannot do itself, through the optional package koffi: bury processes that are not Node's own children.
 */

export interface Native {
  /** Buries a zombie child of ours (waitpid(2) with WNOHANG). False when there was nothing to bury. */
  bury(pid: number): boolean;
}

const withoutHanging = 1;

/** Undefined where koffi is not installed or has no binary for this machine. Costs about 10 ms and 6 MB: loaded only when needed. */
export async function loadNative(): Promise<Native | undefined> {
  try {
    const { default: koffi } = await import("koffi");
    const waitpid = koffi.load(null).func("int waitpid(int pid, _Out_ int *status, int options)");
    return { bury: (pid) => waitpid(pid, [0], withoutHanging) === pid };
  } catch {
    return undefined;
  }
}
