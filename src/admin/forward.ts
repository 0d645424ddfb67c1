import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { privateHost } from "../caddy/private-config.ts";
import { sendError } from "./answer.ts";

/** Headers that speak of the caller's connection or origin: the child's own check of them would refuse our call. */
const notForwarded: readonly string[] = [
  "connection",
  "keep-alive",
  "origin",
  "referer",
  "sec-fetch-dest",
  "sec-fetch-mode",
  "sec-fetch-site",
  "upgrade",
];

/** Hands a request on to the child's private admin socket, and its answer back, both as streams. */
export function forward(socketPath: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).filter(([name]) => !notForwarded.includes(name)),
  );
  const call = request(
    {
      socketPath,
      method: incoming.method,
      path: incoming.url,
      headers: { ...headers, host: privateHost },
      agent: false,
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      // When Caddy dies in the midst of its answer, the caller must learn that it is cut off.
      pipeline(answer, outgoing, () => {});
    },
  );
  call.on("error", () => {
    if (outgoing.headersSent) outgoing.destroy();
    else sendError(outgoing, 502, "Caddy does not answer: it is being started again");
  });
  outgoing.on("close", () => call.destroy());
  incoming.pipe(call);
}
