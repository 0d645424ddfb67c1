import { BoundError, boundDepth } from "../values/bounds.ts";
import { Budget } from "../values/budget.ts";
import { integerOf, keyValue, rawOf, typeName, typeOf } from "../values/construct.ts";
import { findMethod } from "../values/methods.ts";
import {
  type GoContext,
  GoError,
  GoFunc,
  GoMap,
  GoPointer,
  type GoRaw,
  GoSlice,
  GoStruct,
  type GoType,
  type GoValue,
} from "../values/model.ts";
import { sortedKeys } from "../values/sorted-keys.ts";
import { signedWidth } from "../values/types.ts";
import { type Formatted, formatComplex, formatFloating, formatInteger, hexNumber } from "./numbers.ts";
import { pad, type Spec } from "./spec.ts";
import { formatString } from "./strings.ts";

/** What a String method may know of the world: nothing. */
const nowhere: GoContext = { env: new Map(), now: () => 0n, timeZone: "UTC", budget: new Budget(Infinity) };

/** Go prints real addresses, which differ from run to run; this one is as good as any. */
const address = 0xc000010000n;

/** What one operand may cost: bytes, and a few for each element. Values that share parts can unfold beyond memory. */
const maximumCost = 32 * 1024 * 1024;
const elementCost = 16;

/** How deep in a value, and whether a verb already failed (then methods are left alone). */
interface Position {
  readonly depth: number;
  readonly erroring: boolean;
  readonly spent: { cost: number };
}

function start(erroring: boolean): Position {
  return { depth: 0, erroring, spent: { cost: 0 } };
}

/** `%!d(string=a)` */
function badVerb(value: GoValue, spec: Spec, verb: string): string {
  if (value === null) return `%!${verb}(<nil>)`;
  return `%!${verb}(${typeName(value)}=${print(value, spec, "v", start(true))})`;
}

/** The text of a value's GoString, Error or String method, where the verb calls for one (fmt.handleMethods). */
function methodText(value: GoValue, spec: Spec, verb: string): Formatted {
  const names = spec.sharpV ? ["GoString"] : /^[vsxXq]$/.test(verb) ? ["Error", "String"] : [];
  for (const name of names) {
    const bound = findMethod(value, name);
    if (bound?.method.signature !== "func() string") continue;
    if (bound.receiver === null || (value instanceof GoPointer && value.target === null))
      return pad(spec, "<nil>");
    try {
      const text = String(bound.method.call(bound.receiver, [], nowhere));
      return spec.sharpV ? formatString(text, spec, "s") : formatString(text, spec, verb);
    } catch (error) {
      if (error instanceof GoError) return `%!${verb}(PANIC=${name} method: ${error.message})`;
      throw error;
    }
  }
  return undefined;
}

function formatRaw(raw: GoRaw, type: GoType, spec: Spec, verb: string): Formatted {
  switch (typeof raw) {
    case "string":
      return formatString(raw, spec, verb);
    case "bigint":
      return formatInteger(raw, signedWidth(type.kind) !== undefined, spec, verb);
    case "number":
      return formatFloating(raw, type.kind === "float32" ? 32 : 64, spec, verb);
    case "boolean":
      return verb === "t" || verb === "v" ? pad(spec, String(raw)) : undefined;
    default:
      return formatComplex(raw, type.kind === "complex64" ? 32 : 64, spec, verb);
  }
}

/** Elements between brackets, in Go syntax or plain. */
function enclosed(type: GoType, items: readonly string[], spec: Spec, open: string, close: string): string {
  return spec.sharpV ? `${type.name}{${items.join(", ")}}` : open + items.join(" ") + close;
}

function formatSlice(value: GoSlice, spec: Spec, verb: string, at: Position): string {
  if (value.type.elem?.kind === "uint8" && /^[sqxX]$/.test(verb)) {
    const bytes = value.items.map((item) => String.fromCharCode(Number(integerOf(item) ?? 0n))).join("");
    return formatString(bytes, spec, verb) ?? "";
  }
  if (spec.sharpV && value.isNil) return `${value.type.name}(nil)`;
  const items = value.items.map((item) => printElement(item, value.type.elem, spec, verb, at));
  return enclosed(value.type, items, spec, "[", "]");
}

function formatMap(value: GoMap, spec: Spec, verb: string, at: Position): string {
  if (spec.sharpV && value.isNil) return `${value.type.name}(nil)`;
  const items = sortedKeys(value).map((key) => {
    const item = printElement(value.entries.get(key) ?? null, value.type.elem, spec, verb, at);
    return `${printElement(keyValue(value, key), value.type.key, spec, verb, at)}:${item}`;
  });
  return enclosed(value.type, items, spec, "map[", "]");
}

function formatStruct(value: GoStruct, spec: Spec, verb: string, at: Position): string {
  const items = (value.type.fields ?? []).map((field, index) => {
    const text = printElement(value.fields[index] ?? null, field.type, spec, verb, at);
    return spec.plusV || spec.sharpV ? `${field.name}:${text}` : text;
  });
  return enclosed(value.type, items, spec, "{", "}");
}

function formatAddress(value: GoPointer | GoFunc, spec: Spec, verb: string): Formatted {
  const isNil = value instanceof GoPointer && value.target === null;
  const location = isNil ? 0n : address;
  if (verb === "v" && spec.sharpV)
    return `(${value.type.name})(${isNil ? "nil" : hexNumber(location, spec, true)})`;
  if (verb === "v" && isNil) return pad(spec, "<nil>");
  if (verb === "v" || verb === "p") return hexNumber(location, spec, !spec.sharp);
  return /^[bodxX]$/.test(verb) ? formatInteger(location, false, spec, verb) : undefined;
}

/** A value inside another: its methods count again, and a nil in an interface shows as `<nil>`. */
function printElement(
  value: GoValue,
  declared: GoType | undefined,
  spec: Spec,
  verb: string,
  at: Position,
): string {
  boundDepth(at.depth);
  if (value === null) return spec.sharpV ? `${declared?.name ?? "interface {}"}(nil)` : "<nil>";
  const text = print(value, spec, verb, { ...at, depth: at.depth + 1 });
  at.spent.cost += elementCost + text.length;
  if (at.spent.cost > maximumCost) throw new BoundError("value is too large to be printed");
  return text;
}

function print(value: GoValue, spec: Spec, verb: string, at: Position): string {
  const type = typeOf(value);
  if (value === null || type === undefined)
    return verb === "v" ? pad(spec, "<nil>") : badVerb(value, spec, verb);
  if (!at.erroring && (type.methods !== undefined || value instanceof GoPointer)) {
    const text = methodText(value, spec, verb);
    if (text !== undefined) return text;
  }
  if (value instanceof GoSlice) return formatSlice(value, spec, verb, at);
  if (value instanceof GoMap) return formatMap(value, spec, verb, at);
  if (value instanceof GoStruct) return formatStruct(value, spec, verb, at);
  if (value instanceof GoPointer && at.depth === 0 && isComposite(value.target))
    return `&${print(value.target, spec, verb, { ...at, depth: 1 })}`;
  const raw = rawOf(value);
  const text =
    value instanceof GoPointer || value instanceof GoFunc
      ? formatAddress(value, spec, verb)
      : raw === undefined
        ? undefined
        : formatRaw(raw, type, spec, verb);
  return text ?? badVerb(value, spec, verb);
}

function isComposite(value: GoValue): boolean {
  return value instanceof GoSlice || value instanceof GoMap || value instanceof GoStruct;
}

/**
 * One operand under a verb (fmt.printArg).
 * @throws BoundError for values that are nested too deep or unfold too large
 */
export function formatValue(value: GoValue, spec: Spec, verb: string): string {
  if (verb === "T") return formatString(typeName(value), spec, "s") ?? "";
  if (verb === "p" && (value instanceof GoSlice || value instanceof GoMap))
    return hexNumber(value.isNil ? 0n : address, spec, !spec.sharp);
  if (verb === "p" && !(value instanceof GoPointer || value instanceof GoFunc))
    return badVerb(value, spec, verb);
  return print(value, spec, verb, start(false));
}
