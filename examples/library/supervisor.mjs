// One process that fails once and then ends well: its supervisor starts it again after the failure, and then rests.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toSupervisors } from "caddy-supervisor";

const folder = mkdtempSync(join(tmpdir(), "example-"));
const [supervisor] = toSupervisors({
  command: ["sh", "-c", "test -e tried || { touch tried; exit 3; }"],
  dir: folder,
  restartPolicy: "on_failure",
});
supervisor.on("exited", ({ life, error }) => console.log(`run ${life}: ${error ?? "clean exit"}`));
supervisor.on("restarting", ({ wait, reason }) => console.log(`again in ${wait} ms (${reason})`));
await supervisor.run();
console.log(`state: ${supervisor.state}`);
rmSync(folder, { recursive: true });
