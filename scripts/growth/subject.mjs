// The real program under observation: it runs with the probe inside, and is asked over its admin socket.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { json, text } from "node:stream/consumers";
import { root } from "../setup.mjs";

const probe = join(root, "scripts", "growth", "probe.cjs");

/** How long (ms) anything may take that is no work to be observed: a start, an end, an answer. */
const patience = 60_000;

export class Subject {
  /** What it said that nobody should have heard. */
  complaints = [];
  /** How many processes were started so far. */
  starts = 0;
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #isReady = false;
  #heard = () => {};

  /**
   * @param folder its files stay in here
   * @param supervised what stands inside `supervisor { }`
   * @param sites what stands below it
   * @param env beside ours
   */
  constructor({ folder, supervised, sites = "", env = {} }) {
    this.folder = folder;
    this.socket = join(folder, "admin.sock");
    this.probe = join(folder, "probe.sock");
    this.env = {
      ...process.env,
      NODE_OPTIONS: `--require ${probe}`,
      GROWTH_PROBE: this.probe,
      XDG_CONFIG_HOME: join(folder, "config"),
      XDG_DATA_HOME: join(folder, "data"),
      ...env,
    };
    const text = `{\n admin "unix/${this.socket}"\n supervisor {\n${supervised}\n }\n}\n${sites}`;
    writeFileSync(join(this.folder, "Caddyfile"), text);
  }

  async start() {
    const program = join(root, "bin", "caddy-supervisor.js");
    this.process = spawn(process.execPath, [program, "run"], {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.ended = new Promise((resolve) =>
      this.process.once("exit", (code, signal) => resolve(code ?? signal)),
    );
    // Whoever ends us in the midst ends it, too; its guard takes its processes along.
    process.once("exit", () => this.process.kill("SIGKILL"));
    this.lastLines = [];
    createInterface({ input: this.process.stderr }).on("line", (line) => this.#hear(line));
    await this.#until("its readiness", () => this.#isReady, patience);
    // The first one leaves some memory behind.
    rmSync(await this.ask("snapshot"));
  }

  #hear(line) {
    this.lastLines.push(line);
    if (this.lastLines.length > 20) this.lastLines.shift();
    if (line.includes('"msg":"process started"')) this.starts++;
    else if (line.includes('"msg":"serving initial configuration"')) this.#isReady = true;
    else if (line.includes('"msg":"event out of turn"')) this.complaints.push(line);
    this.#heard();
  }

  /** Resolves when so many processes were started in all. */
  startsUpTo(count, longest) {
    return this.#until(`${count} starts`, () => this.starts >= count, longest);
  }

  async #until(what, isThere, longest) {
    let timer;
    try {
      await new Promise((resolve, reject) => {
        const tell = (why) => reject(new Error(`${why} before ${what}:\n${this.lastLines.join("\n")}`));
        timer = setTimeout(() => tell(`${longest} ms were over`), longest);
        this.#heard = () => isThere() && resolve();
        this.#heard();
        void this.ended.then((code) => tell(`it ended with ${code}`));
      });
    } finally {
      this.#heard = () => {};
      clearTimeout(timer);
    }
  }

  /** The answer of its API. @throws Error for any other status than 200 */
  async call(method, path, body) {
    const response = await new Promise((resolve, reject) => {
      const call = request({
        socketPath: this.socket,
        agent: this.#agent,
        method,
        path,
        timeout: patience,
        headers: body === undefined ? {} : { "content-type": "application/json" },
      });
      call.once("response", resolve);
      call.once("error", reject);
      call.once("timeout", () => call.destroy(new Error(`${method} ${path}: no answer`)));
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
    if (response.statusCode !== 200) throw new Error(`${method} ${path}: ${await text(response)}`);
    return json(response);
  }

  /** Asks, and goes away as soon as something comes. */
  async visit(path) {
    const visitor = request({ socketPath: this.socket, path, agent: false, timeout: patience });
    visitor.once("timeout", () => visitor.destroy(new Error(`${path}: no answer`)));
    visitor.end();
    const [response] = await once(visitor, "response");
    await once(response, "data");
    response.destroy();
  }

  /** What the probe answers: `look`, `uptime` or `snapshot`; see probe.cjs. */
  async ask(question) {
    const socket = connect(this.probe);
    socket.write(question);
    return json(socket);
  }

  /** Nobody is connected to it any more. */
  hangUp() {
    this.#agent.destroy();
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  /** Ends it, and says what was wrong with that. */
  async stop() {
    this.hangUp();
    this.process.kill("SIGTERM");
    const overdue = setTimeout(() => this.process.kill("SIGKILL"), patience);
    const code = await this.ended;
    clearTimeout(overdue);
    if (code !== 0) this.complaints.push(`it ended with ${code}`);
  }

  /** Whatever has happened; its guard takes its processes along. */
  async dispose() {
    this.process?.kill("SIGKILL");
    await this.ended;
  }
}
