import { resolve } from "node:path";
import { parseAdminAddress } from "../admin/address.ts";
import { ControlClient, type InstanceAddress } from "../admin/client.ts";
import { defaultConfig } from "../app/config-source.ts";
import { allControlSockets, controlSocketFor } from "../app/run-folder.ts";
import { SupervisorError } from "../errors.ts";
import type { InstanceFlags } from "./flags.ts";

/**
 * The instance that the flags name: by its socket, its address or its configuration; without any, the one of the folder's
 * configuration, or, where the folder has none, the only one that this user runs.
 *
 * @throws SupervisorError `NO_INSTANCE`
 */
export function findInstance(flags: InstanceFlags, env: NodeJS.ProcessEnv = process.env): ControlClient {
  return new ControlClient(addressOf(flags, env));
}

function addressOf({ config, address, socket }: InstanceFlags, env: NodeJS.ProcessEnv): InstanceAddress {
  if (socket !== undefined) return { socketPath: socket };
  if (address !== undefined) return reachable(address, env);
  const uid = process.getuid?.() ?? 0;
  const name = config ?? defaultConfig(process.cwd());
  if (name !== undefined) {
    const own = socketOf(name, env);
    if (own !== undefined) return { socketPath: own };
    // Another instance is never meant instead: `stop` would end it.
    const others = config === undefined ? allControlSockets(env, uid) : [];
    throw new SupervisorError("NO_INSTANCE", `nobody runs ${name}`, {
      hint: others.length === 0 ? undefined : whichOf("of what runs elsewhere, say which", others),
    });
  }
  return onlyOne(allControlSockets(env, uid));
}

/** The control socket of the instance that runs a configuration file; undefined when there is none. */
export function socketOf(config: string, env: NodeJS.ProcessEnv): string | undefined {
  return controlSocketFor(resolve(config), env, process.getuid?.() ?? 0);
}

function onlyOne(sockets: readonly string[]): InstanceAddress {
  const [socketPath, ...others] = sockets;
  if (socketPath === undefined)
    throw new SupervisorError("NO_INSTANCE", "no caddy-supervisor of this user runs");
  if (others.length === 0) return { socketPath };
  throw new SupervisorError("NO_INSTANCE", `${sockets.length} instances of this user run`, {
    hint: whichOf("say which", sockets),
  });
}

/** Nobody reads more than a few. */
function whichOf(request: string, sockets: readonly string[]): string {
  const more = sockets.length > 5 ? [`… and ${sockets.length - 5} more`] : [];
  return [`${request} with --config PATH, or with --socket:`, ...sockets.slice(0, 5), ...more].join("\n  ");
}

/** Where a command finds what listens on a configured address. */
export function reachable(text: string, env: NodeJS.ProcessEnv): InstanceAddress {
  const address = parseAdminAddress(text, env);
  if (address.kind === "unix") return { socketPath: address.path };
  // Go prefers IPv4 for this name, and so do we where we listen.
  const host = address.host === "localhost" || address.host === "" ? "127.0.0.1" : address.host;
  return { host, port: address.port };
}
