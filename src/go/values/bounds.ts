import { GoError } from "./model.ts";

/** Bytes of any one string that a function may give. */
export const maximumBytes = 16 * 1024 * 1024;
/** Elements of any one list or map that a function may give. */
export const maximumElements = 1_000_000;

/**
 * Refuses a string that would be too long, before it is made: Go would go on until memory ends, and so would the
 * supervisor.
 * @throws GoError
 */
export function boundBytes(count: number | bigint): void {
  if (count > maximumBytes) throw new GoError(`result exceeds ${maximumBytes} bytes`);
}

/**
 * Refuses a list or map that would have too many elements, before it is made.
 * @throws GoError
 */
export function boundElements(count: number | bigint): void {
  if (count > maximumElements) throw new GoError(`result exceeds ${maximumElements} elements`);
}
