import type { AdaptFlags } from "../flags.ts";
import { loadByFlags } from "../load.ts";
import { printOut } from "../print.ts";
import { printWarning } from "../print-error.ts";
import { check } from "./validate.ts";

/** `adapt`: the whole JSON document on stdout, warnings on stderr. */
export async function adaptCommand(flags: AdaptFlags): Promise<number> {
  const loaded = await loadByFlags(flags, flags.compat ?? false);
  for (const warning of loaded.config.warnings) printWarning(warning);
  // Caddy indents with tabs.
  const json = JSON.stringify(loaded.config.document, undefined, flags.pretty ? "\t" : undefined);
  printOut(`${json}\n`);
  if (flags.validate) await check(loaded, flags);
  return 0;
}
