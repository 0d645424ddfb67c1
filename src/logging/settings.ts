import { isatty } from "node:tty";
import { consoleEncoder, type Encoder, encodeJson, type Level } from "./encoders.ts";
import type { LoggerSettings } from "./logger.ts";

/** Caddy's `logging.logs.default`, as far as it shapes our own log. */
interface DefaultLog {
  readonly level?: string;
  readonly encoder?: { readonly format?: string };
}

const levels: Readonly<Record<string, Level>> = {
  DEBUG: "debug",
  INFO: "info",
  WARN: "warn",
  ERROR: "error",
  // We never log above error: at these levels only our errors are left.
  PANIC: "error",
  FATAL: "error",
};

/**
 * The settings of our own log for a configuration: the level and format of Caddy's default log; without them INFO, and
 * the console format when stderr is a terminal, as Caddy chooses.
 */
export function loggerSettings(document: unknown, env: NodeJS.ProcessEnv = process.env): LoggerSettings {
  const log = (document as { logging?: { logs?: { default?: DefaultLog } } } | undefined)?.logging?.logs
    ?.default;
  return {
    level: levels[log?.level?.toUpperCase() ?? ""] ?? "info",
    encoder: encoderFor(log?.encoder?.format, env),
  };
}

function encoderFor(format: string | undefined, env: NodeJS.ProcessEnv): Encoder {
  const terminal = isatty(2);
  const colour = terminal && !env.NO_COLOR && env.TERM !== "xterm-mono";
  if (format === "console") return consoleEncoder(colour);
  if (format === "json" || !terminal) return encodeJson;
  return consoleEncoder(colour);
}
