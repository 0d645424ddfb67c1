import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import type { AdminConfig } from "../caddy/private-config.ts";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";
import type { AdminAddress } from "./address.ts";
import { forward, sendError } from "./forward.ts";
import { allowedHosts } from "./hosts.ts";
import { originFault } from "./origin.ts";

export interface EndpointParts {
  readonly address: AdminAddress;
  readonly config: AdminConfig;
  /** Resolves when requests may be answered: a caller that comes too early waits. */
  readonly ready: Promise<void>;
  /** The child's private socket; undefined while no Caddy runs. */
  caddySocket(): string | undefined;
  /** `POST /stop`. */
  onStop(): void;
}

const maximumConnections = 128;

type Handler = (parts: EndpointParts, request: IncomingMessage, response: ServerResponse) => void;

const routes: Readonly<Record<string, Handler>> = {
  "/stop": (parts, request, response) => {
    if (request.method !== "POST") {
      sendError(response, 405, "method not allowed");
      return;
    }
    response.once("finish", () => parts.onStop());
    response.writeHead(200, { connection: "close" });
    response.end();
  },
};

/**
 * The admin endpoint at the address that the user configured: to scripts we are Caddy. In this version it answers
 * `POST /stop` itself and forwards everything else to the child.
 */
export class AdminEndpoint {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * @throws SupervisorError `ADMIN_ADDRESS`, with Go's text
   */
  static async listen(parts: EndpointParts): Promise<AdminEndpoint> {
    const { address } = parts;
    const hosts = allowedHosts(address, parts.config);
    const server = createServer((request, response) => {
      const { host = "" } = request.headers;
      const fault =
        hosts !== undefined && !hosts.includes(host)
          ? `host not allowed: ${host}`
          : originFault(request.headers, parts.config, hosts);
      if (fault !== undefined) sendError(response, 403, fault);
      else handle(parts, request, response);
    });
    // Nobody may use up our descriptors by calling and saying nothing.
    server.maxConnections = maximumConnections;
    if (address.kind === "unix") await removeStaleSocket(address.path);
    await listen(server, address);
    return new AdminEndpoint(server);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

function handle(parts: EndpointParts, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const own = routes[path];
  if (own !== undefined) {
    own(parts, request, response);
    return;
  }
  // Whoever calls before Caddy serves waits; only what we answer ourselves is answered at once.
  void parts.ready.then(() => {
    const socket = parts.caddySocket();
    if (socket !== undefined) forward(socket, request, response);
    else sendError(response, 503, "no Caddy runs: the configuration has no sites");
  });
}

function listen(server: Server, address: AdminAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      const where = address.kind === "unix" ? `unix ${address.path}` : `tcp ${address.text}`;
      reject(new SupervisorError("ADMIN_ADDRESS", `listen ${where}: bind: ${errnoText(cause)}`, { cause }));
    });
    const done = () => {
      server.removeAllListeners("error");
      // A connection that cannot be accepted (no descriptor is free) is the caller's trouble, not the end of us.
      server.on("error", () => {});
      if (address.kind === "unix") chmodSync(address.path, 0o600);
      resolve();
    };
    if (address.kind === "tcp") {
      // Go prefers IPv4 for this name, and scripts rely on 127.0.0.1; Node would take what the resolver gives first.
      const host = address.host === "localhost" ? "127.0.0.1" : address.host;
      server.listen({ port: address.port, ...(host === "" ? {} : { host }) }, done);
      return;
    }
    // The socket must not be open to others even between its creation and the chmod.
    const umask = process.umask(0o177);
    server.listen({ path: address.path }, done);
    process.umask(umask);
  });
}

/** A socket file that nobody answers on was left by a process that was killed. */
function removeStaleSocket(path: string): Promise<void> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once("connect", () => {
      probe.destroy();
      resolve();
    });
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") rmSync(path, { force: true });
      resolve();
    });
  });
}
