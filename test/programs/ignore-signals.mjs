// Ignores every signal that can be ignored; says so in a file once it does. Usage: ignore-signals.mjs GATE
import { writeFileSync } from "node:fs";

for (const signal of ["SIGINT", "SIGTERM", "SIGQUIT", "SIGHUP"]) process.on(signal, () => {});
setInterval(() => {}, 1 << 30);
writeFileSync(process.argv[2], String(process.pid));
