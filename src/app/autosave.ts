import { mkdir, realpath, rename, rm, writeFile } from "node:fs/promises";
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
  #next: Document | undefined;
  #saving: Promise<void> | undefined;

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
  }

  /** Saves it in the background; of several that wait only the last. A configuration may forbid it (`persist_config off`). */
  save(document: Document): void {
    const settings = document.admin?.config as { readonly persist?: unknown } | null | undefined;
    // As with Caddy, a configuration that was deleted is no reason to forget the last one.
    if (settings?.persist === false || Object.keys(document).length === 0) return;
    this.#next = document;
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = undefined;
    });
  }

  /** Resolves when nothing is left to be saved. */
  async settled(): Promise<void> {
    await this.#saving;
  }

  async #saveAll(): Promise<void> {
    while (this.#next !== undefined) {
      const document = this.#next;
      this.#next = undefined;
      try {
        await this.#write(JSON.stringify(document));
        this.#log.log("info", "autosaved config (load with --resume flag)", { file: this.#path });
      } catch (error) {
        const fields = { file: this.#path, error: (error as Error).message };
        this.#log.log("error", "unable to autosave config", fields);
      }
    }
  }

  /** Written beside and renamed: whoever resumes has one or the other, whole. It may hold secrets. A link stays one. */
  async #write(text: string): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const path = await realpath(this.#path).catch(() => this.#path);
    const fresh = `${path}.${process.pid}`;
    try {
      await rm(fresh, { force: true });
      await writeFile(fresh, text, { mode: 0o600, flag: "wx" });
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  }
}
