// Writes what it was started with to the file $REPORT, then waits for its end; ends with 0 on the stop signal.
import { renameSync, writeFileSync } from "node:fs";

for (const signal of ["SIGINT", "SIGTERM", "SIGQUIT"]) {
  process.on(signal, () => {
    console.log(`got ${signal}`);
    process.exit(0);
  });
}
setInterval(() => {}, 1 << 30);
const report = {
  pid: process.pid,
  args: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  uid: process.getuid(),
  gid: process.getgid(),
  groups: process.getgroups(),
};
writeFileSync(`${process.env.REPORT}.new`, JSON.stringify(report));
renameSync(`${process.env.REPORT}.new`, process.env.REPORT);
