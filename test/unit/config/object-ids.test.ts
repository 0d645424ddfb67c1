import { expect, it } from "vitest";
import { definitionsFromApp } from "../../../src/config/definition-json.ts";
import { indexIds, withoutIds } from "../../../src/config/object-ids.ts";

it("knows where each object with an id stands", () => {
  const document = { "@id": "all", apps: { list: [{ "@id": 7 }, { x: { "@id": "deep" } }] } };
  expect([...indexIds(document, "/config")]).toEqual([
    ["all", "/config"],
    ["7", "/config/apps/list/0"],
    ["deep", "/config/apps/list/1/x"],
  ]);
});

it.each([true, null, {}, []])("refuses the id %j", (id) => {
  expect(() => indexIds({ a: { "@id": id } }, "/config")).toThrow(
    "/config/a: @id field must be a string or number",
  );
});

it("refuses an id that two objects share", () => {
  expect(() => indexIds([{ "@id": 1 }, { "@id": "1" }], "/config")).toThrow(
    "/config/1: duplicate ID '1': it is already used at /config/0",
  );
});

it("definitions may have ids: they are no options", () => {
  const app = { "@id": "app", supervise: [{ "@id": "worker", command: ["sleep", "1"] }] };
  expect(withoutIds(app)).toEqual({ supervise: [{ command: ["sleep", "1"] }] });
  expect(definitionsFromApp(app)).toEqual([{ command: ["sleep", "1"] }]);
});
