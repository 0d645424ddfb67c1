import { type ChildProcess, spawn } from "node:child_process";
import { exitStatus } from "./exit-status.ts";
import type { Starter } from "./starter.ts";

/** Node's own way: fork(2), whose cost grows with our memory, and a handle of which each end of any child asks whether it is meant. */
export const nodeStarter: Starter = {
  start({ file, argv, env, dir, stdin, stdout, stderr, ids, inBackground }, listener) {
    const [argv0 = file, ...args] = argv;
    const input = typeof stdin === "object" ? stdin.text : undefined;
    let child: ChildProcess;
    try {
      child = spawn(file, args, {
        ...ids,
        argv0,
        cwd: dir,
        env,
        detached: true,
        stdio: [typeof stdin === "object" ? "pipe" : (stdin ?? "ignore"), stdout, stderr],
      });
    } catch (error) {
      listener.onFailed(error);
      return undefined;
    }
    if (child.pid === undefined) {
      // Node tells why in an event of the next tick.
      child.once("error", (error) => listener.onFailed(error));
      return undefined;
    }
    if (input !== undefined) {
      // The reader may end before it has read everything; its exit tells more than EPIPE.
      child.stdin?.on("error", () => {});
      child.stdin?.end(input);
    }
    if (inBackground) child.unref();
    child.once("exit", (code, signal) => {
      listener.onReaped();
      listener.onEnded(exitStatus(code, signal), undefined);
    });
    return child.pid;
  },
};
