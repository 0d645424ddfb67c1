import type { Logger } from "../logging/logger.ts";
import { loadNative } from "../supervise/native/native.ts";
import type { Clock } from "../supervise/ports.ts";
import { programSender } from "./notify-program.ts";
import type { NotifySender } from "./notify-sender.ts";
import { socketAddress, socketSender } from "./notify-socket.ts";

/** The best way to speak to the manager that listens at `address`: as ourselves, else through a program. */
export async function openNotifySender(
  address: string,
  env: NodeJS.ProcessEnv,
  clock: Clock,
  log: Logger,
): Promise<NotifySender> {
  const native = await loadNative();
  const socket = socketAddress(address);
  if (native !== undefined && socket !== undefined) return socketSender(native, socket, clock);
  const because = native === undefined ? "koffi is not installed" : `no path or @name: ${address}`;
  log.log("warn", "telling the service manager through systemd-notify: the unit needs NotifyAccess=all", {
    because,
  });
  return programSender(address, env);
}
