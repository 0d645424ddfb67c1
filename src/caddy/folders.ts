import { join } from "node:path";

/** Where Caddy keeps its files (its storage.go; os.UserConfigDir of Go). */
export interface CaddyFolders {
  readonly home: string;
  readonly data: string;
  readonly config: string;
  /** The last configuration that ran, for `run --resume`. */
  readonly autosave: string;
}

/** What Caddy would use in this environment. */
export function caddyFolders(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): CaddyFolders {
  const home = env.HOME || (platform === "win32" && env.USERPROFILE) || ".";
  const fallback = (...unix: string[]) => {
    if (platform === "win32" && env.AppData) return join(env.AppData, "Caddy");
    if (home === ".") return "./caddy";
    if (platform === "darwin") return join(home, "Library", "Application Support", "Caddy");
    return join(home, ...unix, "caddy");
  };
  const data = env.XDG_DATA_HOME ? join(env.XDG_DATA_HOME, "caddy") : fallback(".local", "share");
  const config = env.XDG_CONFIG_HOME ? join(env.XDG_CONFIG_HOME, "caddy") : fallback(".config");
  return { home, data, config, autosave: join(config, "autosave.json") };
}
