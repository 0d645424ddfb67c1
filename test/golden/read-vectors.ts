import { readFileSync } from "node:fs";
import { SupervisorError } from "../../src/errors.ts";

/** The lines of one file of golden vectors: what the real programs answered. */
export function readVectors<Line>(file: string): Line[] {
  const text = readFileSync(new URL(`vectors/${file}`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

export interface Outcome<Value> {
  value?: Value;
  error?: string;
}

/** What a call gave, or the words it failed with; anything but a SupervisorError is a fault of ours. */
export function outcomeOf<Value>(call: () => Value): Outcome<Value> {
  try {
    return { value: call() };
  } catch (error) {
    if (error instanceof SupervisorError) return { error: error.message };
    throw error;
  }
}
