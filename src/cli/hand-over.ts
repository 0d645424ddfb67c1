import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { findCaddy } from "../caddy/binary.ts";
import { callEnvironment } from "../caddy/call-depth.ts";
import { suggest } from "../config/suggest.ts";
import { SupervisorError } from "../errors.ts";
import { exitStatus, shellCode } from "../supervise/exit-status.ts";
import { printTalk } from "./print.ts";

/** What people type who know another supervisor (pm2, supervisorctl, docker compose), and our word for it. */
const otherNames: Readonly<Record<string, string>> = {
  delete: "down",
  describe: "why",
  kill: "stop",
  list: "status",
  ls: "status",
  log: "logs",
  monit: "status",
  ps: "status",
  shutdown: "stop",
  tail: "logs",
};

/**
 * Hands a command to stock Caddy: its arguments, our terminal and environment, every signal that reaches us alone. Resolves with
 * its exit code; when a signal kills it, that kills us, too.
 *
 * @param ours our own commands, for whoever has misspelt one
 * @throws SupervisorError `NO_CADDY`
 */
export async function handOver(argv: readonly string[], ours: readonly string[]): Promise<number> {
  const [command = ""] = argv;
  const meant = (Object.hasOwn(otherNames, command) && otherNames[command]) || suggest(command, ours);
  const binary = stockBinary(command, meant);
  const child = spawn(binary, argv, { stdio: "inherit", env: callEnvironment(process.env) });
  const stopForwarding = forwardSignals((signal) => child.kill(signal));
  const status = await new Promise<ReturnType<typeof exitStatus>>((resolve, reject) => {
    child.once("exit", (code, signal) => resolve(exitStatus(code, signal)));
    child.once("error", (cause) =>
      reject(new SupervisorError("NO_CADDY", `cannot run ${binary}: ${cause.message}`, { cause })),
    );
  }).finally(stopForwarding);
  // As the first process of a container we survive it, and give a shell's answer.
  if (status.signal !== undefined) process.kill(process.pid, status.signal);
  if (status.code === 1 && meant !== undefined)
    printTalk(`Hint: did you mean 'caddy-supervisor ${meant}'?\n`);
  return shellCode(status);
}

function stockBinary(command: string, meant: string | undefined): string {
  try {
    return findCaddy(undefined, process.env, `'${command}' is no command of ours, and goes to Caddy`);
  } catch (error) {
    if (meant === undefined || !(error instanceof SupervisorError)) throw error;
    const hint = `did you mean 'caddy-supervisor ${meant}'?`;
    throw new SupervisorError(error.code, error.message, { hint, cause: error });
  }
}

const forwarded: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2"];

/** What a terminal sends to all that run in its foreground, Caddy included: a second SIGINT would mean "at once" to it. */
const fromTerminal: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const removers = forwarded.map((signal) => {
    const listener = () => {
      if (!fromTerminal.includes(signal) || !isInForeground()) send(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const remove of removers) remove();
  };
}

/** Whether our process group is the one that the terminal's keys reach: fields 5 and 8 of /proc/self/stat (proc(5)). */
function isInForeground(): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[2] === fields[5];
  } catch {
    return process.stdin.isTTY;
  }
}
