import type { Logger } from "../logging/logger.ts";
import { nodeClock } from "../supervise/node-clock.ts";
import { type Notifier, ServiceNotifier, silentNotifier } from "./notifier.ts";
import { takeNotifyEnvironment } from "./notify-environment.ts";

/**
 * Tells whoever started us, if it has asked for that in our environment. The variables are taken away, so call it before
 * anything is started.
 */
export function openNotifier(env: NodeJS.ProcessEnv, log: Logger): Notifier {
  const told = takeNotifyEnvironment(env, process.pid);
  if (told === undefined) return silentNotifier;
  return new ServiceNotifier({
    openSender: async () => {
      // Most of us are started by nobody who listens.
      const { openNotifySender } = await import("./open-notify-sender.ts");
      return openNotifySender(told.address, env, nodeClock, log);
    },
    watchdog: told.watchdog,
    clock: nodeClock,
    log,
  });
}
