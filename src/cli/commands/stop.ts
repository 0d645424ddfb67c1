import { adminListen } from "../../admin/address.ts";
import { ControlClient } from "../../admin/client.ts";
import { SupervisorError } from "../../errors.ts";
import type { ConfigFlags, InstanceFlags } from "../flags.ts";
import { findInstance, reachable, socketOf } from "../instance.ts";
import { loadByFlags } from "../load.ts";

/** `stop`: an orderly end; returns when everything is gone (over TCP: when the end has begun, as with Caddy). */
export async function stopCommand(flags: ConfigFlags & InstanceFlags): Promise<number> {
  const client = await instanceOf(flags);
  await client.stop();
  try {
    await client.ended();
  } catch (error) {
    // Gone already, or a stock Caddy that does not know the question.
    if (!(error instanceof SupervisorError)) throw error;
  }
  return 0;
}

/** Started from stdin or by somebody else, it still listens where its configuration says. */
async function instanceOf(flags: ConfigFlags & InstanceFlags): Promise<ControlClient> {
  const name = flags.config;
  if (name === undefined || name === "-" || flags.address !== undefined || flags.socket !== undefined)
    return findInstance(flags);
  if (socketOf(name, process.env) !== undefined) return findInstance(flags);
  const { config, env } = await loadByFlags(flags);
  if (config.isSupervisorfile || config.document.admin?.disabled) return findInstance(flags);
  return new ControlClient(reachable(adminListen(config.document.admin, env), env));
}
