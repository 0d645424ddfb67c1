// What a program allocates, as V8 tells when it collects (node --trace-gc).

/** MB so far: what each collection found more than the one before had left. */
export function allocated(running) {
  let left = 0;
  let sum = 0;
  for (const [, found, kept] of running
    .ownLog("stdout")
    .matchAll(/ms: [^\n]*? (\d+\.\d) \([\d.]+\) -> (\d+\.\d) \(/g)) {
    sum += Math.max(0, Number(found) - left);
    left = Number(kept);
  }
  return sum;
}
