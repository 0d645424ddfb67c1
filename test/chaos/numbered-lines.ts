/** Bytes of the file that were written while the disk was full: from its size before until its size after. */
export type FullDisk = readonly [from: number, to: number];

/**
 * What is wrong with a file that runs of test/programs/numbered.sh have written: pieces of lines outside the times of a
 * full disk, and numbers that are missing or come twice.
 */
export function faultsOf(text: string, fullDisks: readonly FullDisk[]): string[] {
  const faults: string[] = [];
  const last = new Map<string, number>();
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length + 1;
    const whole = /^(\d+) (\d+) \.{250}$/.exec(line);
    const excused = fullDisks.some(([from, to]) => start <= to && end >= from);
    start = end;
    if (line === "") continue;
    const [, writer = "", number = ""] = whole ?? [];
    const expected = (last.get(writer) ?? 0) + 1;
    if (whole !== null && Number(number) === expected) last.set(writer, expected);
    else if (!excused) faults.push(`${line} at byte ${start}, after ${expected - 1}`);
  }
  return faults;
}
