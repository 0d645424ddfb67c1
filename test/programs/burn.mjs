// Uses half a second of CPU time, tells the file TOLD how many microseconds it were, and ends with 3.
import { writeFileSync } from "node:fs";

let used = 0;
while (used < 500_000) {
  const { user, system } = process.cpuUsage();
  used = user + system;
}
writeFileSync(process.argv[2], String(used));
process.exit(3);
