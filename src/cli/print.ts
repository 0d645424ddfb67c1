import { toJsonNames } from "../admin/field-names.ts";

/**
 * Results go to stdout, talk to stderr. A reader that has gone (`| head -1`) wants no more; that is no error of ours.
 */

const guarded = new WeakSet<NodeJS.WriteStream>();

function print(stream: NodeJS.WriteStream, text: string): void {
  if (!guarded.has(stream)) {
    guarded.add(stream);
    stream.on("error", () => {});
  }
  stream.write(text);
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
