import { ApiError } from "./api-error.ts";

/** `type/subtype` and parameters (RFC 9110, 8.3.1); Go's mime.ParseMediaType wants no less. */
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const mediaType = new RegExp(`^\\s*(${token})(?:/(${token}))?\\s*(?:;.*)?$`, "s");

/**
 * Which adapter a body is for: the part behind the slash of its Content-Type (Caddy's adaptByContentType); undefined
 * for JSON, which is also what a body without a type is taken for.
 *
 * @throws ApiError 400
 */
export function adapterOf(contentType: string): string | undefined {
  if (contentType === "") return undefined;
  const match = mediaType.exec(contentType);
  if (match === null)
    throw new ApiError(400, "invalid Content-Type: mime: unexpected content after media subtype");
  const adapter = match[2]?.toLowerCase();
  if (adapter === undefined) throw new ApiError(400, "malformed Content-Type");
  return adapter === "json" ? undefined : adapter;
}
