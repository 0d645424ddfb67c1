import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";

/** How imports reach files. Paths are absolute. */
export interface FileReader {
  /** The bytes of a file. @throws an error with Node's `code` (ENOENT, EACCES …). */
  read(path: string): Uint8Array;
  /** What the path leads to, links followed; undefined when nothing is there. */
  kind(path: string): "file" | "directory" | undefined;
  /** Whether there is an entry of that name, even a dangling link. */
  exists(path: string): boolean;
  /** The names in a directory, in any order; empty when it cannot be read. */
  list(directory: string): string[];
}

function unless<T>(failed: T, action: () => T): T {
  try {
    return action();
  } catch {
    return failed;
  }
}

/** The files of this machine. */
export const nodeFiles: FileReader = {
  read: (path) => readFileSync(path),
  kind: (path) => unless(undefined, () => (statSync(path).isDirectory() ? "directory" : "file")),
  exists: (path) => unless(false, () => lstatSync(path) !== undefined),
  list: (directory) => unless([], () => readdirSync(directory)),
};

/** Go's words for the errors of opening a file. */
const goWords: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ELOOP: "too many levels of symbolic links",
  ENOTDIR: "not a directory",
  ENAMETOOLONG: "file name too long",
  EISDIR: "is a directory",
  EMFILE: "too many open files",
};

/** The text of Go's *PathError for a file that could not be opened. */
export function openFailure(path: string, error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return `open ${path}: ${goWords[code] ?? message}`;
}
