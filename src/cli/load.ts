import { type Config, type LoadOptions, loadConfig } from "../app/load-config.ts";
import { environmentWith } from "./environment.ts";
import type { ConfigFlags } from "./flags.ts";

/** A configuration as the flags of a command ask for it. */
export interface LoadedByFlags {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
}

/** Loads what `--config`, `--adapter`, `--envfile` and `--caddy` name. */
export async function loadByFlags(flags: ConfigFlags, compat = false): Promise<LoadedByFlags> {
  const env = environmentWith(flags.envfile);
  const options: LoadOptions = {
    env,
    compat,
    ...(flags.adapter === undefined ? {} : { adapter: flags.adapter }),
    ...(flags.caddy === undefined ? {} : { caddy: flags.caddy }),
  };
  return { config: { ...(await loadConfig(flags.config, options)), env }, env };
}
