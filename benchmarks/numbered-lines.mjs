// Whether the numbered lines of child.c are all there, once each and in order; in a file of lines or of log records.
import { closeSync, openSync, readSync } from "node:fs";

const digits = 12;
const numberEnd = Buffer.from(" xxxxxxxx");

/** How many of `wanted` lines are missing, doubled or out of order. */
export function lostLines(path, wanted) {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(4 * 1024 * 1024);
  let kept = 0;
  let next = 0;
  let inOrder = 0;
  for (;;) {
    const length = readSync(file, chunk, kept, chunk.length - kept, null);
    const bytes = chunk.subarray(0, kept + length);
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      const at = bytes.indexOf(numberEnd, start);
      if (at >= 0 && at < end) {
        const number = Number(bytes.latin1Slice(at - digits, at));
        if (number === next) inOrder++;
        next = number + 1;
      }
      start = end + 1;
    }
    if (length === 0) break;
    kept = bytes.length - start;
    chunk.copyWithin(0, start, bytes.length);
  }
  closeSync(file);
  return wanted - inOrder;
}
