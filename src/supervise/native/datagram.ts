import type { LibraryHandle } from "koffi";

/**
 * Sends one datagram to a Unix socket, without waiting (sendto(2)).
 *
 * @param address a `struct sockaddr_un` as long as its path (unix(7))
 * @returns 0 when it was sent, else the errno
 */
export type SendDatagram = (address: Uint8Array, message: Uint8Array) => number;

const unixFamily = 1;
/** SOCK_DGRAM | SOCK_CLOEXEC: no process of ours is to inherit it. */
const datagramSocket = 0o2000002;
/** MSG_DONTWAIT | MSG_NOSIGNAL */
const atOnce = 0x4040;

export function datagramSender(libc: LibraryHandle, errno: () => number): SendDatagram {
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
