/**
 * What Node cannot do itself, through the optional package koffi: inherit the orphans below us, bury processes that
 * are not Node's own children, and send a datagram to a Unix socket.
 */

import type { LibraryHandle } from "koffi";

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
   * Sends one datagram to a Unix socket, without waiting (sendto(2)).
   *
   * @param address a `struct sockaddr_un` as long as its path (unix(7))
   * @returns 0 when it was sent, else the errno
   */
  sendDatagram(address: Uint8Array, message: Uint8Array): number;
}

const withoutHanging = 1;
const setChildSubreaper = 36;
const unixFamily = 1;
/** SOCK_DGRAM | SOCK_CLOEXEC: no process of ours is to inherit it. */
const datagramSocket = 0o2000002;
/** MSG_DONTWAIT | MSG_NOSIGNAL */
const atOnce = 0x4040;

let loaded: Promise<Native | undefined> | undefined;

/** Undefined where koffi is not installed or has no binary for this machine. Loaded once, and only when asked for. */
export function loadNative(): Promise<Native | undefined> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Native | undefined> {
  try {
    const { default: koffi } = await import("koffi");
    const libc = koffi.load(null);
    const waitpid = libc.func("int waitpid(int pid, _Out_ int *status, int options)");
    return {
      bury: (pid) => waitpid(pid, [0], withoutHanging) === pid,
      adoptOrphans() {
        if (process.platform !== "linux") return false;
        const prctl = libc.func(
          "int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)",
        );
        return prctl(setChildSubreaper, 1, 0, 0, 0) === 0;
      },
      sendDatagram: datagramSender(libc, () => koffi.errno()),
    };
  } catch {
    return undefined;
  }
}

function datagramSender(libc: LibraryHandle, errno: () => number): Native["sendDatagram"] {
  const declare = () => ({
    socket: libc.func("int socket(int domain, int type, int protocol)"),
    sendto: libc.func(
      "long sendto(int fd, const void *data, size_t length, int flags, const void *address, uint32_t size)",
    ),
    close: libc.func("int close(int fd)"),
  });
  // Most programs never ask.
  let declared: ReturnType<typeof declare> | undefined;
  return (address, message) => {
    declared ??= declare();
    const { socket, sendto, close } = declared;
    const fd = socket(unixFamily, datagramSocket, 0);
    if (fd < 0) return errno();
    const sent = sendto(fd, message, message.length, atOnce, address, address.length);
    const error = sent < 0 ? errno() : 0;
    close(fd);
    return error;
  };
}
