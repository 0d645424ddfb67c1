import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { adminListen, endpointAddress } from "../../admin/address.ts";
import { AdminEndpoint } from "../../admin/endpoint.ts";
import { Daemon, type Endpoint, type EndpointDoors } from "../../app/daemon.ts";
import type { Config } from "../../app/load-config.ts";
import { listenForSignals } from "../../app/signals.ts";
import { SupervisorError } from "../../errors.ts";
import { Logger } from "../../logging/logger.ts";
import { loggerSettings } from "../../logging/settings.ts";
import { LineWriter } from "../../logging/writer.ts";
import { errnoText } from "../../supervise/lookup.ts";
import type { RunFlags } from "../flags.ts";
import { loadByFlags } from "../load.ts";
import { printOut } from "../print.ts";

/** `run`: processes, then Caddy, then the admin endpoint; resolves with the exit code when all of it is gone. */
export async function runCommand(flags: RunFlags): Promise<number> {
  const { logger, close } = openLog();
  try {
    const { config, env } = await loadByFlags(flags);
    logger.configure(loggerSettings(config.document, env));
    if (flags.environ) printEnvironment(env);
    announce(logger, config, flags);
    const caddyBinary = await checkedCaddy(config, flags, env);
    const daemon = new Daemon({
      config,
      caddyBinary,
      instanceKey: instanceKey(config, env),
      env,
      cwd: process.cwd(),
      logger,
      openEndpoint: endpointOpener(config, env),
      onReady: () => {
        if (flags.pidfile !== undefined) writePidfile(flags.pidfile);
        if (flags.pingback !== undefined) dial(flags.pingback);
        logger.named("supervisor").log("info", "serving initial configuration");
      },
    });
    const stopListening = listenForSignals((request) => daemon.request(request));
    try {
      return await daemon.run();
    } finally {
      stopListening();
      if (flags.pidfile !== undefined) rmSync(flags.pidfile, { force: true });
    }
  } finally {
    await close();
  }
}

/** A reader that has stalled holds up our end no longer than this (ms). */
const longestDrain = 1_000;

function openLog(): { logger: Logger; close: () => Promise<void> } {
  const writer = new LineWriter(2, (lines) =>
    logger.log("warn", "log lines were dropped: nobody read them", { lines }),
  );
  const logger = Logger.to((line) => writer.write(line), loggerSettings(undefined));
  const close = async () => {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestDrain);
    });
    await Promise.race([writer.drain(), patience]);
    clearTimeout(timer);
    writer.flushSync();
  };
  return { logger, close };
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
  return source === "-" ? adminListen(document.admin, env) : source;
}

function endpointOpener(
  config: Config,
  env: NodeJS.ProcessEnv,
): ((doors: EndpointDoors) => Promise<Endpoint>) | undefined {
  const address = endpointAddress(config, env);
  if (address === undefined) return undefined;
  return (doors) => AdminEndpoint.listen({ ...doors, address, config: config.document.admin ?? {} });
}

function printEnvironment(env: NodeJS.ProcessEnv): void {
  const lines = Object.entries(env).map(([key, value]) => `${key}=${value}\n`);
  printOut(lines.join(""));
}

/** Tells whoever started us that everything runs. That nobody listens any more is no concern of ours. */
function dial(address: string): void {
  const colon = address.lastIndexOf(":");
  const connection = connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
  connection.on("error", () => {});
  connection.once("connect", () => connection.end());
}

function writePidfile(path: string): void {
  try {
    writeFileSync(path, `${process.pid}\n`, { mode: 0o644 });
  } catch (cause) {
    throw new SupervisorError("PIDFILE", `writing pidfile: open ${path}: ${errnoText(cause)}`, { cause });
  }
}
