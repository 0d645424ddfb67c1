import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const version = "7.0.4";
const folder = join(tmpdir(), `caddy-supervisor-bench-pm2-${version}`);
const bin = join(folder, "node_modules", "pm2", "bin");

/** Its form for containers: the daemon stays in the foreground. */
export const pm2 = {
  name: "pm2",
  title: "pm2",
  find() {
    if (!existsSync(bin)) {
      mkdirSync(folder, { recursive: true });
      const args = ["install", "--prefix", folder, "--no-fund", "--no-audit", "--no-save", `pm2@${version}`];
      const { status } = spawnSync("npm", args, { cwd: folder, stdio: "ignore", timeout: 120_000 });
      if (status !== 0) return undefined;
    }
    return version;
  },
  prepare({ node, folder: place, child, load, output }) {
    const app = {
      name: "bench",
      script: child,
      interpreter: "none",
      exec_mode: "fork",
      instances: load.replicas,
      out_file: load.output ? output : "/dev/null",
      error_file: "/dev/null",
      merge_logs: true,
      kill_timeout: 1_000,
      max_restarts: 1_000_000,
    };
    const path = join(place, "ecosystem.config.json");
    writeFileSync(path, JSON.stringify({ apps: [app] }));
    return {
      command: node,
      args: [join(bin, "pm2-runtime"), "start", path],
      env: { PM2_HOME: join(place, "pm2") },
    };
  },
  stop: ({ pid }) => process.kill(pid, "SIGTERM"),
  status: ({ node, folder: place }) => ({
    command: node,
    args: [join(bin, "pm2"), "list"],
    env: { PM2_HOME: join(place, "pm2") },
  }),
};
