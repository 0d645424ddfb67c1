/**
 * The global options that a file without sites may have and that do not need Caddy: `admin`, `debug`, `persist_config` and the
 * simple forms of `log`, as Caddy adapts them (caddyconfig/httpcaddyfile/options.go and builtins.go).
 */
import { Dispenser } from "../caddyfile/dispenser.ts";
import type { Segment } from "../caddyfile/parser.ts";

/** Caddy's `admin` object. */
export interface AdminJson {
  disabled?: boolean;
  listen?: string;
  enforce_origin?: boolean;
  origins?: string[];
  config?: { persist: false };
}

/** One of Caddy's `logging.logs`. */
export interface LogJson {
  writer?: { output: string; filename?: string };
  encoder?: { format: string };
  level?: string;
}

/** What the options give in Caddy's JSON. */
export interface PlainGlobals {
  admin?: AdminJson;
  logging?: { logs: Record<string, LogJson> };
}

/** The options besides `supervisor` that we can read without Caddy. */
export const plainGlobalOptions: readonly string[] = ["admin", "debug", "log", "persist_config"];

const defaultAdminListen = "localhost:2019";
const plainWriters = ["stdout", "stderr", "discard"];
const plainEncoders = ["console", "json"];

/**
 * The JSON of these options; undefined when a `log` is more than level, plain format and plain output: that is
 * Caddy's to read.
 * @throws SupervisorError with Caddy's text, without `parsing caddyfile tokens for …`
 */
export function readPlainGlobals(segments: readonly Segment[]): PlainGlobals | undefined {
  const globals: PlainGlobals = {};
  const logs: Record<string, LogJson> = {};
  let debug = false;
  let persist = true;
  for (const segment of segments) {
    const d = new Dispenser(segment);
    d.next();
    if (d.val() === "admin") globals.admin = readAdmin(d);
    if (d.val() === "persist_config") persist = readPersist(d);
    if (d.val() === "debug") {
      if (d.next()) throw d.argErr();
      debug = true;
    }
    if (d.val() === "log") {
      const named = readLog(d);
      if (!named) return undefined;
      logs[named.name] = named.log;
    }
  }
  if (!persist) globals.admin = { ...globals.admin, config: { persist } };
  if (debug) {
    logs.default ??= {};
    for (const log of Object.values(logs)) log.level ??= "DEBUG";
  }
  if (Object.keys(logs).length > 0) globals.logging = { logs };
  return globals;
}

function readAdmin(d: Dispenser): AdminJson {
  const admin: AdminJson = {};
  if (d.nextArg()) {
    if (d.val() === "off") {
      if (d.next()) throw d.errf("No more option is allowed after turning off admin config");
      return { disabled: true };
    }
    admin.listen = d.val();
    if (d.nextArg()) throw d.argErr();
  }
  while (d.nextBlock(0)) {
    if (d.val() === "enforce_origin") admin.enforce_origin = true;
    else if (d.val() === "origins") admin.origins = d.remainingArgs();
    else throw d.errf(`unrecognized parameter '${d.val()}'`);
  }
  admin.listen ??= defaultAdminListen;
  return admin;
}

/** It can only be turned off. */
function readPersist(d: Dispenser): false {
  const [value, ...rest] = d.remainingArgs();
  if (value === undefined || rest.length > 0) throw d.argErr();
  if (value !== "off") throw d.errf("persist_config must be 'off'");
  return false;
}

/** Undefined when it takes Caddy to read it. */
function readLog(d: Dispenser): { name: string; log: LogJson } | undefined {
  const name = d.nextArg() ? d.val() : "default";
  const log: LogJson = {};
  while (d.nextBlock(0)) {
    const option = d.val();
    const args = d.remainingArgs();
    const [first, second] = args;
    if (option === "level" && args.length === 1) log.level = first!;
    else if (option === "format" && args.length === 1 && plainEncoders.includes(first!))
      log.encoder = { format: first! };
    else if (option === "output" && args.length === 1 && plainWriters.includes(first!))
      log.writer = { output: first! };
    else if (option === "output" && args.length === 2 && first === "file")
      log.writer = { output: "file", filename: second! };
    else return undefined;
  }
  return { name, log };
}
