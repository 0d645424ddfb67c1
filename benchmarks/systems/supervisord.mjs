import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onPath } from "../../scripts/setup.mjs";

export const supervisord = {
  name: "supervisord",
  title: "supervisord",
  package: "supervisor",
  find: () =>
    onPath("supervisord") && spawnSync("supervisord", ["--version"], { encoding: "utf8" }).stdout.trim(),
  prepare({ folder, child, load, output }) {
    const path = join(folder, "supervisord.conf");
    const socket = join(folder, "supervisord.sock");
    writeFileSync(
      path,
      `[unix_http_server]
file=${socket}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${socket}
[supervisord]
nodaemon=true
logfile=${join(folder, "supervisord.log")}
pidfile=${join(folder, "supervisord.pid")}
minfds=4096
minprocs=100
[program:bench]
command=${child}
numprocs=${load.replicas}
process_name=%(process_num)d
autorestart=true
startretries=1000000
stopwaitsecs=1
stdout_logfile=${load.output ? output : "NONE"}
stdout_logfile_maxbytes=4GB
stderr_logfile=NONE
`,
    );
    return { command: "supervisord", args: ["-c", path] };
  },
  stop: ({ pid }) => process.kill(pid, "SIGTERM"),
  status: ({ folder }) => ({
    command: "supervisorctl",
    args: ["-c", join(folder, "supervisord.conf"), "status"],
  }),
};
