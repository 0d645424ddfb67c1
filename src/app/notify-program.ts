import { spawn } from "node:child_process";
import type { NotifySender } from "./notify-sender.ts";

/**
 * Speaks through systemd-notify(1), one run for each message. As root it names us as the sender; else the message comes from
 * its own pid, which systemd takes only with `NotifyAccess=all`.
 */
export function programSender(address: string, env: NodeJS.ProcessEnv): NotifySender {
  return (text) =>
    new Promise((resolve, reject) => {
      const child = spawn("systemd-notify", text.split("\n"), {
        env: { PATH: env.PATH, NOTIFY_SOCKET: address },
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
        stderr += chunk;
      });
      child.once("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "ENOENT" ? new Error("systemd-notify was not found") : error),
      );
      child.once("close", (code) => {
        if (code === 0) resolve();
        else reject(new Error(stderr.trim() || `systemd-notify ended with ${code}`));
      });
    });
}
