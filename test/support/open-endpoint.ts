import { parseAdminAddress } from "../../src/admin/address.ts";
import { ConfigApi } from "../../src/admin/config-api.ts";
import { AdminEndpoint } from "../../src/admin/endpoint.ts";
import { App } from "../../src/app/app.ts";
import type { ConfigDoor } from "../../src/app/config-door.ts";
import { Control, type ControlParts } from "../../src/app/control/control.ts";
import type { AdminConfig } from "../../src/caddy/private-config.ts";
import type { Logger } from "../../src/logging/logger.ts";
import { silentLog } from "./silent-log.ts";

export interface EndpointSetting {
  readonly address: string;
  readonly admin?: AdminConfig;
  readonly config: ConfigDoor;
  readonly log?: Logger;
  readonly caddySocket?: () => string | undefined;
  readonly onStop?: () => void;
}

/** An endpoint over some configuration, with no processes behind it. */
export function openEndpoint(setting: EndpointSetting): Promise<AdminEndpoint> {
  const {
    address,
    admin = {},
    config,
    log = silentLog,
    caddySocket = () => undefined,
    onStop = () => {},
  } = setting;
  const about = { version: "v0", pid: 1, state: "running", uptime: 1, config: "-" } as const;
  const instance = { about: () => about, ensureRunning: async () => {} };
  // What changes processes is tested with a whole instance.
  const control = new Control({ app: new App({ supervise: [] }), instance } as unknown as ControlParts);
  return AdminEndpoint.listen({
    settings: { address: parseAdminAddress(address, {}), admin },
    doors: { ready: Promise.resolve(), config, caddySocket, control, onStop },
    api: new ConfigApi(config),
    log,
  });
}
