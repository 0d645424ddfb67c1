import { EventEmitter } from "node:events";
import type { Options } from "../config/options.ts";
import { type Aftermath, Verdicts } from "./aftermath.ts";
import { crashRecord, endText } from "./crash-record.ts";
import { type Deferred, deferred } from "./deferred.ts";
import { type ExitStatus, isClean } from "./exit-status.ts";
import { LifecycleLog } from "./lifecycle-log.ts";
import type { RunningProcess, Timer } from "./ports.ts";
import type { RunEnd, Verdict } from "./restart.ts";
import { StopSequence } from "./stop-sequence.ts";
import type {
  StopReport,
  SupervisorEvents,
  SupervisorParts,
  SupervisorRules,
  Waiting,
} from "./supervisor-parts.ts";
import {
  aliveStates,
  type Effect,
  type MachineEvent,
  restStates,
  type State,
  transitions,
} from "./transitions.ts";

/**
 * Keeps one replica running: starts it, starts it again by its restart policy and back-off, stops it for good.
 * All decisions stand in the table of transitions.ts; this class only carries them out.
 *
 * @example
 * const [supervisor] = toSupervisors({ command: ["php-fpm", "--nodaemonize"] });
 * supervisor.on("started", ({ pid }) => console.log(pid));
 * void supervisor.run();
 * await supervisor.stop();
 */
export class Supervisor extends EventEmitter<SupervisorEvents> {
  readonly options: Options;
  readonly commandAsWritten: readonly string[];
  readonly #parts: SupervisorParts;
  readonly #log: LifecycleLog;
  #state: State = "idle";
  #since: number;
  /** Events that arrive while effects run wait here: each transition ends before the next begins. */
  readonly #queue: MachineEvent[] = [];
  #dispatching = false;

  #life = 0;
  #process: RunningProcess | undefined;
  #startedAt = 0;
  #wasReady = false;
  #stopProbe: (() => void) | undefined;
  #stopWatch: (() => void) | undefined;
  #rules: SupervisorRules;
  readonly #verdicts: Verdicts;
  #aftermath: Aftermath | undefined;
  #lastEnd: RunEnd | undefined;
  #restarts = 0;
  #waiting: (Waiting & { readonly timer: Timer }) | undefined;
  /** Written by the table's effects alone: whether a start is to follow the stop under way. */
  #wanted = false;
  /** Of the stop under way or the last one; none before the first stop of a process. */
  #stopSequence: StopSequence | undefined;
  #report = nothingToReport;
  #whenDown: Deferred<StopReport> | undefined;

  constructor(parts: SupervisorParts) {
    super();
    this.#parts = parts;
    this.#log = new LifecycleLog(parts);
    this.#since = parts.clock.now();
    this.options = parts.options;
    this.commandAsWritten = parts.commandAsWritten;
    this.#rules = parts.rules;
    this.#verdicts = new Verdicts(parts.random);
  }

  get state(): State {
    return this.#state;
  }

  /** How long (ms) it has been in this state. */
  get inState(): number {
    return this.#parts.clock.now() - this.#since;
  }

  /** Whether somebody wants it to run, at once or when the stop under way is over; also when its policy let it end. */
  get isWanted(): boolean {
    return this.#state !== "idle" && (!endingStates.includes(this.#state) || this.#wanted);
  }

  /** The pid of the running process, undefined when none runs. */
  get pid(): number | undefined {
    // In other states the process is only remembered, for its group.
    return aliveStates.includes(this.#state) ? this.#process?.pid : undefined;
  }

  /** How many times the replica was started. */
  get life(): number {
    return this.#life;
  }

  /** How often it was started again after a run that ended by itself, since somebody last started it. */
  get restarts(): number {
    return this.#restarts;
  }

  /** How the last run ended; undefined when none has. */
  get lastEnd(): RunEnd | undefined {
    return this.#lastEnd;
  }

  /** Why it was given up on, beyond the end of its last run: its restart limit. */
  get because(): string | undefined {
    return this.#state === "failed" ? this.#aftermath?.because : undefined;
  }

  /** Milliseconds since the running process was started; undefined when none runs. */
  get uptime(): number | undefined {
    return this.pid === undefined ? undefined : this.#parts.clock.now() - this.#startedAt;
  }

  /** Milliseconds until it is started again; undefined when it does not wait for that. */
  get nextTry(): number | undefined {
    return this.#waiting && Math.max(0, this.#waiting.until - this.#parts.clock.now());
  }

  /** Milliseconds that a stop may take before SIGKILL. */
  get gracePeriod(): number {
    return this.#rules.stopAttempts.reduce((sum, { wait }) => sum + wait, 0);
  }

  /** Why and until when it waits; undefined when it does not. */
  get waiting(): Waiting | undefined {
    return this.#waiting && { reason: this.#waiting.reason, until: this.#waiting.until };
  }

  /**
   * Starts the replica and keeps it running. Resolves when it is down for good: stopped, or ended and not to be
   * restarted. During a stop it waits for the end of the stop and starts anew.
   */
  async run(): Promise<void> {
    const down = this.#down();
    this.begin();
    await down;
    // Asked for during a stop: the end of the stop is not the end of the run.
    while (!restStates.includes(this.#state)) await this.#down();
  }

  /** As {@link run}, for those who do not wait for its end. */
  begin(): void {
    if (restStates.includes(this.#state)) this.#forgive();
    this.#dispatch("start");
  }

  /**
   * Stops the replica: stop signal to the process group, SIGKILL after the grace period, then whatever else belongs
   * to it. Resolves when all of that is gone, also when another start follows at once.
   */
  stop(): Promise<StopReport> {
    const down = this.#down();
    this.#dispatch("stop");
    return down;
  }

  /** As {@link stop}, with SIGKILL at once. */
  kill(): Promise<StopReport> {
    const down = this.#down();
    this.#dispatch("kill");
    return down;
  }

  /** Takes on other rules: they hold for the next end or stop. The process does not notice. */
  adopt(rules: SupervisorRules): void {
    this.#rules = rules;
  }

  /**
   * Sends a signal to its process, and to no other of its group. False when none runs.
   */
  signal(signal: number): boolean {
    return this.pid !== undefined && (this.#process?.signal(signal) ?? false);
  }

  /** Ends a wait: the replica is started now. */
  retry(): void {
    if (this.#state === "failed") this.#forgive();
    this.#dispatch("retry");
  }

  /** A start that somebody asked for: earlier restarts do not count against it. */
  #forgive(): void {
    this.#restarts = 0;
    this.#aftermath = undefined;
    this.#verdicts.forgive();
  }

  #down(): Promise<StopReport> {
    this.#whenDown ??= deferred();
    return this.#whenDown.promise;
  }

  /**
   * Whoever made it hears first, without a listener for each event of each replica. An error of a listener is none of ours: a
   * transition that it broke off would never be finished.
   */
  #tell<Name extends keyof SupervisorEvents>(name: Name, event: SupervisorEvents[Name][0]): void {
    try {
      this.#parts.onEvent?.(name, event);
    } catch (error) {
      throwLater(error);
    }
    try {
      // The event's one argument: the pair is right for every member of the union.
      (this as EventEmitter).emit(name, event);
    } catch (error) {
      throwLater(error);
    }
  }

  #dispatch(event: MachineEvent): void {
    this.#queue.push(event);
    if (this.#dispatching) return;
    this.#dispatching = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#step(next);
    } finally {
      this.#dispatching = false;
    }
  }

  #step(event: MachineEvent): void {
    const before = this.#state;
    const { next, effects, impossible } = transitions[before][event];
    if (impossible) {
      this.#log.outOfTurn(event, before);
      return;
    }
    if (next !== before) this.#since = this.#parts.clock.now();
    this.#state = next;
    for (const effect of effects) Supervisor.#effects[effect](this);
    if (next !== before) this.#tell("state", next);
  }

  /** One table for all: a thousand replicas have no closures of their own. */
  static readonly #effects: Readonly<Record<Effect, (self: Supervisor) => void>> = {
    spawn: (self) => self.#spawn(),
    welcome: (self) => self.#welcome(),
    announceReady: (self) => {
      self.#wasReady = true;
      self.#tell("ready", { pid: self.#process?.pid ?? 0, life: self.#life });
    },
    wait: (self) => self.#wait(),
    cancelWait: (self) => self.#endWait(),
    signal: (self) => {
      self.#stopSequence ??= self.#newStopSequence();
      self.#stopSequence.next(self.#process, self.#rules.stopAttempts);
    },
    cancelGrace: (self) => self.#stopSequence?.cancel(),
    kill: (self) => {
      self.#report = { ...self.#report, forced: true };
      self.#process?.signalGroup(9);
    },
    watchGroup: (self) => {
      self.#stopWatch = self.#process?.whenGroupGone(() => self.#dispatch("groupGone"));
    },
    cancelWatch: (self) => self.#stopWatch?.(),
    warnGrace: (self) => self.#log.graceExceeded(self.gracePeriod),
    clearGroup: (self) => self.#clearGroup(),
    sweep: (self) => self.#sweep(),
    remember: (self) => {
      self.#wanted = true;
    },
    forget: (self) => {
      self.#wanted = false;
    },
    settle: (self) => self.#settle(),
    recall: (self) => {
      if (!self.#wanted) return;
      self.#wanted = false;
      // Not beside what could not be killed.
      if (self.#report.survivors.length > 0) return;
      self.#forgive();
      self.#dispatch("start");
    },
  };

  #spawn(): void {
    const life = ++this.#life;
    if (this.#aftermath?.verdict === "again") this.#restarts++;
    this.#aftermath = undefined;
    this.#endWait();
    this.#stopSequence = undefined;
    this.#report = nothingToReport;
    this.#startedAt = this.#parts.clock.now();
    this.#parts.spawner.spawn(life, {
      onSpawned: (process) => {
        this.#process = process;
        this.#dispatch("spawned");
      },
      onFailed: (reason) => this.#onFailed(reason),
      onExited: (status) => this.#onExited(status),
    });
  }

  #newStopSequence(): StopSequence {
    return new StopSequence({
      clock: this.#parts.clock,
      onEnd: (end) => this.#dispatch(end),
      onSignal: (signal) => this.#log.askedToStop(signal),
      onCommandFault: (error) => this.#log.stopCommandFailed(error),
    });
  }

  #welcome(): void {
    const process = this.#process;
    if (process === undefined) return;
    this.#log.started(process.pid);
    this.#tell("started", { pid: process.pid, life: this.#life });
    const probe = this.#parts.probe;
    if (probe === undefined) this.#dispatch("readied");
    else this.#stopProbe = probe.watch(process, () => this.#dispatch("readied"));
  }

  #onFailed(error: string): void {
    this.#log.failedToStart(error);
    this.#tell("failed", { life: this.#life, error });
    this.#ended({ clean: false, uptime: 0, status: undefined, error }, undefined);
  }

  #onExited(status: ExitStatus): void {
    this.#stopProbe?.();
    this.#stopProbe = undefined;
    const uptime = this.#parts.clock.now() - this.#startedAt;
    const clean = isClean(status, this.#rules.successExitCodes);
    const error = clean ? undefined : endText(status, () => this.#wasOutOfMemory());
    this.#log.exited(error, uptime);
    this.#tell("exited", { life: this.#life, status, error, duration: uptime });
    this.#ended({ clean, uptime, status, error }, this.#process);
  }

  /** A SIGKILL of our own is none of the kernel's. Its own control group, if it has one, knows better than ours. */
  #wasOutOfMemory(): boolean {
    if (!this.#isUnasked) return false;
    return this.#process?.usage?.()?.outOfMemory ?? this.#parts.wasOutOfMemory?.() ?? false;
  }

  /** Nobody has asked for the end of the run. */
  get #isUnasked(): boolean {
    return unaskedStates.includes(this.#state);
  }

  #ended(
    run: Pick<RunEnd, "clean" | "uptime" | "status" | "error">,
    process: RunningProcess | undefined,
  ): void {
    const end: RunEnd = { ...run, life: this.#life, wasReady: this.#wasReady };
    this.#lastEnd = end;
    if (!this.#isUnasked) {
      // An end that was asked for is neither judged nor counted, and the table makes no difference between verdicts.
      this.#dispatch("endedDone");
      return;
    }
    const aftermath = this.#verdicts.judge(end, this.#rules, this.#parts.clock.now());
    this.#aftermath = aftermath;
    if (aftermath.reset) this.#log.backoffReset();
    if (aftermath.because !== undefined) this.#log.givenUp(aftermath.because);
    if (end.error !== undefined) {
      const record = crashRecord(end, end.error, { aftermath, process, restarts: this.#restarts });
      this.#log.crashed(record);
      this.#tell("crashed", record);
    }
    this.#dispatch(endEvents[aftermath.verdict]);
  }

  #wait(): void {
    const { wait = 0, reason = "backoff" } = this.#aftermath ?? {};
    if (reason === "backoff") this.#log.willRestart(wait);
    const { clock } = this.#parts;
    const timer = clock.after(wait, () => this.#dispatch("due"));
    this.#waiting = { reason, until: clock.now() + wait, timer };
    this.#tell("restarting", { wait, reason });
  }

  #endWait(): void {
    this.#waiting?.timer.cancel();
    this.#waiting = undefined;
  }

  /** The replacement does not wait for the search: it runs off the path of the restart. */
  #clearGroup(): void {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    process.clearGroup();
    this.#parts.sweeper.sweepLater(this.#life, process);
  }

  #sweep(): void {
    const leader = this.#process;
    this.#process = undefined;
    void this.#parts.sweeper.sweep(leader).then((swept) => {
      this.#report = { ...this.#report, ...swept };
      this.#log.swept(swept);
      this.#dispatch("swept");
    });
  }

  #settle(): void {
    const waiters = this.#whenDown;
    this.#whenDown = undefined;
    if (this.#state === "idle") this.#tell("stopped", this.#report);
    waiters?.resolve(this.#report);
  }
}

/** As an uncaught exception, which it would have been. */
function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

const nothingToReport: StopReport = { forced: false, killed: [], survivors: [] };

/** The states of a stop. */
const endingStates: readonly State[] = ["cancelling", "stopping", "killing", "draining", "sweeping"];

/** The states in which nobody has asked for the end of the run. */
const unaskedStates: readonly State[] = ["starting", "started", "ready"];

const endEvents: Readonly<Record<Verdict, MachineEvent>> = {
  again: "endedAgain",
  done: "endedDone",
  failed: "endedFailed",
};
