import { statSync } from "node:fs";
import { packageFile } from "./package-file.ts";

/** Our program, as a script that Node runs. */
export function ownProgram(): string {
  return packageFile("bin/caddy-supervisor.js");
}

/** Whether a path leads to our own program, by whatever links: we may well be installed under the name `caddy`. */
export function isOurselves(path: string): boolean {
  const identity = identityOf(path);
  return identity !== undefined && identity === identityOf(ownProgram());
}

function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    // Not there, or in a folder of the PATH that we may not enter.
    return undefined;
  }
}
