import type { IncomingMessage } from "node:http";
import type { AdminConfig } from "../caddy/private-config.ts";
import type { AdminAddress } from "./address.ts";
import { ApiError } from "./api-error.ts";
import { allowedHosts } from "./hosts.ts";
import { originFault } from "./origin.ts";

const methods = "OPTIONS, GET, POST, PUT, PATCH, DELETE";
const allowedHeaders = "Content-Type, Content-Length, Cache-Control";

/** What a browser must not be able to do in its user's name, in the order of Caddy's checks (admin.go, serveHTTP). */
export class Gate {
  readonly #config: AdminConfig;
  /** Undefined: any name will do. */
  readonly hosts: readonly string[] | undefined;

  constructor(address: AdminAddress, config: AdminConfig) {
    this.#config = config;
    this.hosts = allowedHosts(address, config);
  }

  /**
   * Lets a request in, with the headers that its answer needs.
   *
   * @throws ApiError 400 for a WebSocket, 403 for a strange Host or Origin
   */
  admit({ headers, method }: IncomingMessage): Record<string, string> {
    if (headers.upgrade?.includes("websocket"))
      throw new ApiError(400, "websocket connections aren't allowed");
    const { host = "" } = headers;
    if (this.hosts !== undefined && !this.hosts.includes(host))
      throw new ApiError(403, `host not allowed: ${host}`);
    const fault = originFault(headers, this.#config, this.hosts);
    if (fault !== undefined) throw new ApiError(403, fault);
    return this.#config.enforce_origin
      ? crossOrigin(headers.origin ?? originOf(headers.referer), method)
      : {};
  }
}

/** A page of an allowed origin may read the answer. */
function crossOrigin(origin: string | undefined, method: string | undefined): Record<string, string> {
  const preflight: Record<string, string> =
    method === "OPTIONS"
      ? {
          "access-control-allow-methods": methods,
          "access-control-allow-headers": allowedHeaders,
          "access-control-allow-credentials": "true",
        }
      : {};
  return { ...preflight, ...(origin === undefined ? {} : { "access-control-allow-origin": origin }) };
}

function originOf(referer: string | undefined): string | undefined {
  return referer === undefined ? undefined : new URL(referer).origin;
}
