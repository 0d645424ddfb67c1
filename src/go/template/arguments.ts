import { scalar, zeroOf } from "../values/construct.ts";
import { GoPointer, type GoType } from "../values/model.ts";
import { signedWidth, unsignedWidth } from "../values/types.ts";
import { type Node, type NumberNode, nodeText } from "./nodes.ts";
import { Interfaced, type Reflected, reflectedType, reflectedTypeOf } from "./reflected.ts";

/** Raises a message as an execution error at the current node. */
export type Fail = (message: string) => never;

/** Whether a nil may be given for the type. */
function canBeNil(type: GoType): boolean {
  return type === reflectedType || ["chan", "func", "interface", "map", "ptr", "slice"].includes(type.kind);
}

/** The nil of a type that can be nil; the parameter then gets a typed nil. */
export function nilAs(type: GoType, fail: Fail): Reflected {
  if (!canBeNil(type)) return fail(`cannot assign nil to ${type.name}`);
  return type === reflectedType ? null : zeroOf(type);
}

/** Fits a value to a parameter (exec.validateType): as it is, out of its interface, or through one pointer. */
export function conform(value: Reflected, type: GoType, fail: Fail): Reflected {
  if (type === reflectedType) return value;
  if (value === null) return canBeNil(type) ? zeroOf(type) : fail(`invalid value; expected ${type.name}`);
  const actual = reflectedTypeOf(value);
  if (actual === type || type.kind === "interface") return value;
  const inner = value instanceof Interfaced && value.value !== null ? value.value : value;
  const innerType = reflectedTypeOf(inner);
  if (innerType === type) return inner;
  if (inner instanceof GoPointer && inner.type.elem === type) {
    return inner.target ?? fail(`dereference of nil pointer of type ${type.name}`);
  }
  return fail(`wrong type for value; expected ${type.name}; got ${innerType?.name}`);
}

/** How literals are checked against the kind of a parameter: what is wanted, and the value if it fits. */
function literalOf(
  kind: GoType["kind"],
): readonly [string, (node: Node) => Reflected | undefined] | undefined {
  const number =
    (pick: (literal: NumberNode["number"]) => bigint | number | object | undefined) => (node: Node) =>
      node.type === "number" ? (pick(node.number) as Reflected | undefined) : undefined;
  if (kind === "string") return ["string", (node) => (node.type === "string" ? node.value : undefined)];
  if (kind === "bool") return ["bool", (node) => (node.type === "bool" ? node.value : undefined)];
  if (signedWidth(kind) !== undefined) return ["integer", number(({ integer }) => integer)];
  if (unsignedWidth(kind) !== undefined) return ["unsigned integer", number(({ unsigned }) => unsigned)];
  if (kind === "float32" || kind === "float64") return ["float", number(({ float }) => float)];
  if (kind === "complex64" || kind === "complex128") return ["complex", number(({ complex }) => complex)];
  return undefined;
}

/** A literal as an argument of the given type, which is no interface. */
export function literalArgument(node: Node, type: GoType, fail: Fail): Reflected {
  const reader = literalOf(type.kind);
  if (!reader) return fail(`can't handle ${nodeText(node)} for arg of type ${type.name}`);
  const [wanted, read] = reader;
  const raw = read(node);
  if (raw === undefined) return fail(`expected ${wanted}; found ${nodeText(node)}`);
  return scalar(type, raw as Parameters<typeof scalar>[1]);
}
