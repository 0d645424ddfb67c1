/** What a service manager has told us in our environment (sd_notify(3), sd_watchdog_enabled(3)). */
export interface NotifyEnvironment {
  /** Where it listens: an absolute path, or `@name` in the abstract namespace (unix(7)). */
  readonly address: string;
  /** How long (ms) it waits for a sign of life; undefined: it waits for none, or for somebody else's. */
  readonly watchdog: number | undefined;
}

/**
 * Reads the variables and takes them away, so that nobody whom we start can speak in our name: not the processes, not Caddy,
 * not their stop commands. Undefined when nobody listens.
 */
export function takeNotifyEnvironment(env: NodeJS.ProcessEnv, pid: number): NotifyEnvironment | undefined {
  const { NOTIFY_SOCKET: address, WATCHDOG_USEC, WATCHDOG_PID } = env;
  for (const name of ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]) delete env[name];
  if (!address) return undefined;
  const isForUs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === pid;
  const watchdog = Number(WATCHDOG_USEC) / 1000;
  return { address, watchdog: isForUs && watchdog > 0 ? watchdog : undefined };
}
