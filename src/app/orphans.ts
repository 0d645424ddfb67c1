import type { Logger } from "../logging/logger.ts";
import { markerVariable, runMarker } from "../supervise/marker.ts";
import { loadNative, type Native } from "../supervise/native/native.ts";
import { openStarter } from "../supervise/native-starter.ts";
import type { Clock } from "../supervise/ports.ts";
import type { ProcessTable } from "../supervise/process-table.ts";
import { Reaper } from "../supervise/reaper.ts";
import type { Starter } from "../supervise/starter.ts";
import type { TreeSweeper } from "../supervise/tree-sweeper.ts";

export interface OrphanDoors {
  readonly clock: Clock;
  readonly table: ProcessTable;
  readonly sweeper: TreeSweeper;
}

/**
 * The processes that lost their parent below us: they become our children, are buried when they end, and are killed
 * when everything stops. By that a daemon is found whatever it cleaned away: its session, its environment, its user.
 */
export class Orphans {
  readonly #doors: OrphanDoors;
  readonly #native: Native;
  readonly #reaper: Reaper;

  private constructor(native: Native, doors: OrphanDoors) {
    this.#native = native;
    this.#doors = doors;
    this.#reaper = new Reaper(native, doors.table, doors.clock);
    this.#reaper.start();
  }

  /** Undefined where koffi is not installed or the system knows no inheriting. As PID 1 we inherit in any case. */
  static async adopt(doors: OrphanDoors): Promise<Orphans | undefined> {
    const native = await loadNative();
    if (native === undefined) return undefined;
    if (!native.adoptOrphans() && process.pid !== 1) return undefined;
    return new Orphans(sparing(await openStarter(), native), doors);
  }

  /** Kills what is left when all replicas have stopped, and buries it. */
  async sweep(instance: string, log: Logger): Promise<void> {
    if (!this.#mayHaveAny()) return;
    const target = { marker: runMarker(instance), leaders: [], adopted: true };
    const { killed, survivors } = await this.#doors.sweeper.sweep(target);
    for (const { pid } of killed) this.#native.bury(pid);
    const names = (swept: typeof killed) => swept.map(({ pid, name }) => ({ pid, name }));
    if (killed.length > 0)
      log.log("info", "killed processes that had left their parents", { processes: names(killed) });
    if (survivors.length > 0)
      log.log("error", "processes could not be killed", { processes: names(survivors) });
  }

  /** Each replica's sweep has found nothing more; what is left can only be a child of ours that bears no marker. */
  #mayHaveAny(): boolean {
    const { table } = this.#doors;
    const children = table.childrenOf?.(process.pid);
    return children?.some((pid) => table.environmentValue(pid, markerVariable) === undefined) ?? true;
  }

  stop(): void {
    this.#reaper.stop();
  }
}

/** Whose end is still to be told is buried by the one who tells it: of a thousand ends at once, the last is told seconds later. */
function sparing(starter: Starter, native: Native): Native {
  return { ...native, bury: (pid) => !starter.awaits?.(pid) && native.bury(pid) };
}
