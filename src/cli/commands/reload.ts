import { resolve } from "node:path";
import { adminListen } from "../../admin/address.ts";
import { ControlClient, isUnknownRoute } from "../../admin/client.ts";
import { defaultConfig } from "../../app/config-source.ts";
import type { Config } from "../../app/load-config.ts";
import type { ReloadReport } from "../../app/reloader.ts";
import { SupervisorError } from "../../errors.ts";
import type { ReloadFlags } from "../flags.ts";
import { findInstance, reachable, socketOf } from "../instance.ts";
import { loadByFlags } from "../load.ts";
import { printJson, printText } from "../print.ts";
import { printWarning } from "../print-error.ts";

/**
 * `reload`: reads the configuration here, as Caddy's command does, and hands it to the instance that runs it; `plan` and
 * `--dry-run` ask only what would be done.
 */
export async function reloadCommand(flags: ReloadFlags): Promise<number> {
  if (flags.config === undefined && defaultConfig(process.cwd()) === undefined) {
    // There is nothing to read here; the instance knows its own file.
    const client = findInstance(flags);
    print(
      await (flags.dryRun ? client.plan() : client.reload(undefined, { force: flags.force ?? false })),
      flags,
    );
    return 0;
  }
  const { config, env } = await loadByFlags(flags);
  for (const warning of config.warnings) printWarning(warning);
  const client = instanceOf(config, flags, env);
  try {
    print(await ask(client, config, flags), flags);
  } catch (error) {
    if (flags.dryRun || !isUnknownRoute(error)) throw error;
    // A stock Caddy.
    await client.load(config.document, { force: flags.force ?? false });
  }
  return 0;
}

function ask(client: ControlClient, { document }: Config, { dryRun, force = false }: ReloadFlags) {
  return dryRun ? client.plan(document) : client.reload(document, { force });
}

/** The one that runs the file; when none does, whoever listens where the file says, as with Caddy. */
function instanceOf(config: Config, flags: ReloadFlags, env: NodeJS.ProcessEnv): ControlClient {
  if (flags.address !== undefined || flags.socket !== undefined) return findInstance(flags);
  const socketPath = socketOf(resolve(config.source), env);
  if (socketPath !== undefined) return new ControlClient({ socketPath });
  const { admin } = config.document;
  if (config.isSupervisorfile || admin?.disabled)
    throw new SupervisorError("NO_INSTANCE", `nobody runs ${config.source}`);
  return new ControlClient(reachable(adminListen(admin, env), env));
}

const actions: Readonly<Record<ReloadReport["changes"][number]["action"], string>> = {
  keep: "  ",
  restart: "~ ",
  start: "+ ",
  stop: "- ",
};

function print(report: ReloadReport, { json, dryRun }: ReloadFlags): void {
  if (json) printJson(report);
  else printText(reportText(report, dryRun ?? false));
}

/** What has changed, or would: a line for each replica that does not just go on. */
export function reportText({ isUnchanged, changes, caddy }: ReloadReport, isPlan: boolean): string {
  if (isUnchanged && changes.every(({ action }) => action === "keep")) return "config is unchanged\n";
  const lines = changes
    .filter(({ action, why }) => action !== "keep" || why.length > 0)
    .map(({ replica, action, why }) => `${actions[action]}${replica}: ${action} (${why.join(", ")})`);
  const count = (wanted: string) => changes.filter(({ action }) => action === wanted).length;
  const sum = isPlan
    ? `Plan: keep ${count("keep")}, restart ${count("restart")}, start ${count("start")}, stop ${count("stop")}`
    : `${count("keep")} kept, ${count("restart")} restarted, ${count("start")} started, ${count("stop")} stopped`;
  return `${[...lines, `${sum}; ${caddys[caddy]}`].join("\n")}\n`;
}

const caddys: Readonly<Record<ReloadReport["caddy"], string>> = {
  none: "no Caddy is needed",
  keep: "Caddy's part is unchanged",
  load: "Caddy reloads its part",
  start: "Caddy starts",
  stop: "Caddy stops",
};
