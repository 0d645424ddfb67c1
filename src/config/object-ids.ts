/** The field by which an object of a configuration can be found under `/id/`; no part of the configuration itself. */
const idKey = "@id";

type JsonObject = Readonly<Record<string, unknown>>;

/** The same without the `@id` fields, of any depth: no module knows them. It is the value itself when there are none. */
export function withoutIds(value: unknown): unknown {
  return holdsId(value) ? copyWithoutIds(value) : value;
}

function holdsId(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsId);
  if (!isObject(value)) return false;
  if (Object.hasOwn(value, idKey)) return true;
  for (const key in value) if (holdsId(value[key])) return true;
  return false;
}

function copyWithoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyWithoutIds);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([key]) => key !== idKey);
  return Object.fromEntries(members.map(([key, item]) => [key, copyWithoutIds(item)]));
}

/**
 * Where each object with an `@id` stands: id to path (Caddy's indexConfigObjects). The first of two objects with the
 * same id would be out of reach: since Caddy 2.11.2 that is an error.
 *
 * @throws Error with Caddy's text for an `@id` that is neither text nor a number
 */
export function indexIds(document: unknown, path: string): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  gather(document, path, index);
  return index;
}

function gather(value: unknown, path: string, index: Map<string, string>): void {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) gather(item, `${path}/${at}`, index);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === idKey) note(item, path, index);
    else gather(item, `${path}/${key}`, index);
  }
}

function note(id: unknown, path: string, index: Map<string, string>): void {
  if (typeof id !== "string" && typeof id !== "number")
    throw new Error(`${path}: ${idKey} field must be a string or number`);
  const name = String(id);
  const former = index.get(name);
  if (former !== undefined)
    throw new Error(`${path}: duplicate ID '${name}': it is already used at ${former}`);
  index.set(name, path);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
