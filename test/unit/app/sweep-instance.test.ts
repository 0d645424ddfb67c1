import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { StateFile } from "../../../src/app/state-file.ts";
import { sweepFormerRuns } from "../../../src/app/sweep-instance.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instance-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("removes the state of former runs, also of one that was killed while it wrote", async () => {
  const whole = JSON.stringify({ instance: "0123456789ab-1.2", processes: [] });
  writeFileSync(join(folder, "state-1.2.json"), whole);
  writeFileSync(join(folder, "state-1.2.json.new"), whole.slice(0, 20));
  writeFileSync(join(folder, "state-3.4.json.new"), "");
  writeFileSync(join(folder, "other"), "");
  await sweepFormerRuns("0123456789ab", folder);
  expect(readdirSync(folder)).toEqual(["other"]);
});

it("leaves nothing of a state that could not be written whole", () => {
  const path = join(folder, "state-1.2.json");
  const state = new StateFile("0123456789ab-1.2", path, undefined, () => {});
  writeFileSync(`${path}.new`, "{");
  state.close();
  expect(readdirSync(folder)).toEqual([]);
});
