import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { until } from "./gates.ts";
import { programs } from "./program.ts";

/** One message as a service manager gets it. */
export interface Notice {
  /** The pid that the kernel attests. */
  readonly sender: number;
  readonly text: string;
}

/** What listens on a notify socket in a test; the socket itself is held by test/programs/notify-socket.py. */
export class FakeManager {
  readonly address: string;
  readonly notices: Notice[] = [];
  readonly #child: ChildProcess;
  #listens = false;

  private constructor(address: string) {
    this.address = address;
    this.#child = spawn("python3", [`${programs}/notify-socket.py`, address], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdin?.on("error", () => {});
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      const told = JSON.parse(line);
      if ("listens" in told) this.#listens = true;
      // systemd-notify asks whether we have read it; that is no notice (sd_notify_barrier(3)).
      else if (told.text !== "BARRIER=1") this.notices.push(told);
    });
  }

  /** @param address an absolute path, or `@name` */
  static async listen(address: string): Promise<FakeManager> {
    const manager = new FakeManager(address);
    await until("the notify socket", () => manager.#listens);
    return manager;
  }

  /** Reads whatever comes, from now on. Until then senders only fill its queue. */
  read(): this {
    this.#child.stdin?.write("all\n");
    return this;
  }

  get texts(): string[] {
    return this.notices.map(({ text }) => text);
  }

  /** Resolves with the first `count` messages that begin so. */
  heard(beginning: string, count = 1): Promise<string[]> {
    return until(`${count} ${beginning} among:\n${this.texts.join("\n\n")}`, () => {
      const matching = this.texts.filter((text) => text.startsWith(beginning));
      return matching.length >= count ? matching : undefined;
    });
  }

  close(): void {
    this.#child.kill("SIGKILL");
  }
}
