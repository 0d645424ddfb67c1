// Two workers, supervised from a Node program. When the program dies, they die too.
import { App } from "caddy-supervisor";

const app = new App({
  supervise: [{ command: ["sh", "-c", "echo worker {{.Replica}}; exec sleep 86400"], replicas: 2 }],
});
app.on("started", ({ replica, pid }) =>
  console.log(`replica ${replica} started, pid is a number: ${pid > 0}`),
);
app.on("exited", ({ replica, error }) => console.log(`replica ${replica} exited: ${error ?? "clean"}`));

await app.start();
const reports = await app.stop();
console.log(`stopped ${reports.length}, forced: ${reports.some(({ forced }) => forced)}`);
