import { createHash } from "node:crypto";
import { ApiError } from "./api-error.ts";

/** The hash of what a GET of a path answers. Opaque: Caddy's own has changed twice. */
function hashOf(answer: string): string {
  return createHash("sha256").update(answer).digest("hex").slice(0, 16);
}

/** The Etag of an answer; undefined where the path cannot be written in a header. */
export function makeEtag(path: string, answer: string): string | undefined {
  return /[\x00-\x1f\x7f]/.test(path) ? undefined : `"${path} ${hashOf(answer)}"`;
}

/**
 * Holds an `If-Match` against the configuration of now. It names the path that it is about: that need not be the
 * request's own.
 *
 * @param read what a GET of a path would answer
 * @throws ApiError 412 when it does not match, 400 when it has another form
 */
export function checkIfMatch(header: string, read: (path: string) => string): void {
  if (!/^".*"$/s.test(header) || header.length < 2)
    throw new ApiError(400, "malformed If-Match header; expect quoted string");
  const [path, hash, ...more] = header.slice(1, -1).split(/\s+/).filter(Boolean);
  if (path === undefined || hash === undefined || more.length > 0)
    throw new ApiError(400, 'malformed If-Match header; expect format "<path> <hash>"');
  if (hashOf(read(path)) !== hash)
    throw new ApiError(412, "If-Match header did not match current config hash");
}
