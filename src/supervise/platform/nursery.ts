import type { Hold, RunUsage } from "../ports.ts";
import { type CgroupFolder, processesIn } from "./cgroup-folder.ts";

/** A process that starts others faster than they can be moved is not to hold us up for ever. */
const mostRounds = 100;

/**
 * A cgroup for the process that is started next. Node can start none inside one (clone3(2), `CLONE_INTO_CGROUP`): it is born
 * in ours and moved after its start, and by then it may have started others, that may have left it. But nobody else is born in ours between
 * these two moments: whoever is new there belongs to it. (Were a Caddy that is a script asked to adapt or validate at this very time, what the script
 * starts then would be taken along; at worst, that reload fails.)
 */
export class Nursery implements Hold {
  readonly #ours: string;
  readonly #group: CgroupFolder;
  readonly #before: ReadonlySet<number>;
  readonly #onFault: (error: Error) => void;

  /** `ours`: the cgroup that we are in, and nobody but what we start. To be made right before the start. */
  constructor(ours: string, group: CgroupFolder, onFault: (error: Error) => void) {
    this.#ours = ours;
    this.#group = group;
    this.#before = new Set(processesIn(ours));
    this.#onFault = onFault;
  }

  take(pid: number): void {
    try {
      this.#group.move(pid);
      // We are always in ours: if nobody is, it could not be read (no descriptor was free), and who is new cannot be told.
      if (this.#before.size === 0) return;
      for (let round = 0; round < mostRounds; round++) {
        const others = processesIn(this.#ours).filter((other) => !this.#before.has(other));
        if (others.length === 0) return;
        for (const other of others) this.#group.move(other);
      }
    } catch (error) {
      this.#onFault(error as Error);
    }
  }

  usage(): RunUsage {
    return this.#group.usage();
  }

  drop(): void {
    this.#group.remove();
  }
}
