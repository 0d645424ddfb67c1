import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type Peer, peerOf } from "./peer.ts";

/** What is below these holds secrets: environments, keys, passwords of upstreams. */
const secret: readonly string[] = ["/config/", "/id/", "/supervisor/"];

/** What changes nothing. Adapting reads files with our rights, so its POST is no exception. */
const harmless: readonly string[] = ["GET", "HEAD", "OPTIONS"];

const root = 0;

/**
 * Who may do what over TCP, where every user of the machine can call: only root and the user that we run as may change
 * anything or read the configuration. A Unix socket's mode says the same by itself. Callers from another machine follow
 * Caddy's rules, which know no users.
 */
export class Permission {
  readonly #uid: number;
  readonly #peerOf: (socket: Socket) => Promise<Peer>;
  readonly #known = new WeakMap<Socket, Promise<Peer>>();

  constructor(uid: number, findPeer: (socket: Socket) => Promise<Peer> = peerOf) {
    this.#uid = uid;
    this.#peerOf = findPeer;
  }

  /** Why the request is refused; undefined when it is not. */
  async refusal({ method = "GET", socket }: IncomingMessage, path: string): Promise<string | undefined> {
    const isOpen = harmless.includes(method) && !secret.some((prefix) => `${path}/`.startsWith(prefix));
    if (isOpen) return undefined;
    const peer = await this.#peer(socket);
    if (peer.kind === "remote") return undefined;
    if (peer.kind === "local" && (peer.uid === root || peer.uid === this.#uid)) return undefined;
    const who = peer.kind === "local" ? `user ${peer.uid}` : "an unknown user";
    return `${who} is not allowed: over TCP only root and the user that runs caddy-supervisor (${this.#uid}) may read or change the configuration; a Unix socket can be opened to others (admin unix//path|0660)`;
  }

  /** A connection has one caller for all of its requests. */
  #peer(socket: Socket): Promise<Peer> {
    const known = this.#known.get(socket) ?? this.#peerOf(socket);
    this.#known.set(socket, known);
    return known;
  }
}
