import { type Dispenser, located } from "../caddyfile/dispenser.ts";
import { type Token, tokenPlace } from "../caddyfile/token.ts";
import { SupervisorError } from "../errors.ts";
import type { Definition, DefinitionJson } from "./definition.ts";
import { definitionFrom } from "./definition-json.ts";
import { planKeptVariables } from "./kept-variables.ts";
import { planStream } from "./output-plan.ts";
import { processName } from "./process-name.ts";
import { readBlock } from "./read-block.ts";
import { planRestarts } from "./restart-plan.ts";
import { planRights, resourceNames } from "./rights-plan.ts";
import { planStop } from "./stop-plan.ts";

/** The options that the Go module has not: how each is read, and what tells whether its value can be run. */

export type Draft = { -readonly [Key in keyof DefinitionJson]: DefinitionJson[Key] };

interface OwnOption {
  read(d: Dispenser, draft: Draft): void;
  check(definition: Definition): unknown;
}

const anything = () => {};

/** An option of one word. */
function text(key: "name" | "group" | "umask", check: OwnOption["check"] = anything): OwnOption {
  return {
    read: (d, draft) => {
      draft[key] = oneArg(d);
    },
    check,
  };
}

/** An option that is on when it is named. */
function flag(key: "no_new_privileges" | "essential"): OwnOption {
  return {
    read: (_, draft) => {
      draft[key] = true;
    },
    check: anything,
  };
}

export const ownOptions: Readonly<Record<string, OwnOption>> = {
  name: text("name", processName),
  group: text("group"),
  umask: text("umask", planRights),
  limits: {
    read: (d, draft) => {
      const readers = Object.fromEntries(resourceNames.map((resource) => [resource, oneArg]));
      draft.limits = readBlock(d, "limits", readers) as Record<string, string>;
    },
    check: planRights,
  },
  nice: {
    read: (d, draft) => {
      draft.nice = whole(d);
    },
    check: planRights,
  },
  no_new_privileges: flag("no_new_privileges"),
  env_file: {
    read: (d, draft) => {
      draft.env_file = [...(draft.env_file ?? []), oneArg(d), ...d.remainingArgs()];
    },
    check: anything,
  },
  clear_env: {
    read: (d, draft) => {
      draft.clear_env = [...(draft.clear_env ?? []), ...d.remainingArgs()];
    },
    check: planKeptVariables,
  },
  backoff: {
    read: (d, draft) => {
      draft.backoff = readBlock(d, "backoff", {
        initial: oneArg,
        max: oneArg,
        multiplier: decimal,
        reset_after: oneArg,
        jitter: decimal,
      });
    },
    check: planRestarts,
  },
  restart_limit: {
    read: (d, draft) => {
      const restarts = whole(d);
      const [word, within] = d.args(2) ?? d.fail(d.argErr());
      if (word !== "within") throw d.errf("'restart_limit' should be N within DURATION", "CADDYFILE_OPTION");
      draft.restart_limit = { restarts, within: within ?? "" };
    },
    check: planRestarts,
  },
  success_exit_codes: {
    read: (d, draft) => {
      const codes = [whole(d)];
      while (d.nextArg()) codes.push(wholeOf(d, d.val()));
      draft.success_exit_codes = codes;
    },
    check: planRestarts,
  },
  essential: flag("essential"),
  stop_command: {
    read: (d, draft) => {
      draft.stop_command = [oneArg(d), ...d.remainingArgs()];
    },
    check: anything,
  },
  stop_signals: {
    read: (d, draft) => {
      draft.stop_signals = steps([oneArg(d), ...d.remainingArgs()]);
    },
    check: (definition) => planStop(definition, { signal: 0, wait: 0 }),
  },
};

/** The blocks of the two targets that may have one. */
const targetBlocks: Readonly<Record<string, Readonly<Record<string, (d: Dispenser) => unknown>>>> = {
  file: {
    roll_size: oneArg,
    roll_interval: oneArg,
    roll_keep: whole,
    roll_keep_for: oneArg,
    roll_uncompressed: () => true,
    roll_disabled: () => true,
    mode: oneArg,
    on_full: oneArg,
  },
  log: { format: oneArg, level: oneArg, on_full: oneArg },
};

type RedirectOption = "redirect_stdout" | "redirect_stderr";

/** Reads the block behind a target, if there is one. Of a file, even an empty one says that we are to write it. */
export function readTargetBlock(d: Dispenser, option: RedirectOption, draft: Draft): void {
  const target = draft[option];
  const readers = targetBlocks[target?.type ?? ""];
  if (target === undefined || readers === undefined) return;
  const before = d.token();
  const { roll_disabled, ...values } = readBlock(d, option, readers);
  if (d.token() === before) return;
  draft[option] =
    target.type === "file" ? { ...target, roll: !roll_disabled, ...values } : { ...target, ...values };
}

/** Tells what is wrong with a target's block. */
export function checkTarget(option: RedirectOption, definition: Definition): void {
  const target = option === "redirect_stdout" ? definition.redirectStdout : definition.redirectStderr;
  if (target !== undefined) planStream(option, target, target.file ?? "");
}

/**
 * Checks an option with what is read so far.
 *
 * @throws SupervisorError `CADDYFILE_OPTION` at the option's name
 */
export function checkAt(token: Token, draft: Draft, check: (definition: Definition) => unknown): void {
  try {
    check(definitionFrom(draft));
  } catch (error) {
    if (!(error instanceof SupervisorError)) throw error;
    throw new SupervisorError("CADDYFILE_OPTION", error.message + located(token), {
      place: tokenPlace(token),
      hint: error.hint,
      cause: error,
    });
  }
}

function oneArg(d: Dispenser): string {
  const [value] = d.args(1) ?? d.fail(d.argErr());
  return value!;
}

function whole(d: Dispenser): number {
  const name = d.val();
  return wholeOf(d, oneArg(d), name);
}

function wholeOf(d: Dispenser, text: string, name = "success_exit_codes"): number {
  if (/^[+-]?[0-9]{1,9}$/.test(text)) return Number(text);
  throw d.errf(`'${name}' should be an integer, '${text}' given`, "CADDYFILE_OPTION");
}

function decimal(d: Dispenser): number {
  const name = d.val();
  const text = oneArg(d);
  if (/^[0-9]*\.?[0-9]+$/.test(text)) return Number(text);
  throw d.errf(`'${name}' should be a number, '${text}' given`, "CADDYFILE_OPTION", "write it as 2 or 0.5");
}

/** `SIGTERM 10s SIGQUIT`: a word that begins like a number with a unit is the wait of the signal before it. */
function steps(words: readonly string[]): { signal: string; wait?: string }[] {
  const read: { signal: string; wait?: string }[] = [];
  for (const word of words) {
    const last = read.at(-1);
    const isWait = /^[0-9.]+[a-z\u00b5\u03bc]/.test(word);
    if (isWait && last !== undefined && last.wait === undefined) last.wait = word;
    else read.push({ signal: word });
  }
  return read;
}
