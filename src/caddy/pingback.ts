import { createServer, type Server } from "node:net";
import type { ReadinessProbe } from "../supervise/ports.ts";
import { callAdmin } from "./admin-client.ts";

/** How often a child that has called back but does not answer yet is asked again (ms). */
const confirmInterval = 20;

/**
 * Tells when Caddy is ready: it dials the address of `--pingback` once its configuration runs. Anybody on this machine
 * could dial it, so the private socket has to confirm that.
 */
export class Pingback implements ReadinessProbe {
  readonly #socketPath: string;
  readonly #server: Server;
  #onCall: () => void = () => {};

  private constructor(socketPath: string, server: Server) {
    this.#socketPath = socketPath;
    this.#server = server;
    server.on("connection", (connection) => {
      connection.on("error", () => {});
      connection.destroy();
      this.#onCall();
    });
  }

  /** Listens on a free port of the loopback address. */
  static listen(socketPath: string): Promise<Pingback> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.once("error", reject);
      server.listen({ host: "127.0.0.1", port: 0 }, () => {
        server.off("error", reject);
        // A call that cannot be accepted is not the end of us.
        server.on("error", () => {});
        server.unref();
        resolve(new Pingback(socketPath, server));
      });
    });
  }

  /** What `--pingback` is given. */
  get address(): string {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? `127.0.0.1:${address.port}` : "";
  }

  watch(_process: unknown, onReady: () => void): () => void {
    let over = false;
    const confirm = async (): Promise<void> => {
      if (over) return;
      const answer = await callAdmin(this.#socketPath, "GET", "/config/").catch(() => undefined);
      if (over) return;
      if (answer?.status === 200) onReady();
      else setTimeout(() => void confirm(), confirmInterval).unref();
    };
    this.#onCall = () => void confirm();
    return () => {
      over = true;
      this.#onCall = () => {};
    };
  }

  close(): void {
    this.#server.close();
  }
}
