import { spawn } from "node:child_process";
import { SupervisorError } from "../errors.ts";
import { locate } from "../supervise/lookup.ts";

/**
 * The absolute path of the Caddy binary: `given` (--caddy), else `caddy` on the PATH.
 *
 * @throws SupervisorError `NO_CADDY`
 */
export function findCaddy(given: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const located = locate({
    command: given ?? "caddy",
    dir: undefined,
    path: env.PATH ?? "",
    as: undefined,
  });
  if ("error" in located) {
    throw new SupervisorError(
      "NO_CADDY",
      `the configuration has sites, and Caddy serves them: ${located.error}`,
    );
  }
  return located.file;
}

export interface CaddyResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaddyCall {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Written to its stdin. Default: nothing. */
  readonly input?: string;
}

/** Runs a short Caddy command and gathers what it prints. */
export function runCaddy(
  binary: string,
  args: readonly string[],
  call: CaddyCall = {},
): Promise<CaddyResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: call.env ?? process.env,
      cwd: call.cwd,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.once("error", (cause) => {
      reject(new SupervisorError("NO_CADDY", `cannot run ${binary}: ${cause.message}`, { cause }));
    });
    child.once("close", (code) => resolve({ code, stdout, stderr }));
    // Caddy may end before it has read everything; its exit code tells more than EPIPE.
    child.stdin.on("error", () => {});
    child.stdin.end(call.input);
  });
}

/** Whether this binary was built with the Go module: its own `supervisor` then stays unused. */
export async function containsModule(binary: string): Promise<boolean> {
  const { stdout } = await runCaddy(binary, ["list-modules"]);
  return stdout.split("\n").includes("supervisor");
}
