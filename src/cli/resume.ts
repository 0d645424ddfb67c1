import { existsSync } from "node:fs";
import { caddyFolders } from "../caddy/folders.ts";
import type { Logger } from "../logging/logger.ts";
import type { RunFlags } from "./flags.ts";

/** Where `run` begins: what the flags name, or with `--resume` what was saved last, told in Caddy's words. */
export function resumed(
  flags: RunFlags,
  log: Logger,
): { readonly flags: RunFlags; readonly isResumed: boolean } {
  if (!flags.resume) return { flags, isResumed: false };
  const { autosave } = caddyFolders();
  const fields = { autosave_file: autosave };
  if (!existsSync(autosave)) {
    log.log("info", "no autosave file exists", fields);
    return { flags, isResumed: false };
  }
  if (flags.config === undefined) log.log("info", "resuming from last configuration", fields);
  else {
    log.log(
      "warn",
      "--config and --resume flags were used together; ignoring --config and resuming from last configuration",
      fields,
    );
  }
  return { flags: { ...flags, config: autosave, adapter: "json" }, isResumed: true };
}
