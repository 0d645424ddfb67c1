import { join } from "node:path";
import { root } from "../../scripts/setup.mjs";

export const bareNode = {
  name: "node",
  title: "bare Node",
  find: () => process.version,
  prepare({ node, nodeFlags, child, load, output }) {
    const args = [
      ...nodeFlags,
      join(root, "benchmarks", "systems", "spawn-loop.mjs"),
      child,
      String(load.replicas),
    ];
    return { command: node, args: load.output ? [...args, output] : args };
  },
  stop: ({ pid }) => process.kill(pid, "SIGTERM"),
};
