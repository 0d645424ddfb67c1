import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { SupervisorError } from "../errors.ts";
import { locate } from "../supervise/lookup.ts";
import { callEnvironment, goesInCircles } from "./call-depth.ts";
import { isOurselves } from "./ourselves.ts";

/** Names the stock binary where no `--caddy` can be given: in a service, or when we stand in for `caddy`. */
const binaryVariable = "CADDY_SUPERVISOR_CADDY";

/** Where dpkg-divert(1) puts what stood in our place. */
const divertedName = "caddy.distrib";

/**
 * The absolute path of the stock Caddy binary: `given` (--caddy), else `CADDY_SUPERVISOR_CADDY`, else `caddy` on the PATH; never
 * a link to ourselves.
 *
 * @param purpose why it is needed, for the message
 * @throws SupervisorError `NO_CADDY`
 */
export function findCaddy(
  given: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
  purpose = "the configuration has sites, and Caddy serves them",
): string {
  const named = given ?? (env[binaryVariable] || undefined);
  const found = named === undefined ? locateOnPath(env.PATH ?? "") : locateNamed(named, env.PATH ?? "");
  const result = goesInCircles(env) && "file" in found ? { error: `${found.file} calls us again` } : found;
  if ("file" in result) return result.file;
  throw new SupervisorError("NO_CADDY", `${purpose}: ${result.error}`);
}

type Located = ReturnType<typeof locate>;

function locateNamed(command: string, path: string): Located {
  const located = locate({ command, dir: undefined, path, as: undefined });
  return "file" in located && isOurselves(located.file)
    ? { error: `${located.file} is caddy-supervisor itself` }
    : located;
}

/** As a shell looks for it, but past ourselves; what a diversion has put beside us is the last that is tried. */
function locateOnPath(path: string): Located {
  const folders = path.split(delimiter);
  const ours = folders.filter((folder) => isOurselves(join(folder, "caddy")));
  const others = folders.filter((folder) => !ours.includes(folder)).join(delimiter);
  const stock = locate({ command: "caddy", dir: undefined, path: others, as: undefined });
  if ("file" in stock || ours.length === 0) return stock;
  const diverted = locate({
    command: divertedName,
    dir: undefined,
    path: ours.join(delimiter),
    as: undefined,
  });
  return "file" in diverted ? diverted : { error: `${stock.error}, save a link to caddy-supervisor itself` };
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
      env: callEnvironment(call.env ?? process.env),
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
