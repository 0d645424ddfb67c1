import { isatty } from "node:tty";
import { adminListen, endpointAddress } from "../../admin/address.ts";
import { Endpoints } from "../../admin/endpoints.ts";
import { Autosave } from "../../app/autosave.ts";
import { ConfigWatch } from "../../app/config-watch.ts";
import { Daemon, type DaemonParts } from "../../app/daemon.ts";
import type { Config } from "../../app/load-config.ts";
import { openHolds } from "../../app/open-holds.ts";
import { openNotifier } from "../../app/open-notifier.ts";
import { listenForSignals } from "../../app/signals.ts";
import { caddyFolders } from "../../caddy/folders.ts";
import { Logger } from "../../logging/logger.ts";
import { outletOf } from "../../logging/outlet.ts";
import { loggerSettings } from "../../logging/settings.ts";
import { prefixed } from "../../logging/terminal-prefix.ts";
import { LineWriter } from "../../logging/writer.ts";
import type { Terminal } from "../../output/replica-outputs.ts";
import { environmentText } from "../environment-text.ts";
import type { RunFlags } from "../flags.ts";
import { loadByFlags } from "../load.ts";
import { Pidfile } from "../pidfile.ts";
import { preparePingback } from "../pingback.ts";
import { printOut } from "../print.ts";
import { resumed } from "../resume.ts";
import { readStopTimeout } from "../stop-timeout.ts";
import { version } from "../version.ts";

/** `run`: processes, then Caddy, then the admin endpoint; resolves with the exit code when all of it is gone. */
export async function runCommand(flags: RunFlags): Promise<number> {
  const { logger, writer, close } = openLog();
  const notifier = openNotifier(process.env, logger.named("supervisor"));
  let daemon: Daemon | undefined;
  let autosave: Autosave | undefined;
  let watch: ConfigWatch | undefined;
  const stopListening = listenForSignals((request) => {
    if (daemon !== undefined) daemon.request(request);
    // Nothing runs yet: there is nothing to stop.
    else if (request.kind === "stop" || request.kind === "kill")
      process.exit(request.kind === "stop" ? 0 : 2);
  });
  const pidfile = flags.pidfile === undefined ? undefined : new Pidfile(flags.pidfile);
  try {
    const stopTimeout = readStopTimeout(flags.stopTimeout);
    const pingback =
      flags.pingback === undefined ? undefined : preparePingback(flags.pingback, flags.config !== "-");
    const began = Date.now();
    const { flags: asked, isResumed } = resumed(flags, logger);
    const { config, env } = await loadByFlags(asked);
    logger.configure(loggerSettings(config.document, env));
    if (flags.environ) printOut(environmentText(env));
    announce(logger, config, asked);
    const isFile = config.source !== "-" && (!isResumed || flags.config !== undefined);
    autosave = config.isSupervisorfile ? undefined : new Autosave(caddyFolders().autosave, logger);
    watch =
      flags.watch && isFile && !isResumed ? watchConfig(logger, () => daemon?.fileChanged()) : undefined;
    watch?.follow(config.files, began);
    daemon = new Daemon({
      config,
      loadOptions: { env, ...(flags.caddy === undefined ? {} : { caddy: flags.caddy }) },
      readAgain: isFile ? readAgain(flags, watch) : undefined,
      findCaddy: (each) => checkedCaddy(each, flags, env),
      instanceKey: isResumed && flags.config !== undefined ? flags.config : instanceKey(config, env),
      env,
      cwd: process.cwd(),
      logger,
      holds: await openHolds(flags.cgroup, logger),
      terminal: flags.prefix ? terminalOf(writer, env) : undefined,
      openEndpoint: endpointOpener(config, env, logger),
      version: version(),
      notifier,
      stopTimeout,
      onReady: () => {
        pidfile?.write();
        pingback?.call();
        logger.named("supervisor").log("info", "serving initial configuration");
      },
      onCommit: ({ document }) => autosave?.save(document),
    });
    return await daemon.run();
  } finally {
    stopListening();
    watch?.close();
    pidfile?.remove();
    await notifier.close();
    await close();
  }
}

function watchConfig(logger: Logger, onChange: () => void): ConfigWatch {
  const log = logger.named("watcher");
  const onError = ({ message }: Error) =>
    log.log("error", "cannot watch the config file", { error: message });
  return new ConfigWatch({ onChange, onError });
}

/** For a reload: what the flags name; a configuration that loads says anew what is to be watched. */
function readAgain(flags: RunFlags, watch: ConfigWatch | undefined): () => Promise<Config> {
  return async () => {
    const began = Date.now();
    const { config } = await loadByFlags(flags);
    watch?.follow(config.files, began);
    return config;
  };
}

/** A reader that has stalled holds up our end no longer than this (ms). */
const longestDrain = 1_000;

function openLog(): { logger: Logger; writer: LineWriter; close: () => Promise<void> } {
  const writer = new LineWriter(outletOf(2), (lines) =>
    logger.log("warn", "log lines were dropped: nobody read them", { lines }),
  );
  const logger = Logger.to((line) => writer.write(line), loggerSettings(undefined), writer);
  const close = async () => {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestDrain);
    });
    await Promise.race([writer.drain(), patience]);
    clearTimeout(timer);
    writer.close();
  };
  return { logger, writer, close };
}

/** Lines of processes are prefixed where a person reads them. */
function terminalOf(stderr: LineWriter, env: NodeJS.ProcessEnv): Terminal {
  const colour = !env.NO_COLOR;
  const stdout = isatty(1) ? new LineWriter(outletOf(1)) : undefined;
  return {
    ...(stdout === undefined ? {} : { stdout: (replica) => prefixed(stdout, replica, colour) }),
    ...(isatty(2) ? { stderr: (replica) => prefixed(stderr, replica, colour) } : {}),
  };
}

function announce(logger: Logger, config: Config, flags: RunFlags): void {
  const adapter = flags.adapter ?? "";
  const message =
    flags.config === undefined ? `using adjacent ${config.source}` : "using provided configuration";
  logger.log(
    "info",
    message,
    flags.config === undefined ? {} : { config_file: config.source, config_adapter: adapter },
  );
  for (const warning of config.warnings) logger.log("warn", warning);
}

/** The binary, after it has accepted its half; undefined when there is nothing for it to do. */
async function checkedCaddy(
  config: Config,
  flags: RunFlags,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (!config.needsCaddy) return undefined;
  const { findCaddy } = await import("../../caddy/binary.ts");
  const { validateWithCaddy } = await import("../../caddy/validate.ts");
  const binary = findCaddy(flags.caddy, env);
  await validateWithCaddy(binary, config.document, env);
  return binary;
}

/** The file names the instance; without one, the address under which scripts find it. */
function instanceKey({ source, document }: Config, env: NodeJS.ProcessEnv): string {
  // Without an endpoint there is no address either: then it is the folder that tells one from another.
  if (source === "-")
    return document.admin?.disabled ? `stdin:${process.cwd()}` : adminListen(document.admin, env);
  return source;
}

function endpointOpener(config: Config, env: NodeJS.ProcessEnv, logger: Logger): DaemonParts["openEndpoint"] {
  const settingsOf = (each: Config) => {
    const address = endpointAddress(each, each.env ?? env);
    return address && { address, admin: each.document.admin ?? {} };
  };
  return async (doors, controlSocket) => {
    const endpoints = await Endpoints.open(doors, controlSocket, settingsOf(config), logger.named("admin"));
    return {
      closeNetwork: () => endpoints.network.close(),
      close: () => endpoints.close(),
      prepareMove: (next) => endpoints.network.prepareMove(settingsOf(next)),
    };
  };
}
