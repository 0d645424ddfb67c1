import { GoError } from "../values/index.ts";

/** An index of any size, exactly; absent it is the text's own start or end. */
type Bound = bigint | number | undefined;

/** What Go says of the slice expression `s[low:high]` that does not fit; undefined where it does. */
function fault(low: Bound, high: Bound, length: number): string | undefined {
  if (high !== undefined && (high < 0 || high > length))
    return high < 0 ? `[:${high}]` : `[:${high}] with length ${length}`;
  const end = high ?? length;
  const start = low ?? 0;
  if (start < 0) return `[${start}:]`;
  return start > end ? `[${start}:${end}]` : undefined;
}

/**
 * The Go expression `text[low:high]`; either bound may be absent.
 *
 * @throws GoError with the words of Go's panic.
 */
export function sliceBytes(text: string, low: Bound, high?: Bound): string {
  const problem = fault(low, high, text.length);
  if (problem !== undefined) throw new GoError(`runtime error: slice bounds out of range ${problem}`);
  return text.slice(Number(low ?? 0), Number(high ?? text.length));
}
