import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";

/** The file of `--pidfile`: there while everything runs. */
export class Pidfile {
  readonly #path: string;
  readonly #content = `${process.pid}\n`;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Written beside and renamed, so that nobody reads half a pid.
   *
   * @throws SupervisorError `PIDFILE`
   */
  write(): void {
    const fresh = `${this.#path}.${process.pid}`;
    try {
      // In a folder of everybody, a link of that name may lead anywhere.
      rmSync(fresh, { force: true });
      writeFileSync(fresh, this.#content, { mode: 0o644, flag: "wx" });
      renameSync(fresh, this.#path);
    } catch (cause) {
      rmSync(fresh, { force: true });
      throw new SupervisorError("PIDFILE", `writing pidfile: open ${this.#path}: ${errnoText(cause)}`, {
        cause,
      });
    }
  }

  /** Removes it if it is still ours. */
  remove(): void {
    try {
      if (readFileSync(this.#path, "utf8") === this.#content) rmSync(this.#path);
    } catch {
      // It is not there, or not ours.
    }
  }
}
