import { basename } from "node:path";
import type { BinaryFlags } from "../flags.ts";
import { printOut } from "../print.ts";
import { stockVersion } from "../stock-version.ts";
import { version } from "../version.ts";

/**
 * `version`: ours, and Caddy's on the next line when there is a binary. Called by the name of `caddy`, the other way round: what
 * asks `caddy version` takes the first word of the first line for Caddy's.
 */
export async function versionCommand(
  flags: BinaryFlags,
  calledAs = basename(process.argv[1] ?? ""),
): Promise<number> {
  const stock = await stockVersion(flags.caddy, process.env);
  const ours = `${version()} caddy-supervisor`;
  if (stock === undefined) printOut(`${ours}\n`);
  else if (calledAs === "caddy") printOut(`${stock.line}\n${ours}\n`);
  else printOut(`${ours}\n${stock.line} ${stock.binary}\n`);
  return 0;
}
