import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error.ts";

/** Caddy's limit for a configuration, since 2.11.3 (bytes). */
const largestBody = 100 * 1024 * 1024;

/**
 * The whole body of a request.
 *
 * @throws ApiError 413 as soon as it is known to be too large, 400 when the caller breaks off
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => new ApiError(413, "reading request body: http: request body too large");
  if (Number(request.headers["content-length"] ?? 0) > largestBody) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Not destroyed when we stop early: the refusal still has to reach the caller.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largestBody) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new ApiError(400, `reading request body: ${(error as Error).message}`);
  }
  if (size > largestBody) throw tooLarge();
  return Buffer.concat(chunks);
}
