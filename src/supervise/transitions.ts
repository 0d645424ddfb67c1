/**
 * The supervisor of one replica, as a table: states × events → next state and effects. Pure and total: every cell
 * is filled, and nothing outside it decides what happens next. {@link file://./supervisor.ts} runs the effects.
 */

export const states = [
  /** Not asked to run. */
  "idle",
  /** To be started later: back-off after a crash, spacing after a clean exit. */
  "waiting",
  /** Asked the system for a process; no answer yet. */
  "starting",
  /** The process runs; its readiness is not known yet. */
  "started",
  /** The process runs and is ready. */
  "ready",
  /** Asked to stop while the system had not answered yet. */
  "cancelling",
  /** A stop signal was sent; the grace period runs. */
  "stopping",
  /** SIGKILL was sent. */
  "killing",
  /** The process is gone; the rest of its group still has what is left of the grace period. */
  "draining",
  /** The process is gone; whatever it left is searched for and killed. */
  "sweeping",
  /** Ended, and its restart policy wants no other run. */
  "exited",
  /** Given up on. */
  "failed",
] as const;

export type State = (typeof states)[number];

/** The states in which the process exists. */
export const aliveStates: readonly State[] = ["started", "ready", "stopping", "killing"];

/** The states in which nothing happens until somebody asks for it. */
export const restStates: readonly State[] = ["idle", "exited", "failed"];

export const events = [
  /** Somebody wants it to run. */
  "start",
  /** Somebody wants it to stop. */
  "stop",
  /** Somebody wants it gone at once. */
  "kill",
  /** "Retry now": do not wait any longer. */
  "retry",
  /** The wait is over. */
  "due",
  /** The process exists. */
  "spawned",
  /** Its probe says it is ready. */
  "readied",
  /** The run is over (exit or failed start) and is to be followed by another. */
  "endedAgain",
  /** The run is over and its policy wants no other. */
  "endedDone",
  /** The run is over and it is given up on. */
  "endedFailed",
  /** A stop signal had no effect in its time; there is another to try. */
  "stepOver",
  /** The grace period is over. */
  "graceOver",
  /** No process of the group is left. */
  "groupGone",
  /** The sweep found nothing left. */
  "swept",
] as const;

export type MachineEvent = (typeof events)[number];

export type Effect =
  /** Ask the system for a process. */
  | "spawn"
  /** Say that it started, begin to probe. */
  | "welcome"
  /** Say that it is ready. */
  | "announceReady"
  /** Begin the wait that the end of the last run asks for. */
  | "wait"
  | "cancelWait"
  /** Send the next stop signal to the group and start its clock. */
  | "signal"
  | "cancelGrace"
  /** SIGKILL to the group. */
  | "kill"
  /** Watch for the end of the group. */
  | "watchGroup"
  | "cancelWatch"
  /** Say that the grace period is over. */
  | "warnGrace"
  /** SIGKILL what is left of the group of a process that ended by itself; search for escapees in the background. */
  | "clearGroup"
  /** Search for whatever belongs to the replica and kill it until nothing is found. */
  | "sweep"
  /** Somebody wants it to run again once it is down. */
  | "remember"
  /** A later wish to stop takes that back. */
  | "forget"
  /** It is down: answer whoever waits for that. */
  | "settle"
  /** Start again, if that is remembered. */
  | "recall";

export interface Transition {
  readonly next: State;
  readonly effects: readonly Effect[];
  /** The event cannot happen here; it is logged and changes nothing. */
  readonly impossible?: true;
}

type Row = Readonly<Record<MachineEvent, Transition>>;

const to = (next: State, ...effects: Effect[]): Transition => ({ next, effects });

/** A row: the cells that matter, and for the rest whether the event is ignored or impossible. */
function row(state: State, cells: Partial<Row>, ignored: readonly MachineEvent[]): Row {
  const cell = (event: MachineEvent): Transition =>
    cells[event] ??
    (ignored.includes(event)
      ? { next: state, effects: [] }
      : { next: state, effects: [], impossible: true as const });
  return Object.fromEntries(events.map((event) => [event, cell(event)])) as Row;
}

/** While the process runs, ready or not. */
const running: Partial<Row> = {
  stop: to("stopping", "signal"),
  kill: to("killing", "kill"),
  endedAgain: to("waiting", "clearGroup", "wait"),
  endedDone: to("exited", "clearGroup", "settle"),
  endedFailed: to("failed", "clearGroup", "settle"),
};

/** Once it is asked to stop, it does not matter why the process ends. */
const endsInto = (next: State, ...effects: Effect[]): Partial<Row> => ({
  endedAgain: to(next, ...effects),
  endedDone: to(next, ...effects),
  endedFailed: to(next, ...effects),
});

/** A stop is never turned round: it goes to its end, and only then may a new start follow. The last wish counts. */
const wishes = (state: State): Partial<Row> => ({
  start: to(state, "remember"),
  stop: to(state, "forget"),
  kill: to(state, "forget"),
});

/** Down, but earlier runs may have left processes behind: a stop is over only when those are gone too. */
const down: Partial<Row> = {
  start: to("starting", "spawn"),
  stop: to("sweeping", "sweep"),
  kill: to("sweeping", "sweep"),
};

export const transitions: Readonly<Record<State, Row>> = {
  idle: row(
    "idle",
    { start: to("starting", "spawn"), stop: to("idle", "settle"), kill: to("idle", "settle") },
    ["retry"],
  ),
  waiting: row(
    "waiting",
    {
      stop: to("sweeping", "cancelWait", "sweep"),
      kill: to("sweeping", "cancelWait", "sweep"),
      retry: to("starting", "cancelWait", "spawn"),
      due: to("starting", "spawn"),
    },
    ["start"],
  ),
  starting: row(
    "starting",
    {
      stop: to("cancelling"),
      kill: to("cancelling"),
      spawned: to("started", "welcome"),
      endedAgain: to("waiting", "wait"),
      endedDone: to("exited", "settle"),
      endedFailed: to("failed", "settle"),
    },
    ["start", "retry"],
  ),
  started: row("started", { ...running, readied: to("ready", "announceReady") }, ["start", "retry"]),
  ready: row("ready", running, ["start", "retry", "readied"]),
  // A process that was born after the wish to stop has nothing worth a graceful end: kill it.
  cancelling: row(
    "cancelling",
    {
      ...wishes("cancelling"),
      ...endsInto("sweeping", "sweep"),
      spawned: to("killing", "kill"),
    },
    ["retry"],
  ),
  stopping: row(
    "stopping",
    {
      ...wishes("stopping"),
      ...endsInto("draining", "watchGroup"),
      kill: to("killing", "forget", "cancelGrace", "kill"),
      stepOver: to("stopping", "signal"),
      graceOver: to("killing", "warnGrace", "kill"),
    },
    ["retry", "readied"],
  ),
  draining: row(
    "draining",
    {
      ...wishes("draining"),
      kill: to("sweeping", "forget", "cancelGrace", "cancelWatch", "kill", "sweep"),
      stepOver: to("draining", "signal"),
      graceOver: to("sweeping", "cancelWatch", "warnGrace", "kill", "sweep"),
      groupGone: to("sweeping", "cancelGrace", "sweep"),
    },
    ["retry", "readied"],
  ),
  killing: row("killing", { ...wishes("killing"), ...endsInto("sweeping", "sweep") }, ["retry", "readied"]),
  sweeping: row("sweeping", { ...wishes("sweeping"), swept: to("idle", "settle", "recall") }, [
    "retry",
    "readied",
  ]),
  exited: row("exited", down, ["retry", "readied"]),
  failed: row("failed", { ...down, retry: to("starting", "spawn") }, ["readied"]),
};
