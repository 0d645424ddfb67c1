import { posix } from "node:path";
import { indexIds } from "../config/object-ids.ts";
import { ApiError } from "./api-error.ts";

/**
 * The path below `/config/` that a path below `/id/` stands for.
 *
 * @throws ApiError with Caddy's text when there is no such object
 */
export function idPath(document: unknown, path: string): string {
  const [, , id = "", ...rest] = path.split("/");
  if (id === "") throw new ApiError(400, "request path is missing object ID");
  const place = indexIds(document, "/config").get(id);
  if (place === undefined) throw new ApiError(404, `unknown object ID '${id}'`);
  return posix.join(place, ...rest);
}

/**
 * Checks the ids of a document before it is loaded.
 *
 * @throws ApiError 400, as Caddy's newest versions answer
 */
export function checkIds(document: unknown): void {
  try {
    indexIds(document, "/config");
  } catch (error) {
    throw new ApiError(400, `indexing config: ${(error as Error).message}`);
  }
}
