import { isIPv4 } from "node:net";
import { endianness } from "node:os";

/** One end of a TCP connection. */
export interface SocketEnd {
  readonly address: string;
  readonly port: number;
}

/**
 * The user who holds a TCP socket, from the text of /proc/net/tcp or tcp6 (proc_net(5)); undefined when it is not there.
 * A socket that no process holds any more has no inode, and its row names root: such a row proves nothing.
 */
export function socketUid(table: string, local: SocketEnd, remote: SocketEnd): number | undefined {
  const wanted = `${key(local)} ${key(remote)}`;
  for (const line of table.split("\n").slice(1)) {
    const [, localField, remoteField, , , , , uid, , inode] = line.trim().split(/\s+/);
    if (localField === undefined || remoteField === undefined || inode === "0") continue;
    if (`${rowKey(localField)} ${rowKey(remoteField)}` === wanted) return Number(uid);
  }
  return undefined;
}

/** 16 bytes as hexadecimal digits, IPv4 as IPv6 has it (::ffff:a.b.c.d), and the port. */
function key({ address, port }: SocketEnd): string {
  return `${addressBytes(address).toString("hex")}:${port}`;
}

function rowKey(field: string): string {
  const [hex = "", port = ""] = field.split(":");
  const bytes = Buffer.from(hex, "hex");
  // The kernel prints each 32 bits as a number of the machine's own order.
  if (endianness() === "LE") bytes.swap32();
  return `${mapped(bytes).toString("hex")}:${Number.parseInt(port, 16)}`;
}

const mappedPrefix = Buffer.from("00000000000000000000ffff", "hex");

function mapped(bytes: Buffer): Buffer {
  return bytes.length === 4 ? Buffer.concat([mappedPrefix, bytes]) : bytes;
}

/** The 16 bytes of an address as Node prints it: `127.0.0.1`, `::1`, `::ffff:127.0.0.1`, `fe80::1%lo`. */
function addressBytes(text: string): Buffer {
  const address = text.replace(/%.*$/, "");
  if (isIPv4(address)) return mapped(Buffer.from(address.split(".").map(Number)));
  const v4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (v4 !== null) return addressBytes(`${v4[1]}${hexWords(v4[2] as string)}`);
  const [head = "", tail] = address.split("::");
  const before = wordsOf(head);
  const after = wordsOf(tail ?? "");
  const zeros = new Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  const words = [...before, ...zeros, ...after];
  return Buffer.from(words.map((word) => word.padStart(4, "0")).join(""), "hex");
}

function wordsOf(text: string): string[] {
  return text === "" ? [] : text.split(":");
}

function hexWords(v4: string): string {
  const hex = Buffer.from(v4.split(".").map(Number)).toString("hex");
  return `${hex.slice(0, 4)}:${hex.slice(4)}`;
}
