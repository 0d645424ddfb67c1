import { findCaddy, runCaddy } from "../caddy/binary.ts";

/** A stock binary, and what it says of its version. */
export interface StockVersion {
  readonly binary: string;
  readonly line: string;
}

/** Asks the stock binary for its version; undefined when there is none that answers. */
export async function stockVersion(
  given: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<StockVersion | undefined> {
  try {
    const binary = findCaddy(given, env);
    const { code, stdout } = await runCaddy(binary, ["version"], { env });
    return code === 0 ? { binary, line: stdout.trim() } : undefined;
  } catch {
    // Processes can do without Caddy.
    return undefined;
  }
}
