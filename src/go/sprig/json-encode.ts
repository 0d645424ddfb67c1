import {
  boundBytes,
  boundDepth,
  findMethod,
  type GoContext,
  GoError,
  GoFunc,
  type GoKey,
  GoMap,
  GoPointer,
  GoScalar,
  GoSlice,
  GoStruct,
  type GoType,
  type GoValue,
  kindOf,
  rawOf,
  signedWidth,
  typeName,
  unsignedWidth,
} from "../values/index.ts";
import { encodeBase64 } from "./base64.ts";
import { jsonFloat, jsonString } from "./json-text.ts";
import { bytesOf } from "./strval.ts";

export interface JsonStyle {
  /** `<`, `>` and `&` as escapes; on in Go unless turned off. */
  readonly escapeHtml: boolean;
  /** Indentation of each level; undefined writes all on one line. */
  readonly indent?: string;
}

/** encoding/json's omitempty: false, 0, nil, or nothing in it. */
function isOmittable(value: GoValue): boolean {
  if (value instanceof GoSlice) return value.items.length === 0;
  if (value instanceof GoMap) return value.entries.size === 0;
  if (value instanceof GoPointer) return value.target === null;
  if (value === null) return true;
  const raw = rawOf(value);
  return raw === false || raw === 0n || raw === 0 || raw === "";
}

function isIntegerKey(type: GoType): boolean {
  return signedWidth(type.kind) !== undefined || unsignedWidth(type.kind) !== undefined;
}

class Encoder {
  readonly #style: JsonStyle;
  readonly #context: GoContext;
  /** Maps, lists and pointers that are being written: one that turns up again holds itself. */
  readonly #open = new Set<unknown>();
  #depth = 0;

  constructor(style: JsonStyle, context: GoContext) {
    this.#style = style;
    this.#context = context;
  }

  encode(value: GoValue): string {
    this.#context.budget.spend(1);
    if (value === null || (value instanceof GoPointer && value.target === null)) return "null";
    const marshalled = this.#marshal(value);
    if (marshalled !== undefined) return marshalled;
    if (value instanceof GoSlice) return this.#slice(value);
    if (value instanceof GoMap) return this.#map(value);
    if (value instanceof GoStruct) return this.#struct(value);
    if (value instanceof GoPointer) return this.#guarded(value, value, () => this.encode(value.target));
    if (value instanceof GoFunc) throw unsupported(value);
    return this.#scalar(value);
  }

  /** Types that write themselves: MarshalJSON, or MarshalText as a string. */
  #marshal(value: GoValue): string | undefined {
    for (const name of ["MarshalJSON", "MarshalText"] as const) {
      const found = findMethod(value, name);
      if (!found) continue;
      try {
        const bytes = bytesOf(found.method.call(found.receiver, [], this.#context)) ?? "";
        return name === "MarshalJSON" ? bytes : jsonString(bytes, this.#style.escapeHtml);
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
        throw new GoError(`json: error calling ${name} for type ${typeName(value)}: ${error.message}`);
      }
    }
    return undefined;
  }

  #scalar(value: GoValue): string {
    const raw = rawOf(value);
    switch (typeof raw) {
      case "string":
        return jsonString(raw, this.#style.escapeHtml);
      case "number":
        return jsonFloat(raw, kindOf(value) === "float32" ? 32 : 64);
      case "bigint":
      case "boolean":
        return String(raw);
      default:
        throw unsupported(value);
    }
  }

  #slice(value: GoSlice): string {
    if (value.isNil) return "null";
    const bytes = bytesOf(value);
    if (bytes !== undefined) return `"${encodeBase64(bytes)}"`;
    return this.#guarded(value.items, value, () =>
      this.#block("[", "]", () => value.items.map((item) => this.encode(item))),
    );
  }

  #map(value: GoMap): string {
    const keyType = value.type.key as GoType;
    if (keyType.kind !== "string" && !isIntegerKey(keyType)) throw unsupported(value);
    if (value.isNil) return "null";
    const entries = [...value.entries].map(([key, item]) => [keyText(key), item] as const);
    entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    return this.#guarded(value.entries, value, () =>
      this.#block("{", "}", () => entries.map(([key, item]) => this.#member(key, item))),
    );
  }

  #struct(value: GoStruct): string {
    const members = (value.type.fields ?? []).flatMap((field, index) => {
      if (!/^[A-Z]/.test(field.name) || field.json === "-") return [];
      const [name = "", ...options] = (field.json ?? "").split(",");
      const item = value.fields[index] ?? null;
      return options.includes("omitempty") && isOmittable(item) ? [] : [[name || field.name, item] as const];
    });
    return this.#block("{", "}", () => members.map(([name, item]) => this.#member(name, item)));
  }

  #member(key: string, value: GoValue): string {
    const separator = this.#style.indent === undefined ? ":" : ": ";
    return jsonString(key, this.#style.escapeHtml) + separator + this.encode(value);
  }

  #block(open: string, close: string, parts: () => readonly string[]): string {
    const { indent } = this.#style;
    boundDepth(++this.#depth);
    const written = parts();
    this.#depth--;
    boundBytes(written.reduce((sum, part) => sum + part.length, 0));
    if (written.length === 0) return open + close;
    if (indent === undefined) return open + written.join(",") + close;
    const newLine = `\n${indent.repeat(this.#depth)}`;
    return `${open}${written.map((part) => newLine + indent + part).join(",")}${newLine}${close}`;
  }

  #guarded(identity: unknown, value: GoValue, write: () => string): string {
    if (this.#open.has(identity))
      throw new GoError(`json: unsupported value: encountered a cycle via ${typeName(value)}`);
    this.#open.add(identity);
    const written = write();
    this.#open.delete(identity);
    return written;
  }
}

function keyText(key: GoKey): string {
  return String(key);
}

function unsupported(value: GoValue): GoError {
  return new GoError(
    `json: unsupported type: ${value instanceof GoScalar ? value.type.name : typeName(value)}`,
  );
}

/**
 * A value as JSON bytes (encoding/json, Marshal): map keys sorted, struct fields by their tags.
 * @throws GoError for values that JSON cannot hold, with Go's text
 */
export function encodeJson(value: GoValue, style: JsonStyle, context: GoContext): string {
  return new Encoder(style, context).encode(value);
}
