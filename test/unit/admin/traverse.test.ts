import { describe, expect, it } from "vitest";
import { ApiError } from "../../../src/admin/api-error.ts";
import { type TraverseMethod, traverse } from "../../../src/admin/traverse.ts";

const document = { apps: { list: [{ a: 1 }, { b: 2 }], nothing: null, "": 1 }, deep: [[1, 2], [3]] };
const list = "/config/apps/list";

const outcome = (method: TraverseMethod, path: string, value?: unknown) => {
  try {
    const { document: after, found } = traverse(document, { method, path, value });
    return method === "GET" ? found : after;
  } catch (error) {
    return error instanceof ApiError ? `${error.status} ${error.message}` : error;
  }
};
const withList = (items: unknown[]) => ({ ...document, apps: { ...document.apps, list: items } });
const [first, second] = document.apps.list;

describe("GET", () => {
  it.each([
    ["/config", document],
    ["/config/", document],
    ["/config/...", document],
    ["/config/apps/list", document.apps.list],
    [`${list}/`, document.apps.list],
    [`${list}/...`, document.apps.list],
    [`${list}/0`, first],
    [`${list}/1/b`, 2],
    ["/config/deep/0/1", 2],
    ["/config/deep/0", [1, 2]],
    ["/config/nope", null],
    ["/config/apps/nothing", null],
    ["/config/nope/deeper", "500 invalid traversal path at: config/nope/deeper"],
    ["/config/nope/deeper/still", "500 invalid traversal path at: config/nope/deeper"],
    ["/config/apps/nothing/x", "500 invalid traversal path at: config/apps/nothing/x"],
    [`${list}/9`, `500 [${list}/9] array index out of bounds: 9`],
    [`${list}/9/a`, `500 [${list}/9] array index out of bounds: 9`],
    [`${list}/-1`, `500 [${list}/-1] array index out of bounds: -1`],
    [`${list}/x`, `500 [${list}/x] invalid array index 'x': strconv.Atoi: parsing "x": invalid syntax`],
    [`${list}//a`, `500 [${list}/] invalid array index '': strconv.Atoi: parsing "": invalid syntax`],
    [`${list}/01`, `500 [${list}/01] non-canonical array index: 01`],
    ["/config/__proto__", null],
    ["/config/__proto__/x", "500 invalid traversal path at: config/__proto__/x"],
    ["/config/constructor/name", "500 invalid traversal path at: config/constructor/name"],
  ])("%s", (path, expected) => {
    expect(outcome("GET", path)).toEqual(expected);
  });
});

describe("POST", () => {
  it.each([
    [list, 3, withList([first, second, 3])],
    [`${list}/0`, 3, withList([first, second, 3])],
    [`${list}/nonsense`, 3, withList([first, second, 3])],
    [`${list}/...`, [3, 4], withList([first, second, 3, 4])],
    [`${list}/0/...`, [3, 4], withList([first, second, 3, 4])],
    [`${list}/...`, 3, "500 final element is not an array"],
    ["/config/apps/nothing/...", 3, { ...document, apps: { ...document.apps, nothing: 3 } }],
    ["/config/deep/0/1", 9, { ...document, deep: [[1, 2, 9], [3]] }],
    ["/config/new", 3, { ...document, new: 3 }],
    ["/config/new", undefined, { ...document, new: null }],
    ["/config/new/deeper", 3, "500 invalid traversal path at: config/new/deeper"],
    ["/config", { x: 1 }, { x: 1 }],
  ])("%s %j", (path, value, expected) => {
    expect(outcome("POST", path, value)).toEqual(expected);
  });
});

describe("PUT", () => {
  it.each([
    [`${list}/0`, 3, withList([3, first, second])],
    [`${list}/2`, 3, withList([first, second, 3])],
    [`${list}/3`, 3, `500 [${list}/3] array index out of bounds: 3`],
    [list, 3, `409 [${list}] key already exists: list`],
    ["/config/apps/nothing", 3, "409 [/config/apps/nothing] key already exists: nothing"],
    ["/config/apps/nothing/x/y", 3, { ...document, apps: { ...document.apps, nothing: { x: { y: 3 } } } }],
    ["/config/x/y/z", 3, { ...document, x: { y: { z: 3 } } }],
    ["/config/__proto__/y", 3, { ...document, ["__proto__"]: { y: 3 } }],
    ["/config", {}, "409 [/config] key already exists: config"],
  ])("%s %j", (path, value, expected) => {
    expect(outcome("PUT", path, value)).toEqual(expected);
  });

  it("makes a document where there is none", () => {
    expect(traverse(null, { method: "PUT", path: "/config/", value: {} }).document).toEqual({});
    expect(traverse(null, { method: "PUT", path: "/config/apps/x", value: 1 }).document).toEqual({
      apps: { x: 1 },
    });
  });
});

describe("PATCH", () => {
  it.each([
    [`${list}/1`, 3, withList([first, 3])],
    ["/config/deep/0/1", 9, { ...document, deep: [[1, 9], [3]] }],
    [`${list}/1/b`, 3, withList([first, { b: 3 }])],
    [list, [], withList([])],
    [`${list}/2`, 3, `500 [${list}/2] array index out of bounds: 2`],
    ["/config/apps/nothing", 3, { ...document, apps: { ...document.apps, nothing: 3 } }],
    ["/config/nope", 3, "404 [/config/nope] key does not exist: nope"],
    ["/config/constructor", 3, "404 [/config/constructor] key does not exist: constructor"],
    ["/config/", { x: 1 }, { x: 1 }],
  ])("%s %j", (path, value, expected) => {
    expect(outcome("PATCH", path, value)).toEqual(expected);
  });
});

describe("DELETE", () => {
  it.each([
    [`${list}/0`, withList([second])],
    [`${list}/0/a`, withList([{}, second])],
    [`${list}/2`, `500 [${list}/2] array index out of bounds: 2`],
    [`${list}/...`, { ...document, apps: { nothing: null, "": 1 } }],
    ["/config/deep", { apps: document.apps }],
    ["/config/nope", "404 [/config/nope] key does not exist: nope"],
    ["/config/toString", "404 [/config/toString] key does not exist: toString"],
    ["/config/", null],
  ])("%s", (path, expected) => {
    expect(outcome("DELETE", path)).toEqual(expected);
  });
});

it("keeps __proto__ as a key as any other", () => {
  const { document: after } = traverse({}, { method: "POST", path: "/config/__proto__", value: { evil: 1 } });
  expect(Object.keys(after as object)).toEqual(["__proto__"]);
  expect((after as { evil?: unknown }).evil).toBeUndefined();
  expect(traverse(after, { method: "GET", path: "/config/__proto__/evil" }).found).toBe(1);
  expect(traverse(after, { method: "DELETE", path: "/config/__proto__" }).document).toEqual({});
});
