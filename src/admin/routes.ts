import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream";
import type { EndpointDoors } from "../app/daemon.ts";
import { sendText } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import { readBody } from "./body.ts";
import type { ConfigApi } from "./config-api.ts";
import { forward } from "./forward.ts";

/** A request that was let in, and what is needed to answer it. */
export interface Call {
  readonly api: ConfigApi;
  readonly doors: Pick<EndpointDoors, "ready" | "caddySocket" | "control" | "onStop">;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Decoded and clean. */
  readonly path: string;
}

type Answer = (call: Call) => Promise<void> | void;

const json = { "content-type": "application/json" };

/** What we answer ourselves. A name with a slash at its end stands for all that is below it. */
const routes: readonly (readonly [string, Answer])[] = [
  ["/config/", config],
  ["/id/", byId],
  ["/load", onlyPost(load)],
  ["/adapt", onlyPost(adapt)],
  ["/stop", onlyPost(stop)],
  ["/supervisor/", control],
  ["/metrics", metrics],
];

/** Answers a request that was let in. Everything that is no route of ours is Caddy's. */
export function route(call: Call): Promise<void> | void {
  const found = routes.find(([name]) =>
    name.endsWith("/") ? call.path.startsWith(name) : call.path === name,
  );
  const answer = found?.[1] ?? toCaddy;
  return answer(call);
}

function onlyPost(answer: Answer): Answer {
  return (call) => {
    if (call.request.method !== "POST") throw new ApiError(405, "method not allowed");
    return answer(call);
  };
}

async function config({ api, doors, request, response, path }: Call): Promise<void> {
  const { method = "" } = request;
  if (method === "GET") {
    await doors.ready;
    const { body, etag } = await api.read(path);
    sendText(response, 200, body, { ...json, ...(etag === undefined ? {} : { etag: headerBytes(etag) }) });
    return;
  }
  if (method !== "POST" && method !== "PUT" && method !== "PATCH" && method !== "DELETE")
    throw new ApiError(405, `method ${method} not allowed`);
  const body = method === "DELETE" ? Buffer.alloc(0) : await jsonBody(request);
  await doors.ready;
  await api.change({ method, path, body, ifMatch: ifMatch(request), force: isForced(request) });
  sendText(response, 200, "");
}

/** Caddy asks for `…/json…` and no more. */
function jsonBody(request: IncomingMessage): Promise<Buffer> {
  const { "content-type": type = "" } = request.headers;
  if (!type.includes("/json"))
    throw new ApiError(400, `unacceptable content-type: ${type}; 'application/json' required`);
  return readBody(request);
}

async function byId(call: Call): Promise<void> {
  await call.doors.ready;
  await config({ ...call, path: await call.api.resolveId(call.path) });
}

async function load({ api, doors, request, response }: Call): Promise<void> {
  const body = await readBody(request);
  await doors.ready;
  const warnings = await api.load({ body, contentType: contentType(request) }, isForced(request));
  // Caddy names no type here, and Go's guess is this.
  sendText(response, 200, warnings, warnings === "" ? {} : { "content-type": "text/plain; charset=utf-8" });
}

async function adapt({ api, doors, request, response }: Call): Promise<void> {
  const body = await readBody(request);
  await doors.ready;
  const answer = await api.adapt({ body, contentType: contentType(request) });
  sendText(response, 200, `${answer}\n`, json);
}

function stop({ response, doors }: Call): void {
  // Also when the caller does not wait for the answer.
  finished(response, () => doors.onStop());
  sendText(response, 200, "", { connection: "close" });
}

async function control({ doors, request, response, path }: Call): Promise<void> {
  // Who never has to do with it does not load it.
  const { answerControl } = await import("./control-api.ts");
  await answerControl(doors.control, request, response, path);
}

async function metrics({ doors, request, response }: Call): Promise<void> {
  const { answerMetrics } = await import("./metrics.ts");
  await answerMetrics(doors, request, response);
}

async function toCaddy({ doors, request, response }: Call): Promise<void> {
  // Whoever calls before Caddy serves waits.
  await doors.ready;
  const socket = doors.caddySocket();
  if (socket === undefined) throw new ApiError(503, "no Caddy runs: the configuration has no sites");
  forward(socket, request, response);
}

function contentType({ headers }: IncomingMessage): string {
  return headers["content-type"] ?? "";
}

function isForced({ headers }: IncomingMessage): boolean {
  return headers["cache-control"] === "must-revalidate";
}

/** Node reads headers byte for byte; the path in this one may be UTF-8. */
function ifMatch({ headers }: IncomingMessage): string | undefined {
  const given = headers["if-match"];
  return given === undefined || given === "" ? undefined : Buffer.from(given, "latin1").toString("utf8");
}

function headerBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
