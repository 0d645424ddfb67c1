import { App } from "../../app/app.ts";
import type { ConfigFlags } from "../flags.ts";
import { type LoadedByFlags, loadByFlags } from "../load.ts";
import { printOut } from "../print.ts";
import { printWarning } from "../print-error.ts";

/** `validate`: everything that `run` would load; starts nothing, creates nothing. */
export async function validateCommand(flags: ConfigFlags): Promise<number> {
  const loaded = await loadByFlags(flags);
  for (const warning of loaded.config.warnings) printWarning(warning);
  await check(loaded, flags);
  printOut("Valid configuration\n");
  return 0;
}

/**
 * Checks both halves of a configuration.
 *
 * @throws SupervisorError for the first fault
 */
export async function check({ config, env }: LoadedByFlags, flags: ConfigFlags): Promise<void> {
  const app = new App(config, { env });
  app.provision();
  for (const warning of app.preflight()) printWarning(warning);
  if (!config.needsCaddy) return;
  const { findCaddy } = await import("../../caddy/binary.ts");
  const { validateWithCaddy } = await import("../../caddy/validate.ts");
  await validateWithCaddy(findCaddy(flags.caddy, env), config.document, env);
}
