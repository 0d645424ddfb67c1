import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, writeSync } from "node:fs";
import type { Native } from "../supervise/native/native.ts";
import type { Starter } from "../supervise/starter.ts";

/** A program that reads from us until we let go of it, or die. It is no reason for us to go on. */
export interface Tether {
  readonly pid: number;
  /** Writes a last line and lets go. */
  farewell(line: string): void;
}

export interface TetherListener {
  /** It could not be started; may be told later. */
  onFailed(error: Error): void;
  onEnded(): void;
}

export interface TetheredProgram {
  /** The first is an absolute path. */
  readonly argv: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
}

/** Undefined when it could not be started. */
export type StartTethered = (program: TetheredProgram, listener: TetherListener) => Tether | undefined;

/** The folder of none: a tethered program keeps no file system busy. */
const dir = "/";

/** Through a pipe of our own. */
export function nativeTether(starter: Starter, pipe: Native["pipe"]): StartTethered {
  return ({ argv, env }, listener) => {
    let ends: ReturnType<Native["pipe"]>;
    try {
      ends = pipe();
    } catch (error) {
      listener.onFailed(error as Error);
      return undefined;
    }
    const [read, write] = ends;
    let isHeld = true;
    const letGo = () => {
      if (isHeld) closeSync(write);
      isHeld = false;
    };
    const program = { argv, env, dir, file: argv[0], ids: {}, stdin: read, inBackground: true } as const;
    const pid = starter.start(
      { ...program, stdout: "ignore", stderr: "ignore" },
      {
        onFailed: (error) => listener.onFailed(error as Error),
        onEnded: () => {
          letGo();
          listener.onEnded();
        },
        onReaped: () => {},
      },
    );
    closeSync(read);
    if (pid === undefined) {
      letGo();
      return undefined;
    }
    return {
      pid,
      farewell(line) {
        // What has ended just now reads nothing any more (EPIPE).
        if (isHeld) ignoringErrors(() => writeSync(write, line));
        letGo();
      },
    };
  };
}

function ignoringErrors(action: () => void): void {
  try {
    action();
  } catch {}
}

/** Through Node's own socket pair. */
export const nodeTether: StartTethered = ({ argv: [file, ...args], env }, listener) => {
  let child: ChildProcess;
  try {
    child = spawn(file, args, { detached: true, cwd: dir, env, stdio: ["pipe", "ignore", "ignore"] });
  } catch (error) {
    // Some it tells later, some at once (ENOMEM).
    listener.onFailed(error as Error);
    return undefined;
  }
  child.on("error", (error) => listener.onFailed(error));
  child.stdin?.on("error", () => {});
  child.once("exit", () => listener.onEnded());
  child.unref();
  (child.stdin as (typeof child.stdin & { unref?(): void }) | null)?.unref?.();
  if (child.pid === undefined) return undefined;
  return {
    pid: child.pid,
    farewell(line) {
      child.stdin?.end(line);
    },
  };
};
