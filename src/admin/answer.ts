import type { ServerResponse } from "node:http";
import { encodeGoJson } from "./go-json.ts";

/** How long a caller may leave an answer unread (ms). */
const stalledReader = 60_000;

/** A whole answer at once, with its length. */
export function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.socket?.setTimeout(stalledReader);
  // As bytes: Node would write a text together with the head, and the head's own bytes as UTF-8 once more.
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, "content-length": bytes.length });
  response.end(response.req.method === "HEAD" ? undefined : bytes);
}

/** Caddy's form of an error. */
export function sendError(response: ServerResponse, status: number, message: string, hint?: string): void {
  // Of a body that is too large the rest is not awaited.
  const end: Record<string, string> = status === 413 ? { connection: "close" } : {};
  sendText(response, status, `${encodeGoJson({ error: message, hint })}\n`, {
    "content-type": "application/json",
    ...end,
  });
}
