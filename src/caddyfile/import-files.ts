/** Finding and reading the files of an import pattern. */
import { posix, resolve } from "node:path";
import { decodeUtf8 } from "../go/values/bytes.ts";
import { type Environment, expandEnv } from "./env-vars.ts";
import { type FileReader, openFailure } from "./file-reader.ts";
import { BadPattern, glob } from "./glob.ts";
import { lex } from "./lexer.ts";
import { trimSpace } from "./runes.ts";
import type { Source } from "./source.ts";
import type { Token } from "./token.ts";

/** A file that an import brought in. */
export interface ImportedFile {
  /** As the pattern matched it. */
  readonly path: string;
  /** Undefined when the file is empty. */
  readonly source: Source | undefined;
  readonly tokens: readonly Token[];
}

/** A failure in Caddy's words, still without its place. */
export class ImportFailure extends Error {}

/** A pattern that is not a path of its own is relative to the folder of the file that names it. */
export function absolutePattern(pattern: string, importingFile: string, cwd: string): string {
  return posix.isAbsolute(pattern)
    ? pattern
    : posix.join(posix.dirname(resolve(cwd, importingFile)), pattern);
}

/** Whether the pattern may match any number of files, none included. */
export function isGlob(pattern: string): boolean {
  return /[*?[\]]/.test(pattern);
}

/**
 * The paths that an absolute pattern matches; `written` is the pattern as the user wrote it.
 * @throws ImportFailure when there are several wildcards, or there is none and no file.
 */
export function matchFiles(pattern: string, written: string, files: FileReader): string[] {
  const stars = pattern.split("*").length - 1;
  const marks = pattern.split("?").length - 1;
  if (stars > 1 || marks > 1 || (pattern.includes("[") && pattern.includes("]")))
    throw new ImportFailure(`Glob pattern may only contain one wildcard (*), but has others: ${pattern}`);
  const matches = globOrFail(pattern, written, files);
  if (matches.length === 0 && !isGlob(pattern))
    throw new ImportFailure(`File to import not found: ${written}`);
  const hidesDotFiles = pattern.slice(pattern.lastIndexOf("/") + 1).startsWith("*");
  return hidesDotFiles ? matches.filter((match) => !posix.basename(match).startsWith(".")) : matches;
}

function globOrFail(pattern: string, written: string, files: FileReader): string[] {
  try {
    return glob(pattern, files);
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    throw new ImportFailure(`Failed to use import pattern ${written}: ${error.message}`);
  }
}

/**
 * Reads and lexes a file.
 * @throws ImportFailure when it cannot be opened, is a directory or does not lex.
 */
export function readImport(path: string, files: FileReader, env: Environment): ImportedFile {
  if (files.kind(path) === "directory") throw new ImportFailure(`Could not import ${path}: is a directory`);
  const text = readText(path, files);
  if (trimSpace(text) === "") return { path, source: undefined, tokens: [] };
  const source = expandEnv(text, posix.normalize(path), env);
  try {
    return { path, source, tokens: lex(source) };
  } catch (error) {
    throw new ImportFailure(
      `Could not read tokens while importing ${path}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function readText(path: string, files: FileReader): string {
  try {
    return decodeText(files.read(path));
  } catch (error) {
    throw new ImportFailure(`Could not import ${path}: ${openFailure(path, error)}`);
  }
}

/** Bytes as text, each byte that is not valid UTF-8 as one U+FFFD, as Go reads runes. A byte order mark stays. */
export function decodeText(bytes: Uint8Array): string {
  return decodeUtf8(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1"));
}
