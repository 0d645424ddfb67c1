import { endpointAddress } from "../../admin/address.ts";
import { App } from "../../app/app.ts";
import { stopTimeWarning } from "../../app/stop-time.ts";
import { type Reporter, reporting } from "../diagnostics.ts";
import type { ConfigFlags, ValidateFlags } from "../flags.ts";
import { type LoadedByFlags, loadByFlags } from "../load.ts";
import { printOut } from "../print.ts";
import { readStopTimeout } from "../stop-timeout.ts";

/**
 * `validate`: everything that `run` would load; starts nothing, creates nothing. With `--json` the diagnostics are
 * its result, on stdout.
 */
export function validateCommand(flags: ValidateFlags): Promise<number> {
  return reporting(flags.json ? printOut : undefined, async (reporter) => {
    const stopTimeout = readStopTimeout(flags.stopTimeout);
    const loaded = await loadByFlags(flags);
    reporter.know(loaded.config.notices);
    for (const warning of loaded.config.warnings) reporter.warn(warning);
    const app = await check(loaded, flags, reporter);
    if (stopTimeout !== undefined) {
      const warning = stopTimeWarning(app.slowestStop, loaded.config.needsCaddy, stopTimeout);
      if (warning !== undefined) reporter.warn(warning);
    }
    if (!flags.json) printOut("Valid configuration\n");
    return 0;
  });
}

/**
 * Checks both halves of a configuration; resolves with ours, provisioned.
 *
 * @throws SupervisorError for the first fault
 */
export async function check(
  { config, env }: LoadedByFlags,
  flags: ConfigFlags,
  reporter: Reporter,
): Promise<App> {
  endpointAddress(config, env);
  const app = new App(config, { env });
  app.provision();
  for (const warning of app.preflight()) reporter.warn(warning);
  if (!config.needsCaddy) return app;
  const { findCaddy } = await import("../../caddy/binary.ts");
  const { validateWithCaddy } = await import("../../caddy/validate.ts");
  await validateWithCaddy(findCaddy(flags.caddy, env), config.document, env);
  return app;
}
