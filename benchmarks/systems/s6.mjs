import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onPath } from "../../scripts/setup.mjs";

export const s6 = {
  name: "s6",
  title: "s6",
  package: "s6",
  find: () => onPath("s6-svscan") && debianVersion("s6"),
  prepare({ folder, child, load }) {
    const scan = makeServices(folder, child, load);
    for (const service of servicesIn(scan)) writeFileSync(join(service, "timeout-kill"), "1000\n");
    return { command: "s6-svscan", args: ["-c", "2000", scan] };
  },
  stop: ({ pid }) => process.kill(pid, "SIGTERM"),
  status: ({ folder }) => ({
    command: "/bin/sh",
    args: ["-c", `for each in ${join(folder, "scan")}/*; do s6-svstat $each; done`],
  }),
};

/** A folder with a service for each replica, as runit has it too. */
export function makeServices(folder, child, { replicas }) {
  const scan = join(folder, "scan");
  for (let each = 0; each < replicas; each++) {
    const service = join(scan, `bench-${each}`);
    mkdirSync(service, { recursive: true });
    symlinkSync(child, join(service, "run"));
  }
  return scan;
}

export function servicesIn(scan) {
  return readdirSync(scan).map((name) => join(scan, name));
}

export function debianVersion(name) {
  const query = spawnSync("dpkg-query", ["-W", "-f", "${Version}", name], { encoding: "utf8" });
  return query.stdout || "unknown version";
}
