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

export function printTalk(text: string): void {
  print(process.stderr, text);
}
