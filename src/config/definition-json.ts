import { SupervisorError } from "../errors.ts";
import type { Definition, DefinitionJson } from "./definition.ts";
import { definitionFields, type Field, type FieldType, type Struct } from "./fields.ts";
import { withoutIds } from "./object-ids.ts";

/**
 * The one place where JSON's snake_case becomes TypeScript's camelCase. Decoding follows Go's encoding/json as
 * Caddy uses it (unknown fields refused, keys matched without regard to case, null keeps the default) and gives
 * its error texts.
 */

type FieldOf = (key: string, fields: readonly Field[]) => Field | undefined;

const byJsonKey: FieldOf = (key, fields) => fields.find(({ json }) => json === key.toLowerCase());
const byEitherKey: FieldOf = (key, fields) => fields.find(({ json, name }) => json === key || name === key);

/**
 * A definition from its JSON form.
 *
 * @throws SupervisorError `JSON_CONFIG` with encoding/json's text, for example
 * `json: cannot unmarshal string into Go struct field Definition.supervise.replicas of type int`
 */
export function definitionFromJson(json: unknown): Definition {
  return decodeDefinition(json, byJsonKey);
}

/**
 * A definition as a program gives it, in either spelling. What a type checker would have refused is refused here too.
 *
 * @throws SupervisorError `JSON_CONFIG`
 */
export function definitionFrom(given: Definition | DefinitionJson): Definition {
  return decodeDefinition(given, byEitherKey);
}

/**
 * The definitions of an `apps.supervisor` object; its `@id` fields are for the admin API and are left out.
 *
 * @throws SupervisorError `JSON_CONFIG`
 */
export function definitionsFromApp(given: unknown): Definition[] {
  const app = withoutIds(given);
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

function decodeDefinition(given: unknown, fieldOf: FieldOf): Definition {
  if (!isObject(given)) {
    throw new SupervisorError(
      "JSON_CONFIG",
      `json: cannot unmarshal ${jsonKind(given)} into Go struct field App.supervise of type supervisor.Definition`,
    );
  }
  const decoded = decodeObject(given, { struct: definitionFields, path: "supervise", fieldOf });
  return { command: [], ...decoded } as unknown as Definition;
}

interface Place {
  readonly struct: Struct;
  /** Of the struct itself, in JSON's keys. */
  readonly path: string;
  readonly fieldOf: FieldOf;
}

function decodeObject(given: Record<string, unknown>, place: Place): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const field = place.fieldOf(key, place.struct.fields);
    if (field === undefined) throw unknownField(key);
    if (value === null || value === undefined) continue;
    decoded[field.name] = decodeValue(value, field.type, { ...place, path: `${place.path}.${field.json}` });
  }
  return decoded;
}

function decodeValue(value: unknown, type: FieldType, place: Place): unknown {
  const refuse = (): never => {
    throw mismatch(value, place, goType(type));
  };
  if (typeof type !== "string") {
    const [struct, isList] = "fields" in type ? [type, false] : [type[0], true];
    const one = (entry: unknown): unknown => {
      if (!isObject(entry)) throw mismatch(entry, place, goType(type));
      // Whether a target's type is known is checked where the definition is (options.ts): here any word is possible.
      const start = struct.name === "OutputTarget" ? { type: "" } : {};
      return { ...start, ...decodeObject(entry, { ...place, struct }) };
    };
    if (!isList) return one(value);
    return Array.isArray(value) ? value.map(one) : refuse();
  }
  if (type === "strings" || type === "ints") {
    if (!Array.isArray(value)) return refuse();
    const entry = type === "strings" ? "string" : "int";
    return value.map((item: unknown) => scalar(item, entry, place));
  }
  if (type === "stringMap") {
    if (!isObject(value)) return refuse();
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, scalar(item, "string", place)]),
    );
  }
  return scalar(value, type, place);
}

type ScalarType = "string" | "int" | "float" | "bool";

const zeroes: Readonly<Record<ScalarType, unknown>> = { string: "", int: 0, float: 0, bool: false };
const scalarChecks: Readonly<Record<ScalarType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  int: Number.isInteger,
  float: (value) => typeof value === "number",
  bool: (value) => typeof value === "boolean",
};

function scalar(value: unknown, type: ScalarType, place: Place): unknown {
  if (value === null) return zeroes[type];
  if (!scalarChecks[type](value)) throw mismatch(value, place, goType(type));
  return value;
}

const goTypes = {
  string: "string",
  int: "int",
  float: "float64",
  bool: "bool",
  strings: "[]string",
  ints: "[]int",
  stringMap: "map[string]string",
} as const;

function goType(type: FieldType): string {
  if (typeof type === "string") return goTypes[type];
  return "fields" in type ? `supervisor.${type.name}` : `[]supervisor.${type[0].name}`;
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value;
}

function mismatch(value: unknown, { struct, path }: Place, type: string): SupervisorError {
  const shown = typeof value === "number" && type === "int" ? `number ${value}` : jsonKind(value);
  return new SupervisorError(
    "JSON_CONFIG",
    `json: cannot unmarshal ${shown} into Go struct field ${struct.name}.${path} of type ${type}`,
  );
}

function unknownField(name: string): SupervisorError {
  return new SupervisorError("JSON_CONFIG", `json: unknown field ${JSON.stringify(name)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
