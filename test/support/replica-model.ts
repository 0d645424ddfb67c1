import type { RestartPolicy } from "../../src/config/definition.ts";
import { decideByPolicy, type Verdict } from "../../src/supervise/restart.ts";
import type { SupervisorRules } from "../../src/supervise/supervisor-parts.ts";
import { type Effect, type MachineEvent, type State, transitions } from "../../src/supervise/transitions.ts";
import { plainRules } from "./plain-rules.ts";
import { type Fault, toldLater } from "./puppet.ts";

/** The rules of a replica, as a script of a test gives them. */
export interface ModelRules {
  readonly policy: RestartPolicy;
  readonly limit: SupervisorRules["limit"];
  readonly successExitCodes: readonly number[];
  /** Each signal of a stop, and its time (ms). */
  readonly attempts: readonly { readonly signal: number; readonly wait: number }[];
}

export function toRules({ policy, limit, successExitCodes, attempts }: ModelRules): SupervisorRules {
  return { ...plainRules(policy, attempts), limit, successExitCodes };
}

const verdictEvents: Readonly<Record<Verdict, MachineEvent>> = {
  again: "endedAgain",
  done: "endedDone",
  failed: "endedFailed",
};

const verdictStates: Readonly<Record<Verdict, State>> = {
  again: "waiting",
  done: "exited",
  failed: "failed",
};

/**
 * A replica on paper: it walks through the table of transitions, and knows beside it, without the table, where it should
 * arrive ({@link expected}). Events of the world that take time wait until {@link arrive}.
 */
export class ReplicaModel {
  state: State = "idle";
  rules: ModelRules;
  fault: Fault | undefined;
  /** Of the running process: it ignores signals. */
  stubborn = false;
  /** Of the running process: its flood is held up, so that it obeys no order. */
  flooding = false;
  hasRoom = true;
  now = 0;
  /** When the wait or the attempt to stop is over. */
  due: number | undefined;
  lives = 0;
  restarts = 0;

  readonly #probed: boolean;
  #isUp = false;
  #isAskedToStop = false;
  #isWanted = false;
  #isReady = false;
  #verdict: Verdict | undefined;
  #startedAt = 0;
  #delay = 0;
  #wait = 0;
  #attempts = 0;
  #attemptEnd: MachineEvent = "graceOver";
  #restartTimes: number[] = [];
  #remembers = false;
  #later: (() => void)[] = [];

  constructor(rules: ModelRules, probed: boolean) {
    this.rules = rules;
    this.#probed = probed;
  }

  /** A wish of the user, or what the world does by itself. */
  take(event: MachineEvent): void {
    if (event === "start") this.#wantRun();
    if (event === "retry" && this.state === "failed") this.#wantRun();
    if (event === "stop" || event === "kill") {
      this.#isWanted = false;
      if (this.#isUp) this.#isAskedToStop = true;
      else this.#verdict = undefined;
    }
    this.#step(event);
  }

  /** Everything happens that follows without anybody's help. */
  arrive(): void {
    for (let next = this.#later.shift(); next !== undefined; next = this.#later.shift()) next();
  }

  /** Where it should be when everything has happened that follows without anybody's help. */
  get expected(): State {
    if (this.#isUp && this.#isAskedToStop) return "stopping";
    if (!this.#isWanted) return "idle";
    if (this.#isUp || this.#verdict === undefined) return this.#isReady ? "ready" : "started";
    return verdictStates[this.#verdict];
  }

  /** The process ends by itself, or somebody else kills it: `code` is undefined for a signal. */
  ends(code: number | undefined): void {
    this.#end(code !== undefined && this.rules.successExitCodes.includes(code), true);
  }

  becomesReady(): void {
    this.#isReady = true;
    this.#step("readied");
  }

  advance(duration: number): void {
    const end = this.now + duration;
    while (this.due !== undefined && this.due <= end) {
      this.now = this.due;
      this.due = undefined;
      if (this.state === "waiting") this.#step("due");
      else this.#step(this.#attemptEnd);
    }
    this.now = end;
  }

  #wantRun(): void {
    if (["idle", "exited", "failed"].includes(this.state)) this.#forgive();
    this.#isWanted = true;
  }

  #forgive(): void {
    this.#restartTimes = [];
    this.#delay = 0;
    this.restarts = 0;
    this.#verdict = undefined;
  }

  #step(event: MachineEvent): void {
    const { next, effects, impossible } = transitions[this.state][event];
    if (impossible) throw new Error(`${event} is impossible in ${this.state}`);
    this.state = next;
    for (const effect of effects) this.#effects[effect]?.();
  }

  readonly #effects: Partial<Readonly<Record<Effect, () => void>>> = {
    spawn: () => this.#spawn(),
    welcome: () => {
      if (!this.#probed) this.#step("readied");
    },
    wait: () => {
      this.due = this.now + this.#wait;
    },
    cancelWait: () => {
      this.due = undefined;
    },
    signal: () => this.#signal(),
    cancelGrace: () => {
      this.due = undefined;
    },
    kill: () => {
      if (this.state === "killing") this.#later.push(() => this.#end(false, true));
    },
    watchGroup: () => {
      this.due = undefined;
      this.#later.push(() => this.#step("groupGone"));
    },
    sweep: () => this.#later.push(() => this.#step("swept")),
    remember: () => {
      this.#remembers = true;
    },
    forget: () => {
      this.#remembers = false;
    },
    recall: () => {
      const isToStart = this.#remembers;
      this.#remembers = false;
      if (isToStart) this.#forgive();
      if (isToStart) this.#step("start");
    },
  };

  #spawn(): void {
    this.lives++;
    if (this.#verdict === "again") this.restarts++;
    this.#attempts = 0;
    this.#startedAt = this.now;
    const { fault } = this;
    if (fault === undefined) {
      this.#isUp = true;
      this.#isReady = !this.#probed;
      this.#isAskedToStop = false;
      this.#step("spawned");
    } else if (toldLater.includes(fault)) this.#later.push(() => this.#end(false, false));
    else this.#end(false, false);
  }

  #signal(): void {
    const attempt = this.rules.attempts[this.#attempts++];
    if (attempt === undefined) {
      this.#step("graceOver");
      return;
    }
    this.due = this.now + attempt.wait;
    this.#attemptEnd = this.#attempts < this.rules.attempts.length ? "stepOver" : "graceOver";
    if (!this.stubborn) this.#later.push(() => this.#end(false, true));
  }

  #end(clean: boolean, hasRun: boolean): void {
    this.stubborn = false;
    this.flooding = false;
    const isAsked = this.#isAskedToStop;
    this.#isUp = false;
    this.#isAskedToStop = false;
    if (isAsked) {
      this.#verdict = undefined;
      this.#step("endedDone");
      return;
    }
    this.#verdict = this.#judge(clean, hasRun);
    this.#step(verdictEvents[this.#verdict]);
  }

  /** The original's back-off: 0, 1, 2, 4 … s, at most 5 min, forgotten after 10 min; 1 s between starts otherwise. */
  #judge(clean: boolean, hasRun: boolean): Verdict {
    const uptime = hasRun ? this.now - this.#startedAt : 0;
    if (uptime >= 600_000) this.#delay = 0;
    this.#wait = clean ? Math.max(0, 1_000 - uptime) : this.#delay;
    if (!clean) this.#delay = Math.min(this.#delay === 0 ? 1_000 : this.#delay * 2, 300_000);
    const { policy, limit } = this.rules;
    const status = hasRun ? { code: clean ? 0 : 1 } : undefined;
    const verdict = decideByPolicy[policy]({
      clean,
      uptime,
      status,
      error: "",
      life: this.lives,
      wasReady: false,
    });
    if (verdict !== "again" || limit === undefined) return verdict;
    this.#restartTimes = this.#restartTimes.filter((at) => this.now - at < limit.within);
    if (this.#restartTimes.length >= limit.restarts) return "failed";
    this.#restartTimes.push(this.now);
    return verdict;
  }
}
