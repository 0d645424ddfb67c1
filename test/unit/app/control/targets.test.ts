import { expect, it } from "vitest";
import { findTargets, targetName } from "../../../../src/app/control/targets.ts";
import type { Replica } from "../../../../src/app/replica.ts";

const replica = (name: string, number: number) =>
  ({ plan: { name, options: { replica: number } } }) as unknown as Replica;
const all = [replica("a", 0), replica("a", 1), replica("a:0", 0), replica("b:1", 0), replica("x y", 0)];
const names = (...targets: string[]) => findTargets(all, targets).map(targetName);

it("takes names, replicas and *, in the order of the configuration, each once", () => {
  expect(names("x y", "a", "a:1")).toEqual(["a:0", "a:1", "x y:0"]);
  expect(names("b:1")).toEqual(["b:1:0"]);
  expect(names("b:1:0")).toEqual(["b:1:0"]);
  expect(names("*")).toHaveLength(5);
});

it.each([
  ["a:0", "'a:0' is the name of a process, and a replica of another"],
  ["a:2", "no process is called 'a:2'"],
  ["b", "no process is called 'b'"],
  ["", "no process is called ''"],
])("refuses %j", (target, message) => expect(() => names(target)).toThrow(message));
