import { durationType } from "../duration-type.ts";
import type { GoType } from "../values/model.ts";
import { anyType, basicTypes, errorType, mapOf, pointerTo, sliceOf } from "../values/types.ts";
import { reflectedType } from "./reflected.ts";

/** A function's type, read from its Go text. */
export interface Signature {
  /** Of a variadic function the last is the type of one of its arguments. */
  readonly parameters: readonly GoType[];
  readonly variadic: boolean;
  /** Templates call functions with one result, or with two of which the second is an error. */
  readonly results: readonly GoType[];
}

const knownTypes: ReadonlyMap<string, GoType> = new Map([
  ...Object.entries(basicTypes),
  ["any", anyType],
  ["interface {}", anyType],
  ["byte", basicTypes.uint8],
  ["rune", basicTypes.int32],
  ["error", errorType],
  [durationType.name, durationType],
  [reflectedType.name, reflectedType],
]);

/** Reads type expressions: names, `*T`, `[]T`, `map[K]V`. */
class SignatureReader {
  private rest: string;
  private readonly types: readonly GoType[];

  constructor(text: string, types: readonly GoType[]) {
    this.rest = text;
    this.types = types;
  }

  private accept(text: string): boolean {
    if (!this.rest.startsWith(text)) return false;
    this.rest = this.rest.slice(text.length);
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw new TypeError(`signature: expected ${text} before ${this.rest}`);
  }

  private type(): GoType {
    if (this.accept("*")) return pointerTo(this.type());
    if (this.accept("[]")) return sliceOf(this.type());
    if (this.accept("map[")) {
      const key = this.type();
      this.expect("]");
      return mapOf(key, this.type());
    }
    const name = /^(?:interface \{\}|[\w.]+)/.exec(this.rest)?.[0] ?? "";
    const type = this.types.find((candidate) => candidate.name === name) ?? knownTypes.get(name);
    if (!type) throw new TypeError(`signature: no type is known by the name ${name || this.rest}`);
    this.accept(name);
    return type;
  }

  read(): Signature {
    const parameters: GoType[] = [];
    let variadic = false;
    this.expect("func(");
    while (!this.accept(")")) {
      variadic = this.accept("...");
      parameters.push(this.type());
      this.accept(", ");
    }
    const results: GoType[] = [];
    const several = this.accept(" (");
    if (several || this.accept(" ")) {
      do results.push(this.type());
      while (this.accept(", "));
    }
    if (several) this.expect(")");
    return { parameters, variadic, results };
  }
}

/** What has a signature: functions, methods, built-in functions. */
interface Signed {
  readonly signature: string;
  readonly types?: readonly GoType[];
}

const read = new WeakMap<Signed, Signature>();

/** The signature of a function or method; its text is read once. */
export function signatureOf(entry: Signed): Signature {
  const known = read.get(entry);
  if (known) return known;
  const signature = new SignatureReader(entry.signature, entry.types ?? []).read();
  read.set(entry, signature);
  return signature;
}

/** The result that a template gets; some functions Go refuses for their results (template.goodFunc). */
export function resultOf({ results }: Signature, name: string, fail: (message: string) => never): GoType {
  const [first, second] = results;
  if (first === undefined || results.length > 2)
    return fail(`function ${name} has ${results.length} return values; should be 1 or 2`);
  if (second !== undefined && second !== errorType)
    fail(`invalid function signature for ${name}: second return value should be error; is ${second.name}`);
  return first;
}
