import { expect, it } from "vitest";
import { Turns } from "../../../src/supervise/turns.ts";
import { uncaught } from "../../support/uncaught.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it("calls back in order, and lets others have their turn in between", async () => {
  const turns = new Turns();
  const called: number[] = [];
  for (let each = 0; each < 100; each++) turns.add(() => called.push(each));
  expect(called).toEqual([]);
  await turn();
  expect(called).toEqual(Array.from({ length: 16 }, (_, each) => each));
  while (called.length < 100) await turn();
  expect(called).toEqual(Array.from({ length: 100 }, (_, each) => each));
});

it("what is added meanwhile comes in another turn, what is cancelled never", async () => {
  const turns = new Turns();
  const called: string[] = [];
  const timers = [turns.add(() => called.push("cancelled at once"))];
  turns.add(() => {
    called.push("first");
    timers[1]?.cancel();
    turns.add(() => called.push("later"));
  });
  timers.push(turns.add(() => called.push("cancelled by the first")));
  timers[0]?.cancel();
  await turn();
  expect(called).toEqual(["first"]);
  await turn();
  expect(called).toEqual(["first", "later"]);
});

it("one that throws keeps none of the others from its turn", async () => {
  const turns = new Turns();
  const called: string[] = [];
  const thrown = uncaught(() => {
    turns.add(() => {
      throw new Error("of the first");
    });
    turns.add(() => called.push("second"));
  });
  expect(await thrown).toBe("of the first");
  await turn();
  expect(called).toEqual(["second"]);
});
