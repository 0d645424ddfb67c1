import { endianness } from "node:os";
import { getSystemErrorMap } from "node:util";
import type { Native } from "../supervise/native/native.ts";
import type { Clock } from "../supervise/ports.ts";
import type { NotifySender } from "./notify-sender.ts";

/** sun_path holds 108 bytes (unix(7)). */
const longestPath = 108;
const unixFamily = 1;

/** EAGAIN: the manager is behind with reading (unix(7)). */
const full = 11;
const patience = { tries: 50, pause: 100 };

/**
 * The `struct sockaddr_un` of a notify socket, no longer than its path. Undefined for what is neither a path nor `@name`
 * (as `vsock:2:1234`), or too long.
 */
export function socketAddress(address: string): Uint8Array | undefined {
  const isAbstract = address.startsWith("@");
  if (!isAbstract && !address.startsWith("/")) return undefined;
  const path = Buffer.from(isAbstract ? `\0${address.slice(1)}` : `${address}\0`);
  if (path.length > longestPath) return undefined;
  const family = Buffer.alloc(2);
  if (endianness() === "LE") family.writeUInt16LE(unixFamily);
  else family.writeUInt16BE(unixFamily);
  return Buffer.concat([family, path]);
}

/** Speaks for ourselves: the kernel attests that the message comes from our own pid. */
export function socketSender(native: Native, address: Uint8Array, clock: Clock): NotifySender {
  return async (text) => {
    const message = Buffer.from(text);
    for (let tries = 1; ; tries++) {
      const error = native.sendDatagram(address, message);
      if (error === 0) return;
      if (error !== full || tries === patience.tries) throw new Error(errorText(error));
      await new Promise<void>((resolve) => clock.after(patience.pause, resolve));
    }
  };
}

function errorText(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[1] ?? `error ${errno}`;
}
