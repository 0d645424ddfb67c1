import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/setup.mjs";
import { commandOf } from "../proc.mjs";
import { Running } from "../running.mjs";

export const program = join(root, "bin", "caddy-supervisor.js");

/** With the admin endpoint and the control socket open; no Caddy. */
export const ours = {
  name: "ours",
  title: "caddy-supervisor",
  find: () => "this build",
  /** The first start of all leaves compiled code behind for those that follow (bin/code-cache.js). */
  async warm(bench) {
    const running = new Running(ours, { replicas: 1 }, bench);
    await running.launch();
    await running.stop();
    await running.dispose();
  },
  prepare(running) {
    writeFileSync(join(running.folder, "Caddyfile"), caddyfile(running));
    return { command: running.node, args: [...running.nodeFlags, program, "run"] };
  },
  /** Speed is not bought by leaving things out: every start is in the log, and the guard runs. */
  verify(running) {
    const told = running.ownLog().split('"msg":"process started"').length - 1;
    const guards = running
      .supervisingPids()
      .filter((pid) => commandOf(pid).includes("caddy-supervisor-guard"));
    if (told < running.load.replicas || guards.length !== 1)
      throw new Error(`ours: ${told} starts in the log, ${guards.length} guards`);
  },
  stop: ({ pid }) => process.kill(pid, "SIGTERM"),
  status: ({ node, folder }) => ({ command: node, args: [program, "status"], cwd: folder }),
};

/** `changed`: the last definition is another, as after an edit. */
export function caddyfile({ load, child, output, folder }, changed = false) {
  const { replicas, definitions = 1 } = load;
  const one = (index) => `"${child}" {
   name bench-${index}
   replicas ${Math.floor((replicas * (index + 1)) / definitions) - Math.floor((replicas * index) / definitions)}
   redirect_stdout ${target(load, output)}
   redirect_stderr null
   stop_signal SIGTERM
   termination_grace_period 1s
   ${changed && index === definitions - 1 ? "env CHANGED yes" : ""}
   ${load.mode === "crash" ? "backoff {\n initial 1ms\n max 1ms\n }" : ""}
  }`;
  const blocks = Array.from({ length: definitions }, (_, index) => one(index)).join("\n");
  return `{
 admin "unix/${join(folder, "admin.sock")}"
 supervisor {
  ${blocks}
 }
}
`;
}

function target({ output = "null", rollSize = "100MiB" }, path) {
  if (output === "file") return `file "${path}"`;
  if (output === "managed") return `file "${path}" {\n roll_size ${rollSize}\n roll_uncompressed\n }`;
  if (output === "log") return "log {\n format raw\n }";
  return "null";
}
