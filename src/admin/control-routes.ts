import type { IncomingMessage } from "node:http";
import type { Control } from "../app/control/control.ts";
import { SupervisorError } from "../errors.ts";
import { ApiError } from "./api-error.ts";
import { readBody } from "./body.ts";
import type { Schema } from "./control-schemas.ts";
import * as schemas from "./control-schemas.ts";
import { decodeGoJson } from "./go-json.ts";

/** A request to a control route, read. */
export interface ControlRequest {
  readonly control: Control;
  readonly query: URLSearchParams;
  /** Undefined when there is none. */
  readonly body: unknown;
  /** Load it even when nothing changed. */
  readonly force: boolean;
}

/** Takes one item of an answer that has no end; what it answers with, if anything, resolves when there is room again. */
export interface ItemSink {
  send(item: unknown): Promise<void> | undefined;
  /** The caller has gone. */
  readonly signal: AbortSignal;
}

interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
}

interface RouteBase {
  readonly path: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: Schema;
  /** Of the whole answer, or of each item. */
  readonly answer: Schema;
}

/** One thing that can be asked below `/supervisor/`. */
export type ControlRoute = RouteBase &
  (
    | { readonly kind: "read" | "change"; run(request: ControlRequest): unknown }
    /** Its items are JSON, one a line. */
    | { readonly kind: "stream"; run(request: ControlRequest, sink: ItemSink): Promise<void> }
  );

const target: Parameter = {
  name: "target",
  description: "worker, worker:1 or *; repeatable. Default: all",
  schema: { type: "array", items: { type: "string" } },
};
const lines: Parameter = {
  name: "lines",
  description: "How many of the last ones. Default: 10",
  schema: { type: "integer", minimum: 0, maximum: 100_000 },
};
const follow: Parameter = {
  name: "follow",
  description: "Go on with those to come. Default: false",
  schema: { type: "boolean" },
};

export const controlRoutes: readonly ControlRoute[] = [
  {
    kind: "read",
    path: "/supervisor/status",
    summary: "What runs, and how it fares",
    parameters: [target],
    answer: schemas.status,
    run: ({ control, query }) => control.status(targetsOf(query)),
  },
  {
    kind: "read",
    path: "/supervisor/why",
    summary: "Why replicas are as they are, in sentences",
    parameters: [target],
    answer: schemas.explanations,
    run: ({ control, query }) => control.why(targetsOf(query)),
  },
  {
    kind: "change",
    path: "/supervisor/up",
    summary: "Start what does not run, and end waits",
    body: schemas.targets,
    answer: schemas.outcomes,
    run: ({ control, body }) => control.up(targetsIn(body)),
  },
  {
    kind: "change",
    path: "/supervisor/down",
    summary: "Stop until asked up again; answers when the process trees are gone",
    body: schemas.targets,
    answer: schemas.outcomes,
    run: ({ control, body }) => control.down(targetsIn(body)),
  },
  {
    kind: "change",
    path: "/supervisor/restart",
    summary: "Stop and start, the replicas of a definition one after the other",
    body: schemas.targets,
    answer: schemas.outcomes,
    run: ({ control, body }) => control.restart(targetsIn(body)),
  },
  {
    kind: "change",
    path: "/supervisor/signal",
    summary: "Send a signal to the processes themselves, not to their children",
    body: schemas.signalRequest,
    answer: schemas.outcomes,
    run: ({ control, body }) => control.signal(targetsIn(body), textIn(body, "signal")),
  },
  {
    kind: "change",
    path: "/supervisor/scale",
    summary: "Another number of replicas, written into the configuration that runs",
    body: schemas.scaleRequest,
    answer: schemas.report,
    run: ({ control, body }) => control.scale(textIn(body, "name"), replicasIn(body)),
  },
  {
    kind: "change",
    path: "/supervisor/plan",
    summary: "What a reload of this configuration (none: of the configuration file) would do",
    body: schemas.document,
    answer: schemas.report,
    run: ({ control, body }) => control.plan(body),
  },
  {
    kind: "change",
    path: "/supervisor/reload",
    summary: "Load this configuration (none: the configuration file)",
    body: schemas.document,
    answer: schemas.report,
    run: ({ control, body, force }) => control.reload(body, force),
  },
  {
    kind: "stream",
    path: "/supervisor/logs",
    summary: "The last lines that processes wrote, and those to come",
    parameters: [target, lines, follow],
    answer: schemas.logLine,
    run: ({ control, query }, sink) => {
      const request = { lines: numberOf(query, "lines", 10), follow: flagOf(query, "follow") };
      return control.logs(targetsOf(query), request, sink);
    },
  },
  {
    kind: "stream",
    path: "/supervisor/events",
    summary: "What has happened lately, and what happens",
    parameters: [lines, follow],
    answer: schemas.event,
    run: ({ control, query }, sink) =>
      streamEvents(control, numberOf(query, "lines", 10), flagOf(query, "follow"), sink),
  },
];

export function methodOf({ kind }: ControlRoute): "GET" | "POST" {
  return kind === "change" ? "POST" : "GET";
}

async function streamEvents(
  { journal }: Control,
  count: number,
  isFollowed: boolean,
  { send, signal }: ItemSink,
): Promise<void> {
  const recent = journal.recent(count);
  if (!isFollowed) {
    for (const event of recent) void send(event);
    return;
  }
  let next = recent[0]?.id ?? journal.last + 1;
  let isFull = false;
  // A slow reader costs no memory: what it has not taken waits in the journal, and is gone once that forgets it.
  const sendNews = () => {
    for (let event = journal.from(next); event !== undefined && !isFull; event = journal.from(next)) {
      next = event.id + 1;
      const room = send(event);
      isFull = room !== undefined;
      void room?.then(() => {
        isFull = false;
        if (!signal.aborted) sendNews();
      });
    }
  };
  const stop = journal.follow(sendNews);
  sendNews();
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  stop();
}

/** Reads what a control route is asked. @throws ApiError 400 */
export async function controlRequest(
  route: ControlRoute,
  control: Control,
  request: IncomingMessage,
): Promise<ControlRequest> {
  const query = new URLSearchParams((request.url ?? "").split("?").slice(1).join("?"));
  const known = (route.parameters ?? []).map(({ name }) => name);
  for (const name of query.keys()) {
    if (!known.includes(name))
      throw new ApiError(400, `unknown parameter '${name}'; known: ${known.join(", ") || "none"}`);
  }
  const force = request.headers["cache-control"] === "must-revalidate";
  return { control, query, force, body: route.kind === "change" ? await bodyOf(request) : undefined };
}

/** Our own errors with a status that says the same. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (!(error instanceof SupervisorError)) return new ApiError(400, (error as Error).message);
  const statuses: Partial<Record<SupervisorError["code"], number>> = { NO_PROCESS: 404, REFUSED: 503 };
  return new ApiError(statuses[error.code] ?? 400, error.message, error.hint);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBody(request);
  if (bytes.length === 0) return undefined;
  let body: unknown;
  try {
    body = decodeGoJson(bytes);
  } catch (error) {
    throw new ApiError(400, `the body is no JSON: ${(error as Error).message}`);
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new ApiError(400, "the body must be a JSON object");
  return body;
}

function targetsOf(query: URLSearchParams): readonly string[] {
  const targets = query.getAll("target");
  return targets.length === 0 ? ["*"] : targets;
}

function targetsIn(body: unknown): readonly string[] {
  const targets = member(body, "targets");
  if (Array.isArray(targets) && targets.length > 0 && targets.every((each) => typeof each === "string"))
    return targets as string[];
  throw new ApiError(400, 'the body must name processes: {"targets":["worker","web:1"]}, or ["*"] for all');
}

function textIn(body: unknown, name: string): string {
  const value = member(body, name);
  if (typeof value === "string" && value !== "") return value;
  throw new ApiError(400, `the body must have a text "${name}"`);
}

function replicasIn(body: unknown): number {
  const value = member(body, "replicas");
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw new ApiError(400, 'the body must have a number "replicas" of at least 0');
}

function member(body: unknown, name: string): unknown {
  return (body as Readonly<Record<string, unknown>> | undefined)?.[name];
}

function numberOf(query: URLSearchParams, name: string, usual: number): number {
  const text = query.get(name) ?? String(usual);
  const most = 100_000;
  if (/^\d{1,6}$/.test(text) && Number(text) <= most) return Number(text);
  throw new ApiError(400, `'${name}' must be a number from 0 to ${most}`);
}

function flagOf(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? "false";
  if (text === "true" || text === "false") return text === "true";
  throw new ApiError(400, `'${name}' must be true or false`);
}
