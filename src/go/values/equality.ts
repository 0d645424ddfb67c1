import { boundDepth } from "./bounds.ts";
import { Budget } from "./budget.ts";
import { rawOf, typeOf } from "./construct.ts";
import {
  type Complex,
  GoMap,
  GoPointer,
  type GoRaw,
  GoSlice,
  GoStruct,
  type GoValue,
  type StepBudget,
} from "./model.ts";

function sameComplex(left: Complex, right: Complex): boolean {
  return left.real === right.real && left.imaginary === right.imaginary;
}

/** Go's == of two bare scalars of one type. */
export function sameRaw(left: GoRaw | undefined, right: GoRaw | undefined): boolean {
  return typeof left === "object" && typeof right === "object" ? sameComplex(left, right) : left === right;
}

/** Pairs of composites that are being compared, or were: they count as equal, so that cycles end. */
class Visited {
  private readonly pairs = new Map<object, Set<object>>();
  private readonly budget: StepBudget;
  depth = 0;

  constructor(budget: StepBudget) {
    this.budget = budget;
  }

  /** @returns whether the pair is new */
  add(left: object, right: object): boolean {
    this.budget.spend(1);
    const partners = this.pairs.get(left) ?? new Set();
    if (partners.has(right)) return false;
    this.pairs.set(left, partners.add(right));
    return true;
  }
}

function sameItems(left: readonly GoValue[], right: readonly GoValue[], visited: Visited): boolean {
  return (
    left.length === right.length && left.every((item, index) => sameDeep(item, right[index] ?? null, visited))
  );
}

function sameEntries(left: GoMap, right: GoMap, visited: Visited): boolean {
  if (left.entries.size !== right.entries.size) return false;
  for (const [key, value] of left.entries) {
    const other = right.entries.get(key);
    if (other === undefined || !sameDeep(value, other, visited)) return false;
  }
  return true;
}

function sameDeep(left: GoValue, right: GoValue, visited: Visited): boolean {
  boundDepth(++visited.depth);
  const same = sameValue(left, right, visited);
  visited.depth--;
  return same;
}

function sameValue(left: GoValue, right: GoValue, visited: Visited): boolean {
  if (left === null || right === null) return left === right;
  if (typeOf(left) !== typeOf(right)) return false;
  if (typeof left !== "object" || typeof right !== "object" || rawOf(left) !== undefined)
    return sameRaw(rawOf(left), rawOf(right));
  if (left instanceof GoMap && right instanceof GoMap) {
    if (left.isNil !== right.isNil) return false;
    return left.entries === right.entries || !visited.add(left, right) || sameEntries(left, right, visited);
  }
  if (left instanceof GoSlice && right instanceof GoSlice) {
    if (left.isNil !== right.isNil) return false;
    return (
      left.items === right.items || !visited.add(left, right) || sameItems(left.items, right.items, visited)
    );
  }
  if (left instanceof GoStruct && right instanceof GoStruct)
    return sameItems(left.fields, right.fields, visited);
  if (left instanceof GoPointer && right instanceof GoPointer)
    return left.target === right.target || sameDeep(left.target, right.target, visited);
  return false;
}

/**
 * reflect.DeepEqual: same types all the way down; a nil slice or map differs from an empty one.
 * @throws BoundError for values that are nested too deep or cost too much
 */
export function deepEqual(left: GoValue, right: GoValue, budget: StepBudget = new Budget()): boolean {
  budget.spend(1 / 4);
  // Most are: no need to note who was visited.
  if (typeof left !== "object" || typeof right !== "object") return left === right;
  return sameDeep(left, right, new Visited(budget));
}
