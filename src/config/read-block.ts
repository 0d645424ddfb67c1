import type { Dispenser } from "../caddyfile/dispenser.ts";
import { suggest } from "./suggest.ts";

/** Reads the words behind a name in a block; the dispenser stands on the name. */
export type ReadValue = (d: Dispenser) => unknown;

/**
 * The values of a block of our own: a name and its words on each line. Unlike the blocks that the Go module reads, an
 * unknown name, a word too many or a block within is an error at once. After an error the dispenser stands behind the
 * block, so that reading may go on.
 *
 * @throws SupervisorError `UNKNOWN_OPTION`, `EXTRA_ARGUMENT`, or what a reader throws
 */
export function readBlock(
  d: Dispenser,
  option: string,
  readers: Readonly<Record<string, ReadValue>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const nesting = d.nesting();
  try {
    while (d.nextBlock(nesting)) {
      const name = d.val();
      const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
      if (read === undefined) throw unknownName(d, option, Object.keys(readers));
      values[name] = read(d);
      if (d.nextArg())
        throw d.errf(`unexpected '${d.val()}' after the arguments of '${name}'`, "EXTRA_ARGUMENT");
    }
  } catch (error) {
    while (d.nesting() > nesting && d.nextBlock(nesting));
    throw error;
  }
  return values;
}

function unknownName(d: Dispenser, option: string, known: readonly string[]) {
  const meant = suggest(d.val(), known);
  return d.errf(
    `unrecognized option '${d.val()}' in the block of '${option}'`,
    "UNKNOWN_OPTION",
    meant === undefined ? `there are ${known.join(", ")}` : `did you mean '${meant}'?`,
  );
}
