import { parseSigned, reasonTexts } from "../go/strconv/parse-integer.ts";
import { ApiError } from "./api-error.ts";

/** What may be done to a place in the document. */
export type TraverseMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Traversal {
  readonly method: TraverseMethod;
  /** The path of the request, decoded: `/config/apps/http`. */
  readonly path: string;
  /** The decoded body; null without one. */
  readonly value?: unknown;
}

export interface Traversed {
  /** The document after the change; the given one for GET. */
  readonly document: unknown;
  /** What stands at the path, for GET. */
  readonly found: unknown;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** A place on the way: its value after the change, and what GET found. */
interface Step {
  readonly node: unknown;
  readonly found?: unknown;
}

/**
 * Reads or changes one place of a configuration, as Caddy's admin API does (its unsyncedConfigAccess). The given
 * document is never changed: a new one shares with it what stayed the same.
 *
 * @throws ApiError with Caddy's status for a change, and its text
 */
export function traverse(document: unknown, { method, path, value = null }: Traversal): Traversed {
  const parts = path.replace(/^\/+|\/+$/g, "").split("/");
  // "…" at the end: the elements of the body are appended one by one.
  const spread = parts.at(-1) === "...";
  if (spread) parts.pop();
  const walk = new Walk({ method, path, value, parts, spread });
  // An empty configuration may be PUT or replaced; to Caddy a deleted one is absent.
  const root: JsonObject = document === null && method === "PUT" ? {} : { config: document };
  const { node, found } = walk.from(root, 0);
  return { document: (node as JsonObject).config ?? null, found };
}

interface WalkParts extends Required<Traversal> {
  readonly parts: readonly string[];
  readonly spread: boolean;
}

class Walk {
  readonly #all: WalkParts;

  constructor(all: WalkParts) {
    this.#all = all;
  }

  from(node: unknown, at: number): Step {
    const { parts } = this.#all;
    const part = parts[at];
    if (part === undefined) return { node };
    if (Array.isArray(node)) return this.#throughArray(node, part, at);
    if (!isObject(node)) throw fault(`invalid traversal path at: ${parts.slice(0, at + 1).join("/")}`);
    const child = own(node, part);
    // An array that the path enters at its end is the thing to change, not its element.
    if (Array.isArray(child) && at === parts.length - 2) return within(node, part, this.#element(child));
    if (at === parts.length - 1) return this.#member(node, part, child);
    const missing = this.#all.method === "PUT" && (child ?? null) === null;
    return within(node, part, this.from(missing ? {} : child, at + 1));
  }

  #throughArray(array: readonly unknown[], part: string, at: number): Step {
    const place = `/${this.#all.parts.slice(0, at + 1).join("/")}`;
    const index = arrayIndex(part, place, array.length - 1);
    const child = array[index];
    // For the element of an array within an array Caddy answers 200, and has read or changed nothing.
    const isWithin = Array.isArray(child) && at === this.#all.parts.length - 2;
    const { node, found } = isWithin ? this.#element(child) : this.from(child, at + 1);
    return { node: array.with(index, node), found };
  }

  /** The last part of the path is an index of this array; POST does not look at it. */
  #element(array: readonly unknown[]): Step {
    const { method, path, parts, value } = this.#all;
    if (method === "POST") return { node: this.#appended(array) };
    // Inserting behind the last element is allowed since Caddy 2.10.
    const highest = method === "PUT" ? array.length : array.length - 1;
    const index = arrayIndex(parts.at(-1) as string, path, highest);
    const answers: Readonly<Record<Exclude<TraverseMethod, "POST">, () => Step>> = {
      GET: () => ({ node: array, found: array[index] }),
      PUT: () => ({ node: array.toSpliced(index, 0, value) }),
      PATCH: () => ({ node: array.with(index, value) }),
      DELETE: () => ({ node: array.toSpliced(index, 1) }),
    };
    return answers[method]();
  }

  #member(node: JsonObject, key: string, child: unknown): Step {
    const { method, path, value } = this.#all;
    const exists = Object.hasOwn(node, key);
    const set = (): Step => ({ node: withMember(node, key, value) });
    // Both statuses since Caddy 2.7.5; DELETE did not look before.
    const mustExist = () => {
      if (!exists) throw new ApiError(404, `[${path}] key does not exist: ${key}`);
    };
    const answers: Readonly<Record<TraverseMethod, () => Step>> = {
      GET: () => ({ node, found: child ?? null }),
      POST: () => (Array.isArray(child) ? { node: withMember(node, key, this.#appended(child)) } : set()),
      PUT: () => {
        if (exists) throw new ApiError(409, `[${path}] key already exists: ${key}`);
        return set();
      },
      PATCH: () => {
        mustExist();
        return set();
      },
      DELETE: () => {
        mustExist();
        return { node: Object.fromEntries(Object.entries(node).filter(([name]) => name !== key)) };
      },
    };
    return answers[method]();
  }

  #appended(array: readonly unknown[]): readonly unknown[] {
    const { value, spread } = this.#all;
    if (!spread) return [...array, value];
    if (!Array.isArray(value)) throw fault("final element is not an array");
    return [...array, ...(value as unknown[])];
  }
}

/** @throws ApiError for what is no index, or beyond `highest` */
function arrayIndex(text: string, place: string, highest: number): number {
  const { value, fault: reason } = parseSigned(text, 10, 64);
  if (reason !== undefined) {
    const cause = `strconv.Atoi: parsing ${JSON.stringify(text)}: ${reasonTexts[reason]}`;
    throw fault(`[${place}] invalid array index '${text}': ${cause}`);
  }
  // Since Caddy 2.11.3: 01 and +1 name no element.
  if (String(value) !== text) throw fault(`[${place}] non-canonical array index: ${text}`);
  if (value < 0n || value > BigInt(highest)) throw fault(`[${place}] array index out of bounds: ${text}`);
  return Number(value);
}

function within(node: JsonObject, key: string, step: Step): Step {
  return { node: withMember(node, key, step.node), found: step.found };
}

/** A copy; `__proto__` is a key as any other, which it would not be in an assignment. */
function withMember(node: JsonObject, key: string, value: unknown): JsonObject {
  return Object.fromEntries([...Object.entries(node), [key, value]]);
}

function own(node: JsonObject, key: string): unknown {
  return Object.hasOwn(node, key) ? node[key] : undefined;
}

function fault(message: string): ApiError {
  return new ApiError(500, message);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
