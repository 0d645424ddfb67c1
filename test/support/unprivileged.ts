import { chmodSync } from "node:fs";
import type { RunSettings, Sandbox } from "./program.ts";

/** The user `nobody`. */
export const nobody = 65534;

/** Runs the program as nobody, which needs a copy in the sandbox: our clone may lie below /root. */
export function asNobody(sandbox: Sandbox, env: NodeJS.ProcessEnv = {}): RunSettings {
  chmodSync(sandbox.folder, 0o755);
  for (const part of ["bin", "dist", "package.json", "node_modules/commander"]) sandbox.copy(part, part);
  return {
    uid: nobody,
    gid: nobody,
    env: { XDG_RUNTIME_DIR: "", TMPDIR: "/tmp", ...env },
    bin: sandbox.path("bin/caddy-supervisor.js"),
  };
}
