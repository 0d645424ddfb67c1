import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeGoJson, encodeGoJson } from "../../src/admin/go-json.ts";
import { traverse } from "../../src/admin/traverse.ts";

const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "a", "0", "@id", "toString"), fc.string());
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("json")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

/** The paths to all places of a document whose keys can stand in a path. */
function places(value: unknown, path = "/config"): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => name !== "" && !name.includes("/") && name !== "...")
    .flatMap(([name, item]) => [`${path}/${name}`, ...places(item, `${path}/${name}`)]);
}

const placed = json
  .map((document) => ({ document, all: places(document) }))
  .filter(({ all }) => all.length > 0)
  .chain(({ document, all }) =>
    fc.record({ document: fc.constant(document), path: fc.constantFrom(...all) }),
  );

it("what is deleted and PUT again is the same document; the given one is never changed", () => {
  fc.assert(
    fc.property(placed, ({ document, path }) => {
      const before = encodeGoJson(document);
      const { found } = traverse(document, { method: "GET", path });
      const without = traverse(document, { method: "DELETE", path }).document;
      const again = traverse(without, { method: "PUT", path, value: found }).document;
      expect(encodeGoJson(again)).toBe(before);
      expect(encodeGoJson(document)).toBe(before);
    }),
  );
});

it("what is PATCHed is found, and only there", () => {
  fc.assert(
    fc.property(placed, json, ({ document, path }, value) => {
      const { found } = traverse(document, { method: "GET", path });
      const after = traverse(document, { method: "PATCH", path, value }).document;
      expect(traverse(after, { method: "GET", path }).found).toEqual(value);
      const restored = traverse(after, { method: "PATCH", path, value: found }).document;
      expect(encodeGoJson(restored)).toBe(encodeGoJson(document));
    }),
  );
});

it("Go's JSON is read back as what was written", () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = encodeGoJson(value);
      expect(encodeGoJson(decodeGoJson(Buffer.from(text)))).toBe(text);
      expect(text).not.toMatch(/[<>&\u2028\u2029\n]/);
    }),
  );
});
