import type {
  GoContext,
  GoFunctionEntry,
  GoMap,
  GoScalar,
  GoSlice,
  GoStruct,
  GoType,
  GoValue,
} from "../values/index.ts";

/** What the engine hands over for a parameter of a Go type. */
interface ArgumentTypes {
  any: GoValue;
  bool: boolean;
  float64: number;
  int: bigint;
  string: string;
  uint32: GoScalar;
  "[]any": GoSlice;
  "map[string]any": GoMap;
  "time.Time": GoStruct;
  "sprig.certificate": GoStruct;
}

type Argument<Type extends string> = Type extends keyof ArgumentTypes ? ArgumentTypes[Type] : never;

type ArgumentList<Types extends string> = Types extends ""
  ? []
  : Types extends `...${infer Rest}`
    ? Argument<Rest>[]
    : Types extends `${infer First}, ${infer Others}`
      ? [Argument<First>, ...ArgumentList<Others>]
      : [Argument<Types>];

/** The arguments of a signature as a tuple: `func(int, ...string) string` gives `[bigint, ...string[]]`. */
type ArgumentsOf<Signature extends string> = Signature extends `func(${infer Types}) ${string}`
  ? ArgumentList<Types>
  : never;

/**
 * A function of the template language. The compiler reads the types of the arguments off the signature, which is
 * also what the engine checks them by.
 *
 * @param types Named types in the signature that the engine does not know.
 */
export function entry<const Signature extends string>(
  name: string,
  signature: Signature,
  call: (args: ArgumentsOf<Signature>, context: GoContext) => GoValue,
  types: readonly GoType[] = [],
): GoFunctionEntry {
  const checked = call as (args: readonly GoValue[], context: GoContext) => GoValue;
  return { name, signature, types, call: checked };
}
