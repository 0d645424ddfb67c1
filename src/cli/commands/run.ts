import { connect } from "node:net";
import { isatty } from "node:tty";
import { adminListen, endpointAddress, parseAdminAddress } from "../../admin/address.ts";
import { AdminEndpoint } from "../../admin/endpoint.ts";
import { Daemon, type Endpoint, type EndpointDoors } from "../../app/daemon.ts";
import type { Config } from "../../app/load-config.ts";
import { openHolds } from "../../app/open-holds.ts";
import { listenForSignals } from "../../app/signals.ts";
import { SupervisorError } from "../../errors.ts";
import { Logger } from "../../logging/logger.ts";
import { loggerSettings } from "../../logging/settings.ts";
import { prefixed } from "../../logging/terminal-prefix.ts";
import { LineWriter, ownDescriptor } from "../../logging/writer.ts";
import type { Terminal } from "../../output/replica-outputs.ts";
import type { RunFlags } from "../flags.ts";
import { loadByFlags } from "../load.ts";
import { Pidfile } from "../pidfile.ts";
import { printOut } from "../print.ts";

/** `run`: processes, then Caddy, then the admin endpoint; resolves with the exit code when all of it is gone. */
export async function runCommand(flags: RunFlags): Promise<number> {
  const { logger, writer, close } = openLog();
  let daemon: Daemon | undefined;
  const stopListening = listenForSignals((request) => {
    if (daemon !== undefined) daemon.request(request);
    // Nothing runs yet: there is nothing to stop.
    else if (request.kind === "stop" || request.kind === "kill")
      process.exit(request.kind === "stop" ? 0 : 2);
  });
  const pidfile = flags.pidfile === undefined ? undefined : new Pidfile(flags.pidfile);
  try {
    const pingback = flags.pingback === undefined ? undefined : parsePingback(flags.pingback);
    const { config, env } = await loadByFlags(flags);
    logger.configure(loggerSettings(config.document, env));
    if (flags.environ) printEnvironment(env);
    announce(logger, config, flags);
    daemon = new Daemon({
      config,
      loadOptions: { env, ...(flags.caddy === undefined ? {} : { caddy: flags.caddy }) },
      readAgain: config.source === "-" ? undefined : async () => (await loadByFlags(flags)).config,
      findCaddy: (each) => checkedCaddy(each, flags, env),
      instanceKey: instanceKey(config, env),
      env,
      cwd: process.cwd(),
      logger,
      holds: await openHolds(flags.cgroup, logger),
      terminal: flags.prefix ? terminalOf(writer, env) : undefined,
      openEndpoint: endpointOpener(config, env, logger),
      onReady: () => {
        pidfile?.write();
        if (pingback !== undefined) dial(pingback);
        logger.named("supervisor").log("info", "serving initial configuration");
      },
    });
    return await daemon.run();
  } finally {
    stopListening();
    pidfile?.remove();
    await close();
  }
}

/** A reader that has stalled holds up our end no longer than this (ms). */
const longestDrain = 1_000;

function openLog(): { logger: Logger; writer: LineWriter; close: () => Promise<void> } {
  const writer = new LineWriter(ownDescriptor(2), (lines) =>
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
  const stdout = isatty(1) ? new LineWriter(ownDescriptor(1)) : undefined;
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

function endpointOpener(
  config: Config,
  env: NodeJS.ProcessEnv,
  logger: Logger,
): ((doors: EndpointDoors) => Promise<Endpoint>) | undefined {
  const settingsOf = (each: Config) => {
    const address = endpointAddress(each, env);
    return address && { address, admin: each.document.admin ?? {} };
  };
  const settings = settingsOf(config);
  if (settings === undefined) return undefined;
  return async (doors) => {
    const endpoint = await AdminEndpoint.listen({ ...doors, ...settings, log: logger.named("admin") });
    return {
      close: () => endpoint.close(),
      prepareMove: (next) => endpoint.prepareMove(settingsOf(next)),
    };
  };
}

function printEnvironment(env: NodeJS.ProcessEnv): void {
  const lines = Object.entries(env).map(([key, value]) => `${key}=${value}\n`);
  printOut(lines.join(""));
}

interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

function parsePingback(text: string): TcpAddress {
  const address = parseAdminAddress(text, {});
  if (address.kind === "tcp" && address.port > 0) return address;
  throw new SupervisorError("ADMIN_ADDRESS", `invalid pingback address '${text}'`, {
    hint: "write it as 127.0.0.1:8123",
  });
}

/** Tells whoever started us that everything runs. That nobody listens any more is no concern of ours. */
function dial({ host, port }: TcpAddress): void {
  const connection = connect({ host, port });
  connection.on("error", () => {});
  connection.once("connect", () => connection.end());
}
