// npm start: installs, builds and runs the main job on examples/web/Caddyfile.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall, build, canInstall, fail, onPath, root } from "./setup.mjs";

const example = join(root, "examples", "web");
const program = join(root, "bin", "caddy-supervisor.js");
const site = "http://localhost:8080";
const ports = [8000, 8001, 8002, 8080, 2219];

await build();
const taken = (await Promise.all(ports.map(isTaken))).filter((port) => port !== undefined);
if (taken.length > 0)
  fail(`Port ${taken.join(", ")} of 127.0.0.1 is taken: stop what listens there, then try again.`);

if (onPath("caddy") === undefined && canInstall()) aptInstall(["caddy"], ["caddy"]);
const caddy = onPath("caddy");
const scratch = mkdtempSync(join(tmpdir(), "caddy-supervisor-start-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
let config = "Caddyfile";
if (caddy === undefined) {
  console.log("No caddy binary is installed and none can be: running the processes alone, without the site.");
  config = await processesAlone();
}

const pingback = createServer((connection) => {
  connection.destroy();
  pingback.close();
  announce();
});
await new Promise((resolve) => pingback.listen(0, "127.0.0.1", resolve));
const address = `127.0.0.1:${pingback.address().port}`;
const args = ["run", "--config", config, "--pingback", address, ...(caddy ? ["--caddy", caddy] : [])];
const child = spawn(process.execPath, [program, ...args], { cwd: example, stdio: "inherit" });
// A terminal's Ctrl-C reaches the supervisor by itself; we only wait for it to end.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.once("exit", (code, signal) => {
  pingback.close();
  process.exitCode = signal === null ? code : 1;
});

function announce() {
  console.log("\nStarted: three web apps on ports 8000, 8001 and 8002, and a queue worker.");
  if (caddy !== undefined) console.log(`Caddy serves them at ${site}`);
  else console.log("Open http://localhost:8000");
  console.log("Ctrl-C stops everything.\n");
}

/** The example's processes as a JSON configuration that holds no sites. */
async function processesAlone() {
  const { adapt } = await import("../dist/index.js");
  const filename = join(example, "Caddyfile");
  const { config } = adapt(readFileSync(filename, "utf8"), { filename });
  const path = join(scratch, "processes.json");
  writeFileSync(
    path,
    JSON.stringify({ admin: { disabled: true }, apps: { supervisor: config.apps.supervisor } }),
  );
  return path;
}

function isTaken(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(port));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });
}
