import { closeSync, existsSync, openSync, readSync } from "node:fs";

/** How much of a file is read to find what it needs: more than the kernel itself looks at in a `#!` line. */
const headLength = 4096;

/**
 * Why the system may say "no such file or directory" of a program that exists: the interpreter of its `#!` line, or the
 * loader that its ELF header names, is missing (execve(2), ENOENT). Undefined when neither is.
 */
export function missingInterpreter(file: string): string | undefined {
  const head = readHead(file);
  const needed = head && (scriptInterpreter(head) ?? elfLoader(head));
  return needed === undefined || existsSync(needed) ? undefined : needed;
}

function readHead(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    const head = Buffer.alloc(headLength);
    return head.subarray(0, readSync(descriptor, head, 0, headLength, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function scriptInterpreter(head: Buffer): string | undefined {
  return /^#![ \t]*([^ \t\n]+)/.exec(head.toString("latin1"))?.[1];
}

const programHeaderInterpreter = 3;

/** The PT_INTERP segment of a little-endian ELF file (elf(5)). */
function elfLoader(head: Buffer): string | undefined {
  if (head.length < 64 || head.toString("latin1", 0, 4) !== "\x7fELF" || head[5] !== 1) return undefined;
  const is64 = head[4] === 2;
  const table = is64 ? Number(head.readBigUInt64LE(32)) : head.readUInt32LE(28);
  const entrySize = head.readUInt16LE(is64 ? 54 : 42);
  const entries = head.readUInt16LE(is64 ? 56 : 44);
  for (let entry = 0; entry < entries; entry++) {
    const at = table + entry * entrySize;
    if (at + entrySize > head.length) return undefined;
    if (head.readUInt32LE(at) !== programHeaderInterpreter) continue;
    const offset = is64 ? Number(head.readBigUInt64LE(at + 8)) : head.readUInt32LE(at + 4);
    const end = head.indexOf(0, offset);
    return end < 0 ? undefined : head.toString("latin1", offset, end);
  }
  return undefined;
}
