import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { adapterFor, defaultConfig } from "../../app/config-source.ts";
import { ownProgram } from "../../caddy/ourselves.ts";
import { SupervisorError } from "../../errors.ts";
import { exitStatus, exitText } from "../../supervise/exit-status.ts";
import type { StartFlags } from "../flags.ts";
import { printOut } from "../print.ts";

/**
 * `start`: `run` in the background, on our streams, as with Caddy. Resolves when everything runs.
 *
 * @throws SupervisorError `START` when it ends instead; its own message is on stderr already
 */
export async function startCommand(name: string | undefined, flags: StartFlags): Promise<number> {
  if (name !== undefined) {
    throw new SupervisorError("USAGE", `'start' starts everything, and takes no name: '${name}' given`, {
      hint: `caddy-supervisor up ${name} starts a single process`,
    });
  }
  const server = createServer();
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  try {
    await startAndWait(server, flags);
    return 0;
  } finally {
    server.close();
  }
}

async function startAndWait(server: Server, flags: StartFlags): Promise<void> {
  const { port } = server.address() as AddressInfo;
  // Anybody on this machine may call: only the child knows these bytes. A configuration on stdin leaves no room for them.
  const secret = flags.config === "-" ? Buffer.alloc(0) : randomBytes(32);
  const child = spawnRun([`127.0.0.1:${port}`, ...argumentsOf(flags)], secret);
  const stopHandling = passOnSignals(child);
  try {
    await Promise.race([calledBack(server, secret), endedEarly(child)]);
  } finally {
    stopHandling();
  }
  const what = startedName(flags);
  printOut(`Successfully started ${what} (pid=${child.pid}) - ${what} is running in the background\n`);
  child.unref();
}

/** Caddy's own words, unless there is none: a Supervisorfile needs none. */
function startedName({ config = defaultConfig(process.cwd()) ?? "", adapter }: StartFlags): string {
  return (adapter || adapterFor(config)) === "supervisorfile" ? "caddy-supervisor" : "Caddy";
}

/** A session of its own: our terminal's hang-up and its keys are nothing to it. */
function spawnRun(args: readonly string[], secret: Buffer): ChildProcess {
  const isConfirmed = secret.length > 0;
  const child = spawn(process.execPath, [ownProgram(), "run", "--pingback", ...args], {
    detached: true,
    stdio: [isConfirmed ? "pipe" : "inherit", "inherit", "inherit"],
  });
  // It may end before it has read them.
  child.stdin?.on("error", () => {});
  child.stdin?.end(secret);
  return child;
}

function argumentsOf(flags: StartFlags): string[] {
  const { config, adapter, caddy, pidfile, stopTimeout, cgroup, envfile = [], ...switches } = flags;
  const named = Object.entries({ config, adapter, caddy, pidfile, "stop-timeout": stopTimeout });
  return [
    ...named.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...envfile.flatMap((path) => ["--envfile", path]),
    ...(cgroup === undefined ? [] : ["--cgroup", ...(cgroup === true ? [] : [cgroup])]),
    ...Object.entries(switches).flatMap(([name, isOn]) => (isOn ? [`--${name}`] : [])),
  ];
}

function calledBack(server: Server, secret: Buffer): Promise<void> {
  return new Promise((resolve) => {
    server.on("connection", async (connection) => {
      const bytes = await readAll(connection, secret.length);
      if (bytes.equals(secret)) resolve();
    });
  });
}

/** Whoever sends more than the child would is cut off. */
async function readAll(connection: Socket, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // One that stays open is no reason to stay.
  connection.unref();
  connection.on("error", () => {});
  connection.on("data", (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) connection.destroy();
  });
  await new Promise((resolve) => connection.once("close", resolve));
  return Buffer.concat(chunks);
}

function endedEarly(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (reason: string) =>
      reject(new SupervisorError("START", `caddy process exited with error: ${reason}`));
    child.once("exit", (code, signal) => fail(exitText(exitStatus(code, signal))));
    child.once("error", (error) => fail(error.message));
  });
}

/** Whoever interrupts the wait wants nothing to be left running. */
function passOnSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}
