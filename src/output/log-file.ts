import { close, fchmodSync, fstatSync, mkdirSync, openSync, renameSync, statSync, writev } from "node:fs";
import { dirname } from "node:path";
import type { OnFull } from "../config/definition.ts";
import type { RollingPlan, StreamPlan } from "../config/output-plan.ts";
import { nodeClock } from "../supervise/node-clock.ts";
import { ByteQueue } from "./byte-queue.ts";
import { inTime } from "./in-time.ts";
import { rollFault } from "./roll-fault.ts";
import { rolledName } from "./rolled-names.ts";

export type ManagedPlan = Extract<StreamPlan, { type: "managed" }>;

/** Hears what goes wrong with a file, and that lines were dropped: a sentence and its fields. */
export type TellOfFile = (message: string, fields: Readonly<Record<string, unknown>>) => void;

/** What waits to be written is kept up to this size (bytes); then the writers wait, or their lines are dropped. */
const capacity = 256 * 1024;
/** How soon a write that failed is tried again (ms). */
const retryDelay = 500;
/** How often it is looked whether the file is still the one that bears the name (ms). */
const lookInterval = 1_000;
/** So much (bytes) is written at once. */
const fullWrite = capacity / 2;
/** Less than that waits for more, this long (ms): a flood of lines is written in few pieces. */
const gatherTime = 2;

const newline = 0x0a;

/**
 * A log file that we write: appended to in whole lines, rolled between two lines, opened anew on request. A full disk, or
 * a folder that was deleted, is told once and survived: what waits is written when it can be.
 */
export class LogFile {
  readonly path: string;
  #plan: ManagedPlan;
  readonly #tell: TellOfFile;
  #descriptor: number | undefined;
  #size = 0;
  #isRegular = true;
  #openedAt = 0;
  #lookedAt = 0;
  readonly #pending = new ByteQueue();
  #isWriting = false;
  /** Runs while what waits is gathered. */
  #gathering: NodeJS.Timeout | undefined;
  #wantsReopen = false;
  /** The last line in the file has no end yet: the rest of it belongs into the same file. */
  #isMidLine = false;
  #isClosed = false;
  #hasFault = false;
  #dropped = 0;
  #waiters: (() => void)[] = [];
  #tidying: Promise<void> = Promise.resolve();

  /** Opens the file. @throws Error of the system, when it cannot be opened */
  constructor(plan: ManagedPlan, tell: TellOfFile) {
    this.#plan = plan;
    this.path = plan.path;
    this.#tell = tell;
    this.#open();
    this.#tellRollFault();
    this.#tidy();
  }

  /** Takes on another plan for the same path. */
  adopt(plan: ManagedPlan): void {
    this.#plan = plan;
  }

  /**
   * Appends parts of which the last ends with the end of a line, or with a part of a line that is too long to be kept
   * together. They are copied. False when all of them were dropped.
   */
  append(parts: readonly Buffer[], onFull: OnFull): boolean {
    if (onFull === "drop" && !this.hasRoom()) {
      for (const part of parts) this.#dropped += linesIn(part);
      return false;
    }
    for (const part of parts) this.#pending.push(part);
    if (!this.#isWriting) {
      this.#isWriting = true;
      this.#gather();
    } else if (this.#gathering !== undefined && this.#pending.length >= fullWrite) this.#writeNow();
    return true;
  }

  hasRoom(): boolean {
    return this.#pending.length < capacity;
  }

  whenRoom(callback: () => void): void {
    if (this.hasRoom()) setImmediate(callback);
    else this.#waiters.push(callback);
  }

  /** Somebody has renamed the file: from the next line on, the file is the one that bears the name then. */
  reopen(): void {
    this.#wantsReopen = true;
    if (!this.#isWriting) this.#reopenIfWanted();
  }

  /** Resolves when all is written, or `patience` ms have passed; then the file is closed. */
  async close(patience: number): Promise<void> {
    const end = nodeClock.now() + patience;
    await inTime(this.#drained(), patience);
    this.#isClosed = true;
    clearTimeout(this.#gathering);
    const waiting = this.#pending.front(this.#pending.length);
    const lost = this.#dropped + waiting.reduce((sum, part) => sum + linesIn(part), 0);
    if (lost > 0) this.#tell("log lines were dropped", { file: this.path, lines: lost });
    this.#closeDescriptor();
    // What is not compressed by then is at the next start.
    await inTime(this.#tidying, end - nodeClock.now());
  }

  /** Devices are not rolled: /dev/stderr under another name helps nobody, and /dev/null as a file even less. */
  get #rolling(): RollingPlan | undefined {
    return this.#isRegular ? this.#plan.rolling : undefined;
  }

  /** Now, and not when the file is full: that may be months from now, and its writers would wait then. */
  #tellRollFault(): void {
    const error = this.#rolling === undefined ? undefined : rollFault(this.path);
    if (error !== undefined)
      this.#tell("log file can never be rolled", { file: this.path, folder: dirname(this.path), error });
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.#isWriting || this.#isClosed) resolve();
        else setTimeout(look, 5);
      };
      look();
    });
  }

  #open(): void {
    const isNew = !exists(this.path);
    const descriptor = openSync(this.path, "a", this.#plan.mode);
    // Whatever our umask is: somebody has asked for this mode.
    if (isNew) fchmodSync(descriptor, this.#plan.mode);
    const stats = fstatSync(descriptor);
    this.#descriptor = descriptor;
    this.#size = stats.size;
    this.#isRegular = stats.isFile();
    this.#openedAt = stats.size === 0 ? Date.now() : stats.birthtimeMs;
    this.#lookedAt = Date.now();
  }

  #closeDescriptor(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) close(descriptor, () => {});
  }

  #gather(): void {
    if (this.#pending.length >= fullWrite) setImmediate(() => this.#write());
    else this.#gathering = setTimeout(() => this.#writeNow(), gatherTime);
  }

  #writeNow(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#write();
  }

  /** Writes as much as may go into the file as it is, then itself again until nothing waits. */
  #write(): void {
    if (this.#isClosed) return;
    if (this.#pending.length === 0) {
      this.#isWriting = false;
      this.#reopenIfWanted();
      return;
    }
    try {
      this.#prepare();
    } catch (error) {
      this.#failed(error as NodeJS.ErrnoException);
      return;
    }
    writev(this.#descriptor ?? -1, this.#pending.front(this.#fitting()), (error, written) => {
      if (error !== null) this.#failed(error);
      else this.#written(written);
    });
  }

  #prepare(): void {
    if (this.#descriptor === undefined) this.#makeAnew();
    if (this.#isMidLine) return;
    this.#reopenIfWanted();
    const now = Date.now();
    if (now - this.#lookedAt >= lookInterval) this.#lookAgain(now);
    const rolling = this.#rolling;
    if (rolling === undefined || this.#size === 0) return;
    const isOld = rolling.interval !== undefined && now - this.#openedAt >= rolling.interval;
    if (isOld || this.#size + this.#firstLineLength() > rolling.size) this.#roll();
  }

  /** A file that was deleted has no name any more: what is written to it would be lost. */
  #lookAgain(now: number): void {
    this.#lookedAt = now;
    if (this.#descriptor !== undefined && fstatSync(this.#descriptor).nlink > 0) return;
    this.#tell("log file was deleted: it is made anew", { file: this.path });
    this.#closeDescriptor();
    this.#makeAnew();
  }

  #makeAnew(): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    this.#open();
  }

  #firstLineLength(): number {
    const end = this.#pending.indexOf(newline);
    return end < 0 ? this.#pending.length : end + 1;
  }

  #roll(): void {
    let time = Date.now();
    while (exists(rolledName(this.path, time)) || exists(`${rolledName(this.path, time)}.gz`)) time++;
    renameSync(this.path, rolledName(this.path, time));
    this.#closeDescriptor();
    this.#open();
    this.#tidy();
  }

  #tidy(): void {
    const rolling = this.#rolling;
    if (rolling === undefined) return;
    this.#tidying = this.#tidying
      // With all that compressing takes: most programs roll nothing.
      .then(() => import("./tidy-rolled.ts"))
      .then(({ tidyRolled }) => tidyRolled(this.path, rolling, this.#plan.mode))
      .catch((error: Error) =>
        this.#tell("cannot tidy rolled log files", { file: this.path, error: error.message }),
      );
  }

  /** How much of what waits still goes into the file: all of it, or whole lines. */
  #fitting(): number {
    const waiting = this.#pending.length;
    const room = (this.#rolling?.size ?? Number.POSITIVE_INFINITY) - this.#size;
    if (waiting <= room) return waiting;
    const end = room > 0 ? this.#pending.lastIndexOf(newline, room) + 1 : 0;
    // A line that is larger than a whole file goes into one of its own.
    return end > 0 ? end : this.#firstLineLength();
  }

  #written(written: number): void {
    this.#size += written;
    this.#isMidLine = this.#pending.at(written - 1) !== newline;
    this.#pending.drop(written);
    this.#recovered();
    if (this.#pending.length > 0) this.#gather();
    else this.#write();
  }

  #recovered(): void {
    if (this.#hasFault) this.#tell("log file can be written again", { file: this.path });
    this.#hasFault = false;
    if (!this.hasRoom()) return;
    if (this.#dropped > 0) this.#tell("log lines were dropped", { file: this.path, lines: this.#dropped });
    this.#dropped = 0;
    for (const waiter of this.#waiters.splice(0)) waiter();
  }

  /** Told once, and tried until it works. */
  #failed(error: NodeJS.ErrnoException): void {
    if (!this.#hasFault) this.#tell("cannot write log file", { file: this.path, error: error.message });
    this.#hasFault = true;
    if (error.code === "EBADF") this.#closeDescriptor();
    if (!this.#isClosed) setTimeout(() => this.#write(), retryDelay).unref();
  }

  #reopenIfWanted(): void {
    if (!this.#wantsReopen) return;
    this.#wantsReopen = false;
    const before = this.#descriptor;
    try {
      this.#open();
    } catch (error) {
      this.#tell("cannot open log file anew", { file: this.path, error: (error as Error).message });
      return;
    }
    if (before !== undefined) close(before, () => {});
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function linesIn(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(newline); at >= 0; at = block.indexOf(newline, at + 1)) count++;
  return count;
}
