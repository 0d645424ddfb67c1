import { posix } from "node:path";

/** The path that a request is for, or the answer to one that has none we would serve. */
export type RequestPath =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "redirect"; readonly location: string }
  | { readonly kind: "malformed" };

/** Served with a slash at the end only. */
const folders: readonly string[] = ["/config", "/id"];

/**
 * Reads the target of a request as Go's ServeMux does: decoded once, and sent to its clean form when it is not clean.
 * Whatever is decided about a request is decided about this path and no other.
 */
export function requestPath(target: string): RequestPath {
  const [raw = "", ...query] = target.split("?");
  if (!raw.startsWith("/") || /%(?![0-9a-fA-F]{2})/.test(raw)) return { kind: "malformed" };
  const path = decode(raw);
  const clean = folders.includes(path) ? `${path}/` : posix.normalize(path);
  if (clean === path) return { kind: "path", path };
  const search = query.length === 0 ? "" : `?${query.join("?")}`;
  return { kind: "redirect", location: encodeURI(clean).replace(/[?#]/g, encodeURIComponent) + search };
}

function decode(raw: string): string {
  const bytes = Buffer.from(raw, "utf8").toString("latin1");
  const decoded = bytes.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, "latin1").toString("utf8");
}
