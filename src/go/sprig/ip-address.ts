import { nodeNet } from "./lazy.ts";

function ipv4Bytes(text: string): number[] {
  return text.split(".").map(Number);
}

function groupBytes(groups: string): number[] {
  if (groups === "") return [];
  return groups.split(":").flatMap((group) => {
    if (group.includes(".")) return ipv4Bytes(group);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** The bytes of an address, 4 where it is one of IPv4 (Go's net.ParseIP and To4); undefined for other text. */
export function addressBytes(text: string): Buffer | undefined {
  const { isIPv4, isIPv6 } = nodeNet();
  if (isIPv4(text)) return Buffer.from(ipv4Bytes(text));
  // A zone belongs to an interface, not to an address.
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const [before = "", after] = text.split("::");
  const [head, tail] = [groupBytes(before), groupBytes(after ?? "")];
  const zeros = new Array<number>(16 - head.length - tail.length).fill(0);
  const bytes = Buffer.from([...head, ...zeros, ...tail]);
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  return isMapped ? bytes.subarray(12) : bytes;
}
