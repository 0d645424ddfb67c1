import { GoError } from "./model.ts";

/** Bytes of any one string that a function may give. */
export const maximumBytes = 16 * 1024 * 1024;
/** Elements of any one list or map that a function may give. */
export const maximumElements = 1_000_000;
/** How deep values may hold one another where something walks through them. */
export const maximumDepth = 500;
/** Steps of one execution: texts, actions, rounds of loops, and what functions cost. */
export const maximumSteps = 2_000_000;

export const stepsExceeded = `exceeded maximum number of steps (${maximumSteps})`;

/** A bound of ours was met. Functions that drop Go's errors let this one through: it must end the template. */
export class BoundError extends GoError {}

/**
 * Refuses a string that would be too long, before it is made: Go would go on until memory ends, and so would the
 * supervisor.
 * @throws BoundError
 */
export function boundBytes(count: number | bigint): void {
  if (count > maximumBytes) throw new BoundError(`result exceeds ${maximumBytes} bytes`);
}

/**
 * Refuses a list or map that would have too many elements, before it is made.
 * @throws BoundError
 */
export function boundElements(count: number | bigint): void {
  if (count > maximumElements) throw new BoundError(`result exceeds ${maximumElements} elements`);
}

/**
 * Refuses values that hold one another too deep, or themselves: Go would go on until memory ends.
 * @throws BoundError
 */
export function boundDepth(depth: number): void {
  if (depth > maximumDepth) throw new BoundError(`value is nested deeper than ${maximumDepth} levels`);
}
