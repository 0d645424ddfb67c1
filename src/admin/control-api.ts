import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Control } from "../app/control/control.ts";
import { type Deferred, deferred } from "../supervise/deferred.ts";
import { sendText } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import { asApiError, controlRequest, controlRoutes, type ItemSink, methodOf } from "./control-routes.ts";
import { toJsonNames } from "./field-names.ts";

const json = { "content-type": "application/json" };
const jsonLines = { "content-type": "application/x-ndjson" };

/** Answers what is asked below `/supervisor/`. @throws ApiError */
export async function answerControl(
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (path === "/supervisor/openapi.json" && request.method === "GET") {
    const { openApi } = await import("./openapi.ts");
    sendText(response, 200, `${JSON.stringify(openApi(), undefined, 2)}\n`, json);
    return;
  }
  const route = controlRoutes.find((each) => each.path === path);
  if (route === undefined) {
    const known = controlRoutes.map((each) => each.path.replace("/supervisor/", "")).join(", ");
    throw new ApiError(404, `no such route: ${path}; below /supervisor/ there are ${known}`);
  }
  const method = methodOf(route);
  if (request.method !== method)
    throw new ApiError(405, `method not allowed: ${path} is asked with ${method}`);
  try {
    const asked = await controlRequest(route, control, request);
    if (route.kind === "stream") await stream(response, (sink) => route.run(asked, sink));
    else sendText(response, 200, `${JSON.stringify(toJsonNames(await route.run(asked)))}\n`, json);
  } catch (error) {
    throw asApiError(error);
  }
}

async function stream(response: ServerResponse, run: (sink: ItemSink) => Promise<void>): Promise<void> {
  const gone = new AbortController();
  // Each of a thousand streams may listen for the end.
  setMaxListeners(0, gone.signal);
  let room: Deferred<void> | undefined;
  const hasRoom = () => {
    room?.resolve();
    room = undefined;
  };
  response.on("drain", hasRoom).on("close", () => {
    gone.abort();
    hasRoom();
  });
  const send = (item: unknown) => {
    if (gone.signal.aborted) return undefined;
    if (!response.headersSent) response.writeHead(200, jsonLines);
    if (response.write(`${JSON.stringify(toJsonNames(item))}\n`)) return undefined;
    room ??= deferred();
    return room.promise;
  };
  // What is wrong with the request shows before anything is sent: then it is refused like any other.
  const running = run({ send, signal: gone.signal });
  setImmediate(() => {
    if (!response.headersSent && !gone.signal.aborted) response.writeHead(200, jsonLines).flushHeaders();
  });
  await running;
  if (!response.headersSent) response.writeHead(200, jsonLines);
  response.end();
}
