import type { IncomingHttpHeaders } from "node:http";
import type { AdminConfig } from "../caddy/private-config.ts";

/** What browsers say of a call that no page of another site has made. */
const ownSites: readonly (string | undefined)[] = [undefined, "same-origin", "none"];

/**
 * Why a request is refused for where it comes from; undefined when it is not. A browser tells which page makes it call;
 * Caddy looks at that when `enforce_origin` is set and, in newer versions, whenever it is told (admin.go, checkOrigin).
 * Programs tell nothing of the kind (Node's fetch sends a Sec-Fetch-Mode, but no Sec-Fetch-Site) and go through.
 */
export function originFault(
  headers: IncomingHttpHeaders,
  { enforce_origin: enforce = false }: AdminConfig,
  hosts: readonly string[] | undefined,
): string | undefined {
  const named = headers.origin ?? (enforce ? headers.referer : undefined);
  if (named === undefined) {
    const site = headers["sec-fetch-site"];
    const fromPage = enforce || !ownSites.includes(Array.isArray(site) ? site[0] : site);
    return fromPage ? "required Origin header is missing or invalid" : undefined;
  }
  const host = hostOf(named);
  // Where any host will do, a page may still call only the host that it came from.
  const allowed = hosts ?? (headers.host === undefined ? [] : [headers.host]);
  if (host !== undefined && allowed.includes(host)) return undefined;
  return `client is not allowed to access from origin '${named}'`;
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
