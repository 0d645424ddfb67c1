import { expect, it } from "vitest";
import { execute } from "../../../../src/go/template/index.ts";

/** Each list with the farthest that Go lets it be cut, beyond its own end (Go 1.24 on amd64). */
it.each([
  ["until 5", 8],
  ["until 6", 8],
  ["untilStep 0 9 1", 16],
  ["append (list 1 2 3) 4", 6],
  ["prepend (until 20) 1", 22],
  ["compact (list 1 0 2 3)", 4],
  ["uniq (list 1 2 3)", 4],
  ["without (list 1 2 3 4) 4", 4],
  ["concat (list 1 2) (list 3)", 4],
  ["keys (dict `a` 1 `b` 2 `c` 3)", 4],
  ["fromJson `[1,2,3]`", 4],
  ["deepCopy (until 3)", 4],
  ["toStrings (list 1 nil 2)", 3],
  ["regexFindAll `a` `aaa` -1", 10],
  ["sortAlpha (regexFindAll `a` `aaa` -1)", 10],
  ["regexSplit `,` `a,b,c` -1", 4],
  ["slice (until 5) 1", 7],
  ["list 1 2 3", 3],
  ["splitList `,` `a,b,c`", 3],
  ["rest (until 5)", 4],
])("%s has room for %i", (list, room) => {
  expect(execute(`{{ slice (${list}) 0 ${room} | len }}`, {})).toBe(String(room));
  expect(() => execute(`{{ slice (${list}) 0 ${room + 1} }}`, {})).toThrow("slice index out of bounds");
});

it("what is beyond the end is zero", () => {
  expect(execute("{{ slice (until 3) 0 4 }} {{ slice (uniq (list 1 2 3)) 0 4 }}", {})).toBe(
    "[0 1 2 0] [1 2 3 <nil>]",
  );
});
