import { type FSWatcher, lstatSync, realpathSync, type Stats, statSync, watch } from "node:fs";
import { dirname } from "node:path";
import { nodeFiles } from "../caddyfile/file-reader.ts";
import { glob } from "../caddyfile/glob.ts";
import { isGlob } from "../caddyfile/import-files.ts";

/** How long the files have to rest before a change counts (ms): an editor writes in several steps. */
const restTime = 100;

/** How far the time of a file may lie behind the clock when it is written (ms): a tick of the kernel, with HZ=100. */
const coarseness = 10;

export interface ConfigWatchParts {
  /** The files have changed, and rest. */
  readonly onChange: () => void;
  /** Something cannot be watched. */
  readonly onError: (error: Error) => void;
}

/**
 * Watches the files of a configuration, by way of their folders, since editors put a new file in the place of the old one. What a
 * folder tells is only a reason to look: a change is one of what the files are. Nothing is done while nothing happens.
 */
export class ConfigWatch {
  readonly #parts: ConfigWatchParts;
  readonly #watched = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  #files: readonly string[] = [];
  #seen = "";
  /** Something has changed since {@link ConfigWatchParts.onChange} was called. */
  #isDirty = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ConfigWatchParts) {
    this.#parts = parts;
  }

  /**
   * Watches these from now on.
   *
   * @param files absolute paths, and patterns; the first is the configuration itself
   * @param since when they began to be read (ms): what was written later may have been missed
   */
  follow(files: readonly string[], since: number): void {
    this.#files = files;
    this.#seen = this.#look();
    this.#arm();
    const now = Date.now();
    const written = this.#paths().map((path) => statOf(path)?.mtimeMs ?? 0);
    // A time that is yet to come tells nothing, and would for ever.
    if (written.some((time) => time >= since - coarseness && time <= now)) {
      this.#isDirty = true;
      this.#lookSoon();
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }

  #lookSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#check();
    }, restTime).unref();
  }

  #check(): void {
    this.#arm();
    const now = this.#look();
    if (now !== this.#seen) {
      this.#seen = now;
      this.#isDirty = true;
      this.#lookSoon();
      return;
    }
    // While the configuration itself is away, somebody is about to put another in its place.
    const [main = ""] = this.#files;
    if (!this.#isDirty || statOf(main) === undefined) return;
    this.#isDirty = false;
    this.#parts.onChange();
  }

  /** What the files are now: equal texts, equal files. */
  #look(): string {
    return this.#paths()
      .map((path) => {
        const stats = statOf(path);
        return `${path} ${stats?.ino} ${stats?.size} ${stats?.mtimeMs}\n`;
      })
      .join("");
  }

  #paths(): string[] {
    return this.#files.flatMap((file) => (isGlob(file) ? glob(file, nodeFiles) : [file]));
  }

  /** Watches what is to be watched, as it is now: a folder may have been replaced by another of its name. */
  #arm(): void {
    const wanted = new Set([...this.#files, ...this.#paths()].flatMap(foldersOf));
    for (const [folder, { watcher, identity }] of this.#watched) {
      if (wanted.has(folder) && identityOf(folder) === identity) continue;
      watcher.close();
      this.#watched.delete(folder);
    }
    for (const folder of wanted) if (!this.#watched.has(folder)) this.#watch(folder);
  }

  #watch(folder: string): void {
    try {
      const identity = identityOf(folder);
      const watcher = watch(folder, { persistent: false }, () => this.#lookSoon());
      watcher.on("error", this.#parts.onError);
      this.#watched.set(folder, { watcher, identity });
    } catch (error) {
      this.#parts.onError(error as Error);
    }
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** A folder in the place of another may have got its inode, too. */
function identityOf(folder: string): string {
  const stats = statOf(folder);
  return `${stats?.dev}:${stats?.ino}:${stats?.birthtimeMs}`;
}

/** The folders whose entries decide what a path leads to: its own, those of links on the way, that of its end. */
function foldersOf(path: string): string[] {
  const folders = [nearestFolder(dirname(path))];
  for (let at = path; at !== dirname(at); at = dirname(at)) if (isLink(at)) folders.push(dirname(at));
  try {
    folders.push(dirname(realpathSync(path)));
  } catch {
    // It is away, and comes back in a folder that is watched.
  }
  return folders;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The folder itself, or what is left of the way to it. */
function nearestFolder(folder: string): string {
  return isGlob(folder) || statOf(folder)?.isDirectory() !== true ? nearestFolder(dirname(folder)) : folder;
}
