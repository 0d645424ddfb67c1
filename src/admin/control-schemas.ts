import { states } from "../supervise/transitions.ts";

/** What the control routes take and give, as JSON Schema (2020-12): the source of docs/reference/openapi.json. */
export type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const integer: Schema = { type: "integer" };
const seconds: Schema = { type: "number", description: "seconds" };

function object(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return {
    type: "object",
    description,
    properties: { ...properties, ...optional },
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function list(items: Schema): Schema {
  return { type: "array", items };
}

function oneOf(...words: readonly string[]): Schema {
  return { type: "string", enum: words };
}

function described(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

const ofReplica = { name: text, replica: integer };

const state = oneOf(...states);

const lastExit = object(
  "How the last run ended",
  { uptime: seconds },
  {
    exit_code: integer,
    signal: described(text, "SIGKILL"),
    error: described(text, "in Go's words; absent for a clean exit"),
  },
);

const process = object(
  "One replica",
  {
    ...ofReplica,
    command: list(text),
    state,
    in_state: described(seconds, "seconds since it came into this state"),
    restarts: described(
      integer,
      "starts after runs that ended by themselves, since somebody last asked for a start",
    ),
  },
  {
    pid: integer,
    uptime: seconds,
    last_exit: lastExit,
    next_try: described(seconds, "seconds until it is started again"),
    wait_reason: oneOf("backoff", "spacing"),
    cpu_time: described(seconds, "CPU time that its processes have used, in seconds"),
    memory: described(integer, "resident memory of its processes, in bytes"),
  },
);

export const status = object(
  "The whole instance",
  {
    version: text,
    pid: integer,
    state: oneOf("starting", "running", "stopping"),
    uptime: seconds,
    config: described(text, "the configuration as it was named; - for stdin"),
    processes: list(process),
  },
  { caddy: object("Stock Caddy, where it is needed", { state }, { pid: integer }) },
);

export const explanations = list(
  object("Why a replica is as it is", {
    ...ofReplica,
    state,
    is_running: { type: "boolean" },
    sentences: list(text),
  }),
);

export const outcomes = list(
  object(
    "What became of a replica",
    { ...ofReplica, result: oneOf("running", "down", "signalled", "failed") },
    {
      pid: integer,
      error: text,
      forced: described({ type: "boolean" }, "the stop had to end in SIGKILL"),
      killed: described(list(text), "what was found beyond the process group and killed"),
    },
  ),
);

export const report = object("What a reload has done, or would do", {
  is_unchanged: { type: "boolean" },
  changes: list(
    object("One replica", {
      replica: described(text, "worker:0"),
      action: oneOf("keep", "restart", "start", "stop"),
      why: list(described(text, "env APP_ENV changed")),
    }),
  ),
  caddy: oneOf("none", "keep", "load", "start", "stop"),
});

export const event: Schema = {
  type: "object",
  description: "Something that happened; what else is told depends on what it is",
  properties: { id: integer, time: described(seconds, "Unix time"), event: text, ...ofReplica },
  required: ["id", "time", "event"],
};

export const logLine = object(
  "A line that a process wrote, or a word about where its lines are",
  { ...ofReplica, stream: described(text, "stdout, stderr, or stdout,stderr when both go to one place") },
  { line: text, note: text },
);

export const targets = object(
  "Which processes: worker (all of that name), worker:1 (one of them), * (all)",
  {},
  { targets: list(text) },
);

export const signalRequest = object("Which processes, and the signal", {
  targets: list(text),
  signal: described(text, "SIGUSR1, USR1 or 10"),
});

export const scaleRequest = object("How many replicas", {
  name: text,
  replicas: { type: "integer", minimum: 0 },
});

export const document: Schema = { type: "object", description: "A whole configuration, as /load takes it" };

export const fault = object("Why it was refused", { error: text }, { hint: text });
