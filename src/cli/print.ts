import { toJsonNames } from "../admin/field-names.ts";

/**
 * Results go to stdout, talk to stderr. A reader that has gone (`| head -1`) wants no more; that is no error of ours.
 */

const guarded = new WeakSet<NodeJS.WriteStream>();
let hasReader = true;

function print(stream: NodeJS.WriteStream, text: string): void {
  if (!guarded.has(stream)) {
    guarded.add(stream);
    stream.on("error", () => {
      if (stream === process.stdout) hasReader = false;
    });
  }
  stream.write(text);
}

/** For results without end: resolves when there is room for more, with whether anybody reads them still. */
export async function roomToPrint(): Promise<boolean> {
  const { stdout } = process;
  if (hasReader && stdout.writableNeedDrain) {
    await new Promise<void>((resolve) => {
      const done = () => {
        stdout.off("drain", done).off("error", done).off("close", done);
        resolve();
      };
      stdout.on("drain", done).on("error", done).on("close", done);
    });
  }
  return hasReader && !stdout.destroyed;
}

export function printOut(text: string): void {
  print(process.stdout, text);
}

/** A line for programs; who looks at it on a terminal is safe, too. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(toJsonNames(value));
  printOut(`${text.replace(/[\x7f-\x9f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`)}\n`);
}

/** A text for people, in which others may have had a word: names of processes, their errors. */
export function printText(text: string): void {
  printOut(harmless(text));
}

/** Without what could steer a terminal: escape sequences begin with a control character. */
export function harmless(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "\ufffd");
}

export function printTalk(text: string): void {
  print(process.stderr, text);
}
