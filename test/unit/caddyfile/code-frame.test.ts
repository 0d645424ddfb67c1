import { expect, it } from "vitest";
import { codeFrame } from "../../../src/caddyfile/code-frame.ts";

it("shows the line between its neighbours, with a caret under the column", () => {
  const text = "{\n\tsupervisor {\n\t\tdri /srv\n\t}\n}\n";
  expect(codeFrame(text, { file: "Caddyfile", line: 3, column: 3 }, 3)).toBe(
    "  2 |     supervisor {\n> 3 |         dri /srv\n    |         ^^^\n  4 |     }",
  );
});

it("cuts a long line around the caret", () => {
  const frame = codeFrame(`${"a".repeat(1_000_000)}!`, { file: "Caddyfile", line: 1, column: 1_000_001 });
  expect(frame.length).toBeLessThan(300);
  expect(frame.split("\n")[0]!.indexOf("!")).toBe(frame.split("\n")[1]!.indexOf("^"));
});

it("has nothing to show outside the text", () => {
  expect(codeFrame("a", { file: "Caddyfile", line: 9 })).toBe("");
});
