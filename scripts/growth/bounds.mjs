// By how much what a program holds may grow, and who is over it.

const MB = 1_000_000;

/**
 * Bytes, by so much and by such a part of what it was. Everything else is counted, and may not grow at all: what is held for a
 * replica, a request or a reload is held a thousand times or not at all.
 *
 * * heap, external, buffers: garbage was collected; what may still come is V8's own (compiled code, feedback of functions that
 *   became hot). One leaked object of 100 bytes per restart would be 10 MB in 100,000.
 * * rss, anonymous: pages that the allocators keep for later; as in the soak.
 */
const bounds = {
  heap: { most: 1 * MB, part: 0.05 },
  external: { most: 0.5 * MB, part: 0.1 },
  buffers: { most: 0.5 * MB, part: 0.1 },
  rss: { most: 6 * MB, part: 0.1 },
  anonymous: { most: 6 * MB, part: 0.1 },
};

/** Whether a number is one of bytes; all others are counts. */
export function isSize(name) {
  return name in bounds;
}

/** What has grown more than it may, one sentence each. */
export function growths(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const was = before[name] ?? 0;
    const is = after[name] ?? 0;
    const { most, part } = isSize(name) ? bounds[name] : { most: 0, part: 0 };
    const allowed = was + Math.min(most, was * part);
    // Written so that a number that could not be had fails, too.
    return is <= allowed
      ? []
      : [`${name} grew from ${was} to ${is}; at most ${Math.floor(allowed)} is allowed`];
  });
}
