import { accessSync, closeSync, constants, openSync, readSync } from "node:fs";

/** What the kernel reads of a program to find its interpreter (BINPRM_BUF_SIZE, execve(2)). */
const headSize = 256;

/**
 * Throws the system's error when the interpreter that a script names in its first line cannot be run. Behind a wrapper the kernel's own answer would
 * look like an exit of the program. The usual cause is a script with Windows line ends.
 */
export function checkInterpreter(file: string): void {
  const [, interpreter] = /^#![ \t]*([^ \t\n]+)/.exec(headOf(file)) ?? [];
  if (interpreter !== undefined) accessSync(interpreter, constants.X_OK);
}

function headOf(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // A program may be run by somebody who may not read it.
    return "";
  }
  try {
    const head = Buffer.alloc(headSize);
    return head.toString("latin1", 0, readSync(descriptor, head, 0, headSize, 0));
  } finally {
    closeSync(descriptor);
  }
}
