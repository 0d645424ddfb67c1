/**
 * Whether two values of the kind that JSON holds (and bigints) are the same through and through. util.isDeepStrictEqual() says so, too; it
 * knows many more kinds, and takes five times as long.
 */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isObject(one) || !isObject(other)) return false;
  if (!Array.isArray(one)) return !Array.isArray(other) && haveSameMembers(one, other);
  if (!Array.isArray(other) || one.length !== other.length) return false;
  return one.every((item, index) => isSame(item, other[index]));
}

/** Loops without lists of names: this is where the time goes. */
function haveSameMembers(one: Members, other: Members): boolean {
  let more = 0;
  for (const name in one) {
    if (!Object.hasOwn(other, name) || !isSame(one[name], other[name])) return false;
    more++;
  }
  for (const _ in other) more--;
  return more === 0;
}

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null;
}
