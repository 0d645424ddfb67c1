import { chmodSync, existsSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { connect, createServer as createDoor, type Server as DoorServer, type Socket } from "node:net";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";
import type { AdminAddress } from "./address.ts";

/** Caddy's own limits for its endpoint (admin.go): a request is read in 10 s, its head in 5 s and 64 KiB. */
const limits = {
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  keepAliveTimeout: 60_000,
  maxHeaderSize: 64 * 1024,
  /** How often Node looks for those that are too slow; by default only each 30 s. */
  connectionsCheckingInterval: 1_000,
};

/** Nobody may use up our descriptors by calling and saying nothing. */
const maximumConnections = 128;

/** How long requests under way may go on behind our back (ms), as Caddy lets them. */
const retirement = 10_000;

/** Go prefers IPv4 for this name, and scripts rely on 127.0.0.1; Node would take what the resolver gives first. */
function boundHost(host: string): string {
  return host === "localhost" ? "127.0.0.1" : host;
}

/** Whether two addresses are one to the kernel, however they are written: it gives each only once. */
export function isSamePlace(one: AdminAddress, other: AdminAddress): boolean {
  if (one.kind === "unix" || other.kind === "unix")
    return one.kind === "unix" && other.kind === "unix" && one.path === other.path;
  return one.port === other.port && boundHost(one.host) === boundHost(other.host);
}

/** Lets in whom the address says. */
export function applyMode(address: AdminAddress): void {
  if (address.kind === "unix") chmodSync(address.path, address.mode);
}

/**
 * One listening address. Node looks for slow callers at an interval as long as its HTTP server listens, callers or none; so
 * what listens is a plain server, and there is an HTTP server behind it only while somebody calls.
 */
export class Listener {
  readonly #door: DoorServer;
  readonly #onRequest: RequestListener;
  #calls = 0;
  #server: Server | undefined;

  private constructor(onRequest: RequestListener) {
    this.#onRequest = onRequest;
    this.#door = createDoor({ allowHalfOpen: true, noDelay: true }, (socket) => this.#admit(socket));
    this.#door.maxConnections = maximumConnections;
  }

  /**
   * @throws SupervisorError `ADMIN_ADDRESS`, with Go's text
   */
  static async open(address: AdminAddress, onRequest: RequestListener): Promise<Listener> {
    const listener = new Listener(onRequest);
    if (address.kind === "unix" && existsSync(address.path)) await removeStaleSocket(address.path);
    await listen(listener.#door, address);
    return listener;
  }

  /** Cuts every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#door.close(() => resolve());
      this.#server?.closeAllConnections();
    });
  }

  /** Takes no more calls, but lets those under way end: one of them may be what makes us move. */
  async retire(): Promise<void> {
    const timer = setTimeout(() => this.#server?.closeAllConnections(), retirement);
    await new Promise<void>((resolve) => {
      this.#door.close(() => resolve());
      this.#server?.closeIdleConnections();
      // Those that have their answer are not waited for.
      if (this.#server !== undefined) this.#server.keepAliveTimeout = 1;
    });
    clearTimeout(timer);
  }

  #admit(socket: Socket): void {
    const server = this.#server ?? this.#begin();
    this.#calls++;
    socket.once("close", () => {
      this.#calls--;
      if (this.#calls > 0) return;
      // It ends its looking, and has nothing else to close.
      server.close();
      this.#server = undefined;
    });
    server.emit("connection", socket);
  }

  #begin(): Server {
    const server = createServer(limits, this.#onRequest);
    // What makes it look for slow callers (Node's _http_server.js); it never listens itself.
    server.emit("listening");
    this.#server = server;
    return server;
  }
}

function listen(server: DoorServer, address: AdminAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      const where = address.kind === "unix" ? `unix ${address.path}` : `tcp ${address.text}`;
      reject(new SupervisorError("ADMIN_ADDRESS", `listen ${where}: bind: ${errnoText(cause)}`, { cause }));
    });
    const done = () => {
      server.removeAllListeners("error");
      // A connection that cannot be accepted (no descriptor is free) is the caller's trouble, not the end of us.
      server.on("error", () => {});
      applyMode(address);
      resolve();
    };
    if (address.kind === "tcp") {
      const host = boundHost(address.host);
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
