import {
  boundDepth,
  type GoContext,
  GoError,
  GoMap,
  GoPointer,
  GoSlice,
  GoStruct,
  type GoValue,
  type StepBudget,
  zeroOf,
} from "../values/index.ts";
import { sameRoom } from "./capacity.ts";

const isExported = (name: string) => /^[A-Z]/.test(name);

/** Types whose private fields are copied all the same (copystructure.Copiers). */
const copiedWhole: ReadonlySet<string> = new Set(["time.Time"]);

class Copier {
  readonly #budget: StepBudget;
  #depth = 0;

  constructor(budget: StepBudget) {
    this.#budget = budget;
  }

  readonly copy = (value: GoValue): GoValue => {
    this.#budget.spend(1);
    boundDepth(++this.#depth);
    const copy = this.#copied(value);
    this.#depth--;
    return copy;
  };

  #copied(value: GoValue): GoValue {
    if (value instanceof GoSlice)
      return sameRoom(new GoSlice(value.type, value.items.map(this.copy), value.isNil), value);
    if (value instanceof GoMap) {
      const entries = [...value.entries].map(([key, item]) => [key, this.copy(item)] as const);
      return new GoMap(value.type, new Map(entries), value.isNil);
    }
    if (value instanceof GoStruct) return this.#struct(value);
    return value instanceof GoPointer ? new GoPointer(value.type, this.copy(value.target)) : value;
  }

  #struct(struct: GoStruct): GoStruct {
    if (copiedWhole.has(struct.type.name)) return struct;
    const fields = struct.fields.map((field, index) => {
      const declared = struct.type.fields?.[index];
      // Private fields cannot be set from outside their package: the copy has their zero value.
      return declared === undefined || isExported(declared.name) ? this.copy(field) : zeroOf(declared.type);
    });
    return new GoStruct(struct.type, fields, undefined);
  }
}

/**
 * A copy that shares no list or map with its original (mitchellh/copystructure, Copy).
 * @throws GoError for nil, as Go's reflection does; BoundError for a value that is too deep or too large
 */
export function mustDeepCopy(value: GoValue, { budget }: GoContext): GoValue {
  if (value === null) throw new GoError("reflect: call of reflect.Value.Type on zero Value");
  return new Copier(budget).copy(value);
}
