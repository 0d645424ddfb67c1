// By how much what a program holds may grow, and who is over it.

const MB = 1_000_000;

/**
 * Bytes: by so much, and by such a part of what it was. Everything else is counted, and may not grow at all: what a replica, a
 * request or a reload leaves behind, a thousand of them leave a thousand times.
 *
 * * objects: what the program itself has made. An object of 100 bytes left by each of 10,000 reloads would be 1 MB.
 * * heap: with all that V8 has compiled. It goes on compiling what stays hot, for hours, and drops it again; the size of the program
 *   bounds that, not what it has done.
 * * external, buffers: memory outside of the heap that objects hold.
 * * rss, anonymous: with the pages that allocators keep for later, for one of our own heap snapshots as well. The soak watches them for
 *   longer, and closer.
 */
const bounds = {
  objects: { most: 0.1 * MB, part: 0.01 },
  heap: { most: 3 * MB, part: 0.3 },
  external: { most: 0.5 * MB, part: 0.1 },
  buffers: { most: 0.5 * MB, part: 0.2 },
  rss: { most: 32 * MB, part: 0.5 },
  anonymous: { most: 32 * MB, part: 1 },
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
