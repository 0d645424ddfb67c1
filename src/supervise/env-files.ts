import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnvFile } from "../config/env-file.ts";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "./lookup.ts";

/** Larger than the kernel lets a whole environment be in most setups (execve(2): a quarter of the stack's limit, 2 MiB). */
const maximumSize = 1024 * 1024;

/**
 * The variables of a replica's env files, the later over the earlier.
 *
 * @param cwd where relative paths begin
 * @throws SupervisorError `ENV_FILE`; its message never holds a value
 */
export function readEnvFiles(files: readonly string[], cwd: string): Record<string, string> {
  const variables: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const file of files) Object.assign(variables, parseEnvFile(readBounded(resolve(cwd, file)), file));
  return variables;
}

/** A regular file: a pipe without a writer would hold us up for ever. */
function readBounded(path: string): string {
  const refuse = (reason: string, cause?: unknown) =>
    new SupervisorError("ENV_FILE", `reading environment file: open ${path}: ${reason}`, {
      option: "env_file",
      cause,
    });
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw refuse(errnoText(cause), cause);
  }
  try {
    if (!fstatSync(descriptor).isFile()) throw refuse("not a regular file");
    const buffer = Buffer.allocUnsafe(maximumSize + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= maximumSize; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    if (length > maximumSize) throw refuse("larger than 1 MiB");
    return buffer.toString("utf8", 0, length);
  } finally {
    closeSync(descriptor);
  }
}
