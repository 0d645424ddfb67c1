import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { InstanceStatus } from "../app/control/control.ts";
import type { JournalEvent } from "../app/control/journal.ts";
import type { LogLine } from "../app/control/log-lines.ts";
import type { Outcome } from "../app/control/outcome.ts";
import type { Explanation } from "../app/control/why.ts";
import type { ReloadReport } from "../app/reloader.ts";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";
import { fromJsonNames } from "./field-names.ts";

/** Where an instance answers: its control socket, or an admin address over TCP. */
export type InstanceAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number };

export interface LogsRequest {
  /** `worker`, `worker:1`; default: all. */
  readonly targets?: readonly string[];
  /** How many of the last lines of each stream. Default: 10. */
  readonly lines?: number;
  /** Whether to go on with those to come. Default: false. */
  readonly follow?: boolean;
}

interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks a running instance, in the terms of docs/reference/openapi.json. Every method throws SupervisorError `NO_INSTANCE` when
 * nobody answers there, and `REFUSED` with the instance's own words when it refuses.
 *
 * @example
 * const client = new ControlClient({ host: "127.0.0.1", port: 2019 });
 * const { processes } = await client.status();
 * await client.restart(["worker"]);
 */
export class ControlClient {
  readonly #address: InstanceAddress;

  constructor(address: InstanceAddress) {
    this.#address = address;
  }

  status(targets: readonly string[] = []): Promise<InstanceStatus> {
    return this.#ask({ method: "GET", path: "/supervisor/status", query: { target: targets } });
  }

  /** Why replicas are as they are, in sentences. */
  why(targets: readonly string[] = []): Promise<Explanation[]> {
    return this.#ask({ method: "GET", path: "/supervisor/why", query: { target: targets } });
  }

  /** Starts what does not run; resolves when it is ready or could not be started. `["*"]`: all. */
  up(targets: readonly string[]): Promise<Outcome[]> {
    return this.#post("up", { targets });
  }

  /** Stops until asked up again; resolves when the process trees are gone. */
  down(targets: readonly string[]): Promise<Outcome[]> {
    return this.#post("down", { targets });
  }

  restart(targets: readonly string[]): Promise<Outcome[]> {
    return this.#post("restart", { targets });
  }

  /** To the processes themselves, not to their children. `signal`: `SIGUSR1`, `USR1` or `10`. */
  signal(targets: readonly string[], signal: string): Promise<Outcome[]> {
    return this.#post("signal", { targets, signal });
  }

  scale(name: string, replicas: number): Promise<ReloadReport> {
    return this.#post("scale", { name, replicas });
  }

  /** What a reload of this document would do; default: of the configuration file. */
  plan(document?: unknown): Promise<ReloadReport> {
    return this.#post("plan", document);
  }

  /** Loads this document; default: the configuration file. `force`: also when nothing has changed. */
  reload(document?: unknown, { force = false }: { readonly force?: boolean } = {}): Promise<ReloadReport> {
    return this.#post("reload", document, force ? { "cache-control": "must-revalidate" } : {});
  }

  /** As Caddy's own endpoint takes it. */
  async load(document: unknown, { force = false }: { readonly force?: boolean } = {}): Promise<void> {
    const headers: Record<string, string> = force ? { "cache-control": "must-revalidate" } : {};
    await this.#text({ method: "POST", path: "/load", body: document, headers });
  }

  /** Asks it to end; resolves as soon as it has heard. See {@link ended}. */
  async stop(): Promise<void> {
    await this.#text({ method: "POST", path: "/stop" });
  }

  /** Resolves when the instance, and everything that it ran, is gone. */
  async ended(): Promise<void> {
    for await (const _ of this.events({ lines: 0, follow: true }));
  }

  logs({ targets = [], lines = 10, follow = false }: LogsRequest = {}): AsyncIterable<LogLine> {
    return this.#items("/supervisor/logs", { target: targets, lines: String(lines), follow: String(follow) });
  }

  events({ lines = 10, follow = false }: Omit<LogsRequest, "targets"> = {}): AsyncIterable<JournalEvent> {
    return this.#items("/supervisor/events", { lines: String(lines), follow: String(follow) });
  }

  #post<T>(name: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.#ask({ method: "POST", path: `/supervisor/${name}`, body, headers });
  }

  async #ask<T>(call: Call): Promise<T> {
    return fromJsonNames(JSON.parse(await this.#text(call))) as T;
  }

  async #text(call: Call): Promise<string> {
    return textOf(await this.#answer(call));
  }

  async *#items<T>(path: string, query: NonNullable<Call["query"]>): AsyncGenerator<T> {
    const answer = await this.#answer({ method: "GET", path, query });
    let rest = "";
    try {
      for await (const chunk of answer.setEncoding("utf8") as AsyncIterable<string>) {
        const lines = `${rest}${chunk}`.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) yield fromJsonNames(JSON.parse(line)) as T;
      }
    } catch (error) {
      // It has ended, and its last answer with it.
      if ((error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
    }
  }

  /** An answer of 200. @throws SupervisorError */
  async #answer({ method, path, query = {}, body, headers = {} }: Call): Promise<IncomingMessage> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      for (const each of [value].flat()) search.append(name, each);
    const address = this.#address;
    const host = "socketPath" in address ? "localhost" : hostHeader(address);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const call = request({
      ...address,
      method,
      path: search.size === 0 ? path : `${path}?${search}`,
      headers: { host, "content-type": "application/json", ...headers },
      agent: false,
    });
    const answer = await answerTo(call, text, address);
    if (answer.statusCode === 200) return answer;
    throw refusal(await textOf(answer), answer.statusCode ?? 0);
  }
}

/** The instance does not know what it is asked: a stock Caddy, or an older one of us. */
export function isUnknownRoute(error: unknown): boolean {
  return error instanceof SupervisorError && (error.cause as { status?: number })?.status === 404;
}

function hostHeader({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host || "localhost"}:${port}`;
}

function answerTo(
  call: ClientRequest,
  body: string | undefined,
  address: InstanceAddress,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    call.once("response", resolve);
    call.once("error", (cause) => {
      const where = "socketPath" in address ? address.socketPath : hostHeader(address);
      reject(
        new SupervisorError("NO_INSTANCE", `nobody answers at ${where}: ${errnoText(cause)}`, { cause }),
      );
    });
    call.end(body);
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8") as AsyncIterable<string>) text += chunk;
  return text;
}

function refusal(text: string, status: number): SupervisorError {
  const cause = { status };
  try {
    const { error, hint } = JSON.parse(text) as { error: string; hint?: string };
    return new SupervisorError("REFUSED", error, { hint, cause });
  } catch {
    const words = text.trim();
    return new SupervisorError("REFUSED", words === "" ? `the answer was ${status}` : words, { cause });
  }
}
