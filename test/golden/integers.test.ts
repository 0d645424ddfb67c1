import { expect, it } from "vitest";
import { parseInteger } from "../../src/go/integers.ts";
import { outcomeOf, readVectors } from "./read-vectors.ts";

interface Line {
  input: string;
  value?: string;
  error?: string;
}

it.each(readVectors<Line>("integers.jsonl"))("strconv.Atoi($input)", ({ input, value, error }) => {
  expect(outcomeOf(() => parseInteger(input))).toEqual(
    error === undefined ? { value: BigInt(value ?? "") } : { error },
  );
});
