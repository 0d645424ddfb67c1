import { SupervisorError } from "../errors.ts";
import type { Definition, DefinitionJson, OutputTarget } from "./definition.ts";

/**
 * The one place where JSON's snake_case becomes TypeScript's camelCase. Decoding follows Go's encoding/json as
 * Caddy uses it (unknown fields refused, keys matched without regard to case, null keeps the default) and gives
 * its error texts.
 */

type FieldKind = "string" | "int" | "strings" | "stringMap" | "target";

interface Field {
  readonly json: keyof DefinitionJson;
  readonly name: keyof Definition;
  readonly kind: FieldKind;
}

const fields: readonly Field[] = [
  { json: "command", name: "command", kind: "strings" },
  { json: "replicas", name: "replicas", kind: "int" },
  { json: "dir", name: "dir", kind: "string" },
  { json: "env", name: "env", kind: "stringMap" },
  { json: "redirect_stdout", name: "redirectStdout", kind: "target" },
  { json: "redirect_stderr", name: "redirectStderr", kind: "target" },
  { json: "restart_policy", name: "restartPolicy", kind: "string" },
  { json: "termination_grace_period", name: "terminationGracePeriod", kind: "string" },
  { json: "user", name: "user", kind: "string" },
  { json: "stop_signal", name: "stopSignal", kind: "string" },
];

const goTypes: Readonly<Record<FieldKind, string>> = {
  string: "string",
  int: "int",
  strings: "[]string",
  stringMap: "map[string]string",
  target: "supervisor.OutputTarget",
};

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value;
}

function mismatch(value: unknown, struct: string, path: string, goType: string): SupervisorError {
  const shown = typeof value === "number" && goType === "int" ? `number ${value}` : jsonKind(value);
  return new SupervisorError(
    "JSON_CONFIG",
    `json: cannot unmarshal ${shown} into Go struct field ${struct}.${path} of type ${goType}`,
  );
}

function unknownField(name: string): SupervisorError {
  return new SupervisorError("JSON_CONFIG", `json: unknown field ${JSON.stringify(name)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stringAt(value: unknown, struct: string, path: string): string {
  if (value === null) return "";
  if (typeof value !== "string") throw mismatch(value, struct, path, "string");
  return value;
}

const targetFields: readonly string[] = ["type", "file"];

function targetAt(value: unknown, path: string): OutputTarget {
  if (!isObject(value)) throw mismatch(value, "Definition", path, goTypes.target);
  const target: Record<string, string> = {};
  for (const [key, entry] of Object.entries(value)) {
    const field = targetFields.find((name) => name === key.toLowerCase());
    if (field === undefined) throw unknownField(key);
    target[field] = stringAt(entry, "OutputTarget", `${path}.${field}`);
  }
  // The type is checked where the definition is (options.ts): here any word is still possible.
  return { type: "", ...target } as unknown as OutputTarget;
}

const decoders: Readonly<Record<FieldKind, (value: unknown, path: string) => unknown>> = {
  string: (value, path) => stringAt(value, "Definition", path),
  int(value, path) {
    if (typeof value !== "number" || !Number.isInteger(value))
      throw mismatch(value, "Definition", path, "int");
    return value;
  },
  strings(value, path) {
    if (!Array.isArray(value)) throw mismatch(value, "Definition", path, goTypes.strings);
    return value.map((entry) => stringAt(entry, "Definition", path));
  },
  stringMap(value, path) {
    if (!isObject(value)) throw mismatch(value, "Definition", path, goTypes.stringMap);
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, stringAt(entry, "Definition", path)]),
    );
  },
  target: targetAt,
};

/**
 * A definition from its JSON form.
 *
 * @throws SupervisorError `JSON_CONFIG` with encoding/json's text, for example
 * `json: cannot unmarshal string into Go struct field Definition.supervise.replicas of type int`
 */
export function definitionFromJson(json: unknown): Definition {
  return decode(json, (key) => fields.find(({ json: name }) => name === key.toLowerCase()));
}

/**
 * A definition as a program gives it, in either spelling. What a type checker would have refused is refused here too.
 *
 * @throws SupervisorError `JSON_CONFIG`
 */
export function definitionFrom(given: Definition | DefinitionJson): Definition {
  return decode(given, (key) => fields.find(({ json, name }) => json === key || name === key));
}

function decode(given: unknown, fieldOf: (key: string) => Field | undefined): Definition {
  if (!isObject(given)) {
    throw new SupervisorError(
      "JSON_CONFIG",
      `json: cannot unmarshal ${jsonKind(given)} into Go struct field App.supervise of type supervisor.Definition`,
    );
  }
  const definition: Record<string, unknown> = { command: [] };
  for (const [key, value] of Object.entries(given)) {
    const field = fieldOf(key);
    if (field === undefined) throw unknownField(key);
    if (value === null || value === undefined) continue;
    definition[field.name] = decoders[field.kind](value, `supervise.${field.json}`);
  }
  return definition as unknown as Definition;
}

/**
 * The definitions of an `apps.supervisor` object.
 *
 * @throws SupervisorError `JSON_CONFIG`
 */
export function definitionsFromApp(app: unknown): Definition[] {
  if (!isObject(app)) {
    throw new SupervisorError(
      "JSON_CONFIG",
      `json: cannot unmarshal ${jsonKind(app)} into Go value of type supervisor.App`,
    );
  }
  for (const key of Object.keys(app)) if (key.toLowerCase() !== "supervise") throw unknownField(key);
  const supervise = Object.values(app)[0] ?? [];
  if (!Array.isArray(supervise)) {
    throw new SupervisorError(
      "JSON_CONFIG",
      `json: cannot unmarshal ${jsonKind(supervise)} into Go struct field App.supervise of type []supervisor.Definition`,
    );
  }
  return supervise.map(definitionFromJson);
}
