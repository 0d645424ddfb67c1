import {
  type LineLevel,
  type LogFormat,
  moduleTargetTypes,
  type OnFull,
  type OutputTarget,
} from "./definition.ts";
import { invalid, milliseconds, oneOf } from "./invalid.ts";
import { parseSize } from "./size.ts";

/** Where a stream of a replica goes, with everything filled in. */
export type StreamPlan =
  | { readonly type: "null" | "stdout" | "stderr" }
  /** The process's own descriptor. */
  | { readonly type: "file"; readonly path: string }
  /** A file that we write. */
  | {
      readonly type: "managed";
      readonly path: string;
      /** Permission bits of a new file. */
      readonly mode: number;
      readonly rolling: RollingPlan | undefined;
      readonly onFull: OnFull;
    }
  /** Lines become records of our log. */
  | {
      readonly type: "log";
      readonly format: LogFormat;
      readonly level: LineLevel;
      readonly onFull: OnFull;
    };

/** Caddy's defaults for its own log files (modules/logging/filewriter.go). */
export interface RollingPlan {
  /** In bytes. */
  readonly size: number;
  /** In ms; undefined: only the size counts. */
  readonly interval: number | undefined;
  /** How many rolled files are kept; 0: all. */
  readonly keep: number;
  /** How long (ms) rolled files are kept; 0: for ever. */
  readonly keepFor: number;
  readonly compress: boolean;
}

const logFormats: readonly LogFormat[] = ["auto", "raw", "json"];
const lineLevels: readonly LineLevel[] = ["debug", "info", "warn", "error"];
const whenFull: readonly OnFull[] = ["block", "drop"];
const defaultMode = "0600";
const defaultRolling = { size: "100MiB", keep: 10, keepFor: "90d" };
/** Anything smaller would make a file of every few lines. */
const smallestRoll = 1024;
const shortestInterval = 1_000;

/** What makes a file ours to write. */
const managedKeys = [
  "roll",
  "rollSize",
  "rollInterval",
  "rollKeep",
  "rollKeepFor",
  "rollUncompressed",
  "mode",
  "onFull",
] as const;
const logKeys = ["format", "level"] as const;

/**
 * The plan of a stream. `path` is the target's file with its template applied.
 *
 * @param option `redirect_stdout` or `redirect_stderr`, for messages
 * @throws SupervisorError `DEFINITION`
 */
export function planStream(option: string, target: OutputTarget, path: string): StreamPlan {
  const { type } = target;
  if (type === "log") {
    refuse(option, target, ["file", ...managedKeys.filter((key) => key !== "onFull")]);
    return {
      type,
      format: oneOf(option, "format", logFormats, target.format ?? "auto"),
      level: oneOf(option, "level", lineLevels, target.level ?? "info"),
      onFull: onFullOf(option, target),
    };
  }
  if (type !== "file") {
    if (!moduleTargetTypes.includes(type)) {
      throw invalid(
        option,
        `unsupported output target type '${type}', allowed: ${moduleTargetTypes.join(", ")}`,
        "besides these the module's four there is 'log'",
      );
    }
    refuse(option, target, [...managedKeys, ...logKeys]);
    return { type };
  }
  refuse(option, target, logKeys);
  if (path === "") throw invalid(option, "invalid output target, file should be defined");
  if (managedKeys.every((key) => target[key] === undefined)) return { type, path };
  return {
    type: "managed",
    path,
    mode: parseMode(option, target.mode || defaultMode),
    rolling: planRolling(option, target),
    onFull: onFullOf(option, target),
  };
}

function onFullOf(option: string, target: OutputTarget): OnFull {
  return oneOf(option, "on_full", whenFull, target.onFull ?? "block");
}

function planRolling(option: string, target: OutputTarget): RollingPlan | undefined {
  const size = parseSize(option, "roll_size", target.rollSize || defaultRolling.size, smallestRoll);
  const keep = target.rollKeep ?? defaultRolling.keep;
  if (keep < 0) throw invalid(option, `'roll_keep' should be a positive integer, '${keep}' given`);
  const keepFor = milliseconds(option, "roll_keep_for", target.rollKeepFor || defaultRolling.keepFor);
  const interval = target.rollInterval
    ? milliseconds(option, "roll_interval", target.rollInterval, shortestInterval)
    : undefined;
  if (target.roll === false) return undefined;
  return { size, interval, keep, keepFor, compress: !(target.rollUncompressed ?? false) };
}

function parseMode(option: string, text: string): number {
  const mode = /^0?[0-7]{3,4}$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
  // A log file that is set-user-id or executable is a mistake.
  if (mode >= 0 && (mode & ~0o666) === 0) return mode;
  throw invalid(option, `'mode' should be octal read and write rights, '${text}' given`, "write it as 0640");
}

const jsonKeys: Partial<Record<keyof OutputTarget, string>> = {
  rollSize: "roll_size",
  rollInterval: "roll_interval",
  rollKeep: "roll_keep",
  rollKeepFor: "roll_keep_for",
  rollUncompressed: "roll_uncompressed",
  onFull: "on_full",
};

/** A key that this type of target does nothing with would mislead. */
function refuse(option: string, target: OutputTarget, keys: readonly (keyof OutputTarget)[]): void {
  const key = keys.find((name) => target[name] !== undefined && target[name] !== "");
  // The module's own rule: a file that its type does not need is passed over.
  if (key === undefined || (key === "file" && target.type !== "log")) return;
  throw invalid(option, `'${jsonKeys[key] ?? key}' has no meaning for the target '${target.type}'`);
}
