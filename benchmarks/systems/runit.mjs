import { spawn } from "node:child_process";
import { join } from "node:path";
import { onPath } from "../../scripts/setup.mjs";
import { debianVersion, makeServices, servicesIn } from "./s6.mjs";

export const runit = {
  name: "runit",
  title: "runit",
  package: "runit",
  find: () => onPath("runsvdir") && debianVersion("runit"),
  prepare({ folder, child, load }) {
    const scan = makeServices(folder, child, load);
    // Its helpers only go when they are asked to; what is measured is the end of the processes.
    return { command: "runsvdir", args: ["-P", scan], staysAfterStop: true };
  },
  /** HUP makes it stop all services; to one that ignores it, only sv(8) brings SIGKILL. */
  stop({ pid, folder, load }) {
    if (load.mode !== "stubborn") process.kill(pid, "SIGHUP");
    else spawn("sv", ["-w", "1", "force-stop", ...servicesIn(join(folder, "scan"))], { stdio: "ignore" });
  },
  status: ({ folder }) => ({ command: "sv", args: ["status", ...servicesIn(join(folder, "scan"))] }),
};
