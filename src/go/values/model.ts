/** reflect.Kind, spelled as Kind.String() prints it (a pointer's kind is "ptr"). */
export type GoKind =
  | "bool"
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "uintptr"
  | "float32"
  | "float64"
  | "complex64"
  | "complex128"
  | "string"
  | "interface"
  | "slice"
  | "array"
  | "map"
  | "struct"
  | "ptr"
  | "func"
  | "chan";

/** A Go type. Unnamed types are interned: two types are identical exactly when they are the same object. */
export interface GoType {
  readonly kind: GoKind;
  /** As %T prints it: `[]interface {}`, `time.Duration`, `*semver.Version`. */
  readonly name: string;
  /** Of slices, arrays, pointers, maps and channels. */
  readonly elem?: GoType;
  /** Of maps. */
  readonly key?: GoType;
  /** Of arrays. */
  readonly length?: number;
  /** Of structs, in order; a lower-case name is unexported. */
  readonly fields?: readonly GoField[];
  /** Methods by name; those of a pointer type come besides its element's. */
  readonly methods?: ReadonlyMap<string, GoMethod>;
}

export interface GoField {
  readonly name: string;
  readonly type: GoType;
  /** The json tag, such as `type,omitempty`; without one the name is the key. */
  readonly json?: string;
}

/** A method; `call` gets the receiver first. Signatures are Go text without the receiver. */
export interface GoMethod {
  readonly name: string;
  /** For example `func(time.Duration) time.Duration`; results as in a function entry. */
  readonly signature: string;
  /** Types that the signature names beyond the predeclared ones. */
  readonly types?: readonly GoType[];
  call(receiver: GoValue, args: readonly GoValue[], context: GoContext): GoValue;
}

/**
 * Any value that a template can hold. The commonest four are plain JavaScript: `string` (bytes, see bytes.ts),
 * `bigint` (Go int), `number` (float64), `boolean`; `null` is an untyped nil. All others carry their type.
 */
export type GoValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | GoScalar
  | GoSlice
  | GoMap
  | GoStruct
  | GoPointer
  | GoFunc;

export interface Complex {
  readonly real: number;
  readonly imaginary: number;
}

/** What a {@link GoScalar} holds, by the kind of its type: integers bigint, floats number, and so on. */
export type GoRaw = boolean | bigint | number | string | Complex;

/** A scalar that is not a plain bool, int, float64 or string: another width, or a named type. */
export class GoScalar {
  readonly type: GoType;
  readonly value: GoRaw;

  constructor(type: GoType, value: GoRaw) {
    this.type = type;
    this.value = value;
  }
}

/** A slice (or an array, by its type). Items are never written to: templates have no means to. */
export class GoSlice {
  readonly type: GoType;
  readonly items: readonly GoValue[];
  readonly isNil: boolean;

  constructor(type: GoType, items: readonly GoValue[], isNil = false) {
    this.type = type;
    this.items = items;
    this.isNil = isNil;
  }
}

/** A map's key: the bare value of the key type (strings are bytes). */
export type GoKey = string | bigint | number | boolean;

/** A map, shared by reference as in Go: writing to `entries` is seen by all holders. */
export class GoMap {
  readonly type: GoType;
  readonly entries: Map<GoKey, GoValue>;
  readonly isNil: boolean;

  constructor(type: GoType, entries: Map<GoKey, GoValue>, isNil = false) {
    this.type = type;
    this.entries = entries;
    this.isNil = isNil;
  }
}

/** A struct. `native` is what the methods of its type work on, out of a template's sight. */
export class GoStruct<Native = unknown> {
  readonly type: GoType;
  /** In the order of the type's fields. */
  readonly fields: readonly GoValue[];
  readonly native: Native;

  constructor(type: GoType, fields: readonly GoValue[], native: Native) {
    this.type = type;
    this.fields = fields;
    this.native = native;
  }
}

/** A pointer; `target` is null for a nil pointer, which keeps its type. */
export class GoPointer {
  readonly type: GoType;
  readonly target: GoValue;

  constructor(type: GoType, target: GoValue) {
    this.type = type;
    this.target = target;
  }
}

/** A function value, as `call` takes it. */
export class GoFunc {
  readonly type: GoType;
  readonly entry: GoFunctionEntry;

  constructor(entry: GoFunctionEntry) {
    this.type = { kind: "func", name: entry.signature.replaceAll(/\bany\b/g, "interface {}") };
    this.entry = entry;
  }
}

/** The steps that an execution may still take, of about a microsecond each. */
export interface StepBudget {
  /** @returns whether the steps were left */
  take(steps: number): boolean;
  /** @throws GoError when the steps are not left */
  spend(steps: number): void;
}

/** What a function may know of the world. Nothing else is reached for. */
export interface GoContext {
  /** The environment; names and values are byte strings. */
  readonly env: ReadonlyMap<string, string>;
  /** The clock: nanoseconds since 1970. */
  readonly now: () => bigint;
  /** IANA name of the local time zone (`UTC`, `Europe/Berlin`). */
  readonly timeZone: string;
  /** What the execution may still cost. Functions whose work no argument's size tells spend as they go. */
  readonly budget: StepBudget;
}

/**
 * A function that templates can call. The engine reads the signature once and hands over checked arguments:
 * one per parameter, a variadic's one by one, each of the declared type (`any` takes all). A plain JavaScript
 * throw of {@link GoError} is the `error` result or a panic: both show as `error calling NAME: MESSAGE`.
 */
export interface GoFunctionEntry {
  readonly name: string;
  /** Go text, for example `func(string, ...any) (string, error)`. */
  readonly signature: string;
  /** Types that the signature names beyond the predeclared ones and time.Duration. */
  readonly types?: readonly GoType[];
  call(args: readonly GoValue[], context: GoContext): GoValue;
}

/** A Go error, or a recovered panic (`runtime error: …`). The message is a byte string. */
export class GoError extends Error {
  override get name(): string {
    return "GoError";
  }
}
