// In its folder: its pid in the file `pid`, each signal that it gets as a line of `got`. Ends with 5, except on $STAY.
import { appendFileSync, renameSync, writeFileSync } from "node:fs";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"]) {
  process.on(signal, () => {
    appendFileSync("got", `${signal}\n`);
    if (signal !== process.env.STAY) process.exit(5);
  });
}
setInterval(() => {}, 1 << 30);
writeFileSync("pid.new", `${process.pid}\n`);
renameSync("pid.new", "pid");
