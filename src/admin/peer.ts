import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { type SocketEnd, socketUid } from "./socket-table.ts";

/** Who is at the other end of a connection. */
export type Peer =
  /** A process of this machine. */
  | { readonly kind: "local"; readonly uid: number }
  /** On this machine, but whose it is cannot be told. */
  | { readonly kind: "unknown" }
  /** Another machine, or a system that does not tell. */
  | { readonly kind: "remote" };

const tables = ["/proc/net/tcp", "/proc/net/tcp6"] as const;

/** Rows may be skipped while sockets come and go during the reading: looked for again this often. */
const attempts = 3;

/** Finds the caller's own socket in the kernel's tables: from there, its end is the local one and ours the remote. */
export async function peerOf(socket: Socket): Promise<Peer> {
  if (process.platform !== "linux") return { kind: "remote" };
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (!remoteAddress || !remotePort || !localAddress || !localPort) return { kind: "unknown" };
  const caller: SocketEnd = { address: remoteAddress, port: remotePort };
  const ours: SocketEnd = { address: localAddress, port: localPort };
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (const table of tables) {
      const uid = socketUid(await textOf(table), caller, ours);
      if (uid !== undefined) return { kind: "local", uid };
    }
  }
  const fromHere = remoteAddress === localAddress || isLoopback(remoteAddress);
  return { kind: fromHere ? "unknown" : "remote" };
}

/** A kernel without IPv6 has no table of it. */
function textOf(path: string): Promise<string> {
  return readFile(path, "latin1").catch(() => "");
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}
