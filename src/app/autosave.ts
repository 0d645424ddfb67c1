import { mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Document } from "../caddy/private-config.ts";
import type { Logger } from "../logging/logger.ts";

/**
 * The last configuration that ran, where Caddy would save it, and whole: `run --resume` begins with it. A failure is logged and
 * no more.
 */
export class Autosave {
  readonly #path: string;
  readonly #log: Logger;

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
  }

  /**
   * A configuration may forbid it (`persist_config off`). At once: it is a small file, and what Node would need to write it in the
   * background (`fs/promises`, four threads) costs more than the writing.
   */
  save(document: Document): void {
    const settings = document.admin?.config as { readonly persist?: unknown } | null | undefined;
    // As with Caddy, a configuration that was deleted is no reason to forget the last one.
    if (settings?.persist === false || Object.keys(document).length === 0) return;
    try {
      this.#write(JSON.stringify(document));
      this.#log.log("info", "autosaved config (load with --resume flag)", { file: this.#path });
    } catch (error) {
      const fields = { file: this.#path, error: (error as Error).message };
      this.#log.log("error", "unable to autosave config", fields);
    }
  }

  /** Written beside and renamed: whoever resumes has one or the other, whole. It may hold secrets. A link stays one. */
  #write(text: string): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const path = realOrGiven(this.#path);
    const fresh = `${path}.${process.pid}`;
    try {
      rmSync(fresh, { force: true });
      writeFileSync(fresh, text, { mode: 0o600, flag: "wx" });
      renameSync(fresh, path);
    } catch (error) {
      rmSync(fresh, { force: true });
      throw error;
    }
  }
}

function realOrGiven(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
