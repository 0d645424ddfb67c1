import { availableParallelism } from "node:os";
import { caddyFolders } from "../caddy/folders.ts";
import { version } from "./version.ts";

/** Go's names where Node has others. */
const goNames: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", win32: "windows" };
const goName = (name: string) => goNames[name] ?? name;

/**
 * What `environ` and `run --environ` print, in Caddy's form: what Caddy makes of the environment, then the environment.
 *
 * @param env with the variables of env files; Caddy finds its folders before it reads those
 * @param caddyVersion left out where nobody has asked the binary
 */
export function environmentText(env: NodeJS.ProcessEnv, caddyVersion?: string): string {
  const { home, data, config, autosave } = caddyFolders();
  const facts = {
    "caddy.HomeDir": home,
    "caddy.AppDataDir": data,
    "caddy.AppConfigDir": config,
    "caddy.ConfigAutosavePath": autosave,
    ...(caddyVersion === undefined ? {} : { "caddy.Version": caddyVersion }),
    "caddy-supervisor.Version": version(),
    "runtime.GOOS": goName(process.platform),
    "runtime.GOARCH": goName(process.arch),
    "runtime.NumCPU": availableParallelism(),
    "runtime.Version": `node ${process.version}`,
    "os.Getwd": process.cwd(),
  };
  return `${lines(facts)}\n${lines(env)}`;
}

function lines(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
