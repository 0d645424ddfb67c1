import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { adaptDocument } from "../../src/app/adapt-document.ts";
import type { ConfigDoor } from "../../src/app/config-door.ts";
import { callAdmin } from "../../src/caddy/admin-client.ts";
import { checkDocument } from "../../src/caddy/document-shape.ts";
import { type Document, privateDocument } from "../../src/caddy/private-config.ts";
import { definitionsFromApp } from "../../src/config/definition-json.ts";
import { until } from "./gates.ts";

/** A stock Caddy that a test started; its site, if any, is on a Unix socket. */
export class StockCaddy {
  readonly #child;
  readonly #ended: Promise<void>;
  #stderr = "";

  constructor(document: unknown, cwd: string) {
    this.#child = spawn("caddy", ["run", "--config", "-"], {
      cwd,
      env: { ...process.env, HOME: cwd, XDG_CONFIG_HOME: cwd, XDG_DATA_HOME: cwd },
      stdio: ["pipe", "ignore", "pipe"],
    });
    this.#ended = new Promise((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      this.#stderr += chunk;
    });
    this.#child.stdin.end(JSON.stringify(document));
  }

  ready(): Promise<unknown> {
    return until("Caddy to serve", () => this.#stderr.includes("serving initial configuration"));
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

/** The document in memory, and Caddy's half of it in a real Caddy behind a private socket. */
export class CaddyDoor implements ConfigDoor {
  readonly socket: string;
  /** How often a document was loaded, not counting those that changed nothing. */
  loads = 0;
  #document: Document | null;
  readonly #cwd: string;
  readonly #caddy: StockCaddy;

  private constructor(document: Document, cwd: string) {
    this.#cwd = cwd;
    this.socket = `${cwd}/child.sock`;
    this.#document = document;
    this.#caddy = new StockCaddy(privateDocument(document, this.socket), cwd);
  }

  static async open(document: Document, cwd: string): Promise<CaddyDoor> {
    const door = new CaddyDoor(document, cwd);
    await door.#caddy.ready();
    await until("its socket", () => existsSync(door.socket));
    return door;
  }

  document(): unknown {
    return this.#document;
  }

  async change(edit: (document: unknown) => unknown, { force }: { readonly force: boolean }): Promise<void> {
    const given = edit(this.#document);
    checkDocument(given);
    if (!force && JSON.stringify(given) === JSON.stringify(this.#document)) return;
    const document = given as Document | null;
    const { supervisor } = document?.apps ?? {};
    if (supervisor !== undefined) definitionsFromApp(supervisor);
    const body = JSON.stringify(privateDocument(document ?? {}, this.socket));
    const answer = await callAdmin(this.socket, "POST", "/load", body);
    if (answer.status !== 200) throw new Error((JSON.parse(answer.body) as { error: string }).error);
    this.#document = document;
    this.loads++;
  }

  adapt(text: string, adapter: string): ReturnType<ConfigDoor["adapt"]> {
    return adaptDocument(text, adapter, { cwd: this.#cwd });
  }

  close(): Promise<void> {
    return this.#caddy.stop();
  }
}
