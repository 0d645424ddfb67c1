import type { IncomingMessage, ServerResponse } from "node:http";
import type { EndpointDoors } from "../app/daemon.ts";
import type { AdminConfig } from "../caddy/private-config.ts";
import type { Logger } from "../logging/logger.ts";
import type { LogLevel } from "../supervise/ports.ts";
import type { AdminAddress } from "./address.ts";
import { sendError, sendText } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import type { ConfigApi } from "./config-api.ts";
import { Gate } from "./gate.ts";
import { exposure } from "./hosts.ts";
import { applyMode, isSamePlace, Listener } from "./listener.ts";
import { Permission } from "./permission.ts";
import { requestPath } from "./request-path.ts";
import { route } from "./routes.ts";

/** Where and for whom the endpoint listens: the `admin` part of a document. */
export interface EndpointSettings {
  readonly address: AdminAddress;
  readonly admin: AdminConfig;
}

export interface EndpointParts {
  /** Undefined: no endpoint for now (`admin off`). */
  readonly settings: EndpointSettings | undefined;
  readonly doors: EndpointDoors;
  /** Shared by all endpoints of an instance: its changes take their turns. */
  readonly api: ConfigApi;
  readonly log: Logger;
  /** What is asked here is of no interest in the log but for debugging: people ask, and see the answers. */
  readonly isQuiet?: boolean;
}

/** A change of the endpoint's address or rules that is ready, and may still be taken back. */
export interface Move {
  /** Takes effect; calls under way at the old address still get their answers. */
  commit(): void;
  undo(): Promise<void>;
}

/**
 * The admin endpoint at the address that the user configured: to scripts we are Caddy. It answers the config API
 * itself, for the whole document, and forwards everything else to the child.
 */
export class AdminEndpoint {
  readonly #parts: EndpointParts;
  readonly #permission = new Permission(process.getuid?.() ?? 0);
  #settings: EndpointSettings | undefined;
  #gate: Gate | undefined;
  /** Undefined while there is no endpoint (`admin off`). */
  #listener: Listener | undefined;

  private constructor(parts: EndpointParts) {
    this.#parts = parts;
  }

  /**
   * @throws SupervisorError `ADMIN_ADDRESS`, with Go's text
   */
  static async listen(parts: EndpointParts): Promise<AdminEndpoint> {
    const endpoint = new AdminEndpoint(parts);
    const move = await endpoint.prepareMove(parts.settings);
    move.commit();
    return endpoint;
  }

  /**
   * Makes ready what a new `admin` part asks for: another address, other origins, or (undefined) no endpoint. A new
   * address is listened on at once, so that a document whose address is taken can be refused.
   *
   * @throws SupervisorError `ADMIN_ADDRESS`
   */
  async prepareMove(next: EndpointSettings | undefined): Promise<Move> {
    const former = this.#listener;
    if (next === undefined) {
      return {
        commit: () => {
          this.#settings = undefined;
          this.#listener = undefined;
          void former?.retire();
        },
        undo: async () => {},
      };
    }
    const gate = new Gate(next.address, next.admin);
    const stays = former !== undefined && this.#isHere(next.address);
    const listener = stays ? former : await this.#open(next, gate);
    return {
      commit: () => {
        this.#settings = next;
        this.#gate = gate;
        this.#listener = listener;
        if (stays) applyMode(next.address);
        else void former?.retire();
      },
      undo: async () => {
        if (!stays) await listener.close();
      },
    };
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    await this.#listener?.close();
  }

  #isHere(address: AdminAddress): boolean {
    return this.#settings !== undefined && isSamePlace(address, this.#settings.address);
  }

  async #open(settings: EndpointSettings, gate: Gate): Promise<Listener> {
    const { address, admin } = settings;
    const { log } = this.#parts;
    const listener = await Listener.open(address, (request, response) => {
      // Rules may change while the address stays; a listener that is being left keeps its own.
      const current = this.#isHere(address) ? this.#gate : undefined;
      void this.#answer(address, current ?? gate, request, response);
    });
    log.log(this.#level("info"), "admin endpoint started", {
      address: address.text,
      enforce_origin: admin.enforce_origin ?? false,
      origins: gate.hosts ?? [],
    });
    const warning = exposure(address);
    if (warning !== undefined) log.log("warn", warning, { address: address.text });
    return listener;
  }

  #level(usual: LogLevel): LogLevel {
    return this.#parts.isQuiet ? "debug" : usual;
  }

  async #answer(
    address: AdminAddress,
    gate: Gate,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    this.#tell(request);
    try {
      await this.#admitted(address, gate, request, response);
    } catch (error) {
      this.#refuse(error as Error, response);
    }
  }

  async #admitted(
    address: AdminAddress,
    gate: Gate,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    for (const [name, value] of Object.entries(gate.admit(request))) response.setHeader(name, value);
    const target = requestPath(request.url ?? "");
    if (target.kind === "malformed") {
      sendText(response, 400, "400 Bad Request", { "content-type": "text/plain; charset=utf-8" });
      return;
    }
    if (target.kind === "redirect") {
      redirect(request, response, target.location);
      return;
    }
    const { path } = target;
    const refusal = address.kind === "unix" ? undefined : await this.#permission.refusal(request, path);
    if (refusal !== undefined) throw new ApiError(403, refusal);
    const { api, doors } = this.#parts;
    await route({ api, doors, request, response, path });
  }

  #refuse(error: Error, response: ServerResponse): void {
    const status = error instanceof ApiError ? error.status : 500;
    this.#parts.log.named("api").log(this.#level("error"), "request error", {
      error: error.message,
      status_code: status,
    });
    if (response.headersSent) response.destroy();
    else sendError(response, status, error.message, error instanceof ApiError ? error.hint : undefined);
  }

  #tell({ method, headers, url, socket }: IncomingMessage): void {
    // Scrapers call every few seconds.
    const level = url === "/metrics" ? "debug" : this.#level("info");
    this.#parts.log.named("api").log(level, "received request", {
      method,
      host: headers.host ?? "",
      uri: url,
      remote_ip: socket.remoteAddress ?? "",
      remote_port: String(socket.remotePort ?? ""),
    });
  }
}

/** Go's http.Redirect. */
function redirect({ method }: IncomingMessage, response: ServerResponse, location: string): void {
  const isRead = method === "GET" || method === "HEAD";
  const shown = location.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);
  sendText(response, 301, isRead ? `<a href="${shown}">Moved Permanently</a>.\n\n` : "", {
    location,
    ...(isRead ? { "content-type": "text/html; charset=utf-8" } : {}),
  });
}
