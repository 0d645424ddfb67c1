import type { ReplicaPlan } from "../config/options.ts";
import type { LineSink } from "../output/line-consumer.ts";
import type { LineWriter } from "./writer.ts";

/** Six colours that can be read on light and dark. */
const colours: readonly number[] = [36, 33, 32, 35, 34, 31];

/** Shows the lines of a replica on a terminal behind `worker:0 | `, in a colour of its own. */
export function prefixed(writer: LineWriter, { name, options }: ReplicaPlan, colour: boolean): LineSink {
  const label = `${name}:${options.replica} |`;
  const prefix = colour ? `\x1b[${colourOf(name, options.replica)}m${label}\x1b[0m ` : `${label} `;
  return {
    write: (line) => writer.write(`${prefix}${line.toString("utf8")}\n`),
    hasRoom: () => writer.hasRoom(),
    whenRoom: (callback) => writer.whenRoom(callback),
  };
}

/** The same at every start. */
function colourOf(name: string, replica: number): number {
  let sum = replica;
  for (const letter of name) sum += letter.codePointAt(0) ?? 0;
  return colours[sum % colours.length] ?? 0;
}
