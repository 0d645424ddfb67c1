import type { EndpointDoors } from "../app/daemon.ts";
import type { Logger } from "../logging/logger.ts";
import { ConfigApi } from "./config-api.ts";
import { AdminEndpoint, type EndpointSettings } from "./endpoint.ts";

const ownerOnly = 0o600;

/**
 * Where an instance can be called: at the address that the user configured, if any, and always at its control socket. Both
 * answer the same requests.
 */
export class Endpoints {
  readonly network: AdminEndpoint;
  readonly #control: AdminEndpoint;

  private constructor(network: AdminEndpoint, control: AdminEndpoint) {
    this.network = network;
    this.#control = control;
  }

  /**
   * @param controlSocket path of the socket, in a folder that only we may enter
   * @param settings of the configured address; undefined: there is none (`admin off`, a Supervisorfile)
   * @throws SupervisorError `ADMIN_ADDRESS`
   */
  static async open(
    doors: EndpointDoors,
    controlSocket: string,
    settings: EndpointSettings | undefined,
    log: Logger,
  ): Promise<Endpoints> {
    const shared = { doors, log, api: new ConfigApi(doors.config) };
    const address = {
      kind: "unix",
      path: controlSocket,
      mode: ownerOnly,
      text: `unix/${controlSocket}`,
    } as const;
    const control = await AdminEndpoint.listen({
      ...shared,
      settings: { address, admin: {} },
      isQuiet: true,
    });
    try {
      return new Endpoints(await AdminEndpoint.listen({ ...shared, settings }), control);
    } catch (error) {
      await control.close();
      throw error;
    }
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    await Promise.all([this.network.close(), this.#control.close()]);
  }
}
