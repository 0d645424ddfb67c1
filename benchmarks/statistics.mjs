export function median(values) {
  return quantile(values, 0.5);
}

/** Between two values it lies between them. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

export function milliseconds(nanoseconds) {
  return nanoseconds / 1e6;
}
