import { reporting } from "../diagnostics.ts";
import type { AdaptFlags } from "../flags.ts";
import { loadByFlags } from "../load.ts";
import { printOut, printTalk } from "../print.ts";
import { check } from "./validate.ts";

/** `adapt`: the whole JSON document on stdout; warnings, or with `--json` all diagnostics, on stderr. */
export function adaptCommand(flags: AdaptFlags): Promise<number> {
  return reporting(flags.json ? printTalk : undefined, async (reporter) => {
    // Caddy's adapt takes stdin for a Caddyfile, where its other commands expect JSON.
    const adapter = flags.adapter ?? (flags.config === "-" ? "caddyfile" : undefined);
    const asked = adapter === undefined ? flags : { ...flags, adapter };
    const loaded = await loadByFlags(asked, flags.compat ?? false);
    reporter.know(loaded.config.notices);
    for (const warning of loaded.config.warnings) reporter.warn(warning);
    // Caddy indents with tabs.
    const json = JSON.stringify(loaded.config.document, undefined, flags.pretty ? "\t" : undefined);
    printOut(`${json}\n`);
    if (flags.validate) await check(loaded, flags, reporter);
    return 0;
  });
}
