/**
 * The keys of a definition in JSON and in TypeScript, and of which type Go would say they are. Decoding, error texts and
 * the order of keys all come from these tables.
 */

export type FieldType =
  | "string"
  | "int"
  | "float"
  | "bool"
  | "strings"
  | "ints"
  | "stringMap"
  | Struct
  | readonly [Struct];

/** An object of known keys. A type in brackets is a list of such objects. */
export interface Struct {
  /** As Go would call it. */
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly json: string;
  readonly name: string;
  readonly type: FieldType;
}

function field(json: string, type: FieldType): Field {
  return { json, name: json.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), type };
}

const outputTarget: Struct = {
  name: "OutputTarget",
  fields: [
    field("type", "string"),
    field("file", "string"),
    field("roll", "bool"),
    field("roll_size", "string"),
    field("roll_interval", "string"),
    field("roll_keep", "int"),
    field("roll_keep_for", "string"),
    field("roll_uncompressed", "bool"),
    field("mode", "string"),
    field("format", "string"),
    field("level", "string"),
    field("on_full", "string"),
  ],
};

const backoff: Struct = {
  name: "Backoff",
  fields: [
    field("initial", "string"),
    field("max", "string"),
    field("multiplier", "float"),
    field("reset_after", "string"),
    field("jitter", "float"),
  ],
};

const restartLimit: Struct = {
  name: "RestartLimit",
  fields: [field("restarts", "int"), field("within", "string")],
};

const stopSignalStep: Struct = {
  name: "StopSignalStep",
  fields: [field("signal", "string"), field("wait", "string")],
};

/** First the module's keys in the order of its Go struct, then our own. */
export const definitionFields: Struct = {
  name: "Definition",
  fields: [
    field("command", "strings"),
    field("replicas", "int"),
    field("dir", "string"),
    field("env", "stringMap"),
    field("redirect_stdout", outputTarget),
    field("redirect_stderr", outputTarget),
    field("restart_policy", "string"),
    field("termination_grace_period", "string"),
    field("user", "string"),
    field("stop_signal", "string"),
    field("name", "string"),
    field("group", "string"),
    field("umask", "string"),
    field("limits", "stringMap"),
    field("nice", "int"),
    field("no_new_privileges", "bool"),
    field("env_file", "strings"),
    field("clear_env", "strings"),
    field("backoff", backoff),
    field("restart_limit", restartLimit),
    field("success_exit_codes", "ints"),
    field("essential", "bool"),
    field("stop_command", "strings"),
    field("stop_signals", [stopSignalStep]),
  ],
};
