import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { outputDoors } from "../../../src/app/output-doors.ts";
import { planReplicas } from "../../../src/config/options.ts";
import type { StreamPlan } from "../../../src/config/output-plan.ts";
import { checkOutputs } from "../../../src/output/check-outputs.ts";
import type { StreamPlans } from "../../../src/output/open-outputs.ts";
import { ReplicaOutputs } from "../../../src/output/replica-outputs.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "output-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const plain = (type: "null" | "stdout" | "stderr"): StreamPlan => ({ type });
const file = (name: string): StreamPlan => ({ type: "file", path: name });

const openOutputs = (streams: StreamPlans, cwd: string) => {
  const [plan] = planReplicas({ command: ["a"] });
  return new ReplicaOutputs({ ...plan!, ...streams }, cwd, outputDoors(undefined)).open();
};

describe("outputs that do not pass through us", () => {
  it("hands on our own streams, wherever they are told to go", () => {
    const { stdout, stderr } = openOutputs({ stdout: plain("stderr"), stderr: plain("stdout") }, folder);
    expect([stdout, stderr]).toEqual([2, 1]);
    expect(openOutputs({ stdout: plain("null"), stderr: plain("stderr") }, folder).stdout).toBe("ignore");
  });

  it("gives two streams with the same path one descriptor, so that they keep their order", () => {
    const one = openOutputs({ stdout: file("a.log"), stderr: file(`${folder}/./a.log`) }, folder);
    expect(one.stdout).toBe(one.stderr);
    one.close();
    const two = openOutputs({ stdout: file("a.log"), stderr: file("b.log") }, folder);
    expect(two.stdout).not.toBe(two.stderr);
    two.close();
  });

  it("opens the file anew each time: what was renamed away is not written to any more", () => {
    const write = (text: string) => {
      const outputs = openOutputs({ stdout: file("a.log"), stderr: plain("null") }, folder);
      writeSync(outputs.stdout as number, text);
      outputs.close();
    };
    write("one\n");
    write("two\n");
    renameSync(join(folder, "a.log"), join(folder, "a.log.1"));
    write("three\n");
    expect(readFileSync(join(folder, "a.log.1"), "utf8")).toBe("one\ntwo\n");
    expect(readFileSync(join(folder, "a.log"), "utf8")).toBe("three\n");
  });

  it("leaves no descriptor open when the second stream fails", () => {
    const before = readFileSync("/proc/self/status", "utf8");
    const open = () => openOutputs({ stdout: file("a.log"), stderr: file("nosuch/b.log") }, folder);
    for (let times = 0; times < 5; times++) {
      expect(open).toThrow(
        `cannot setup stderr redirection: open ${folder}/nosuch/b.log: no such file or directory`,
      );
    }
    const size = (status: string) => /^FDSize:\s+(\d+)/m.exec(status)?.[1];
    expect(size(readFileSync("/proc/self/status", "utf8"))).toBe(size(before));
  });
});

describe("checkOutputs", () => {
  it.each([
    ["nosuch/a.log", "no such file or directory"],
    [".", "is a directory"],
    ["x".repeat(300), "file name too long"],
  ])("refuses %j", (name, reason) => {
    const check = () => checkOutputs({ stdout: file(name), stderr: plain("null") }, folder);
    expect(check).toThrow(reason);
  });

  it("is content with what could be opened, and creates nothing", () => {
    checkOutputs({ stdout: file("new.log"), stderr: file("/dev/null") }, folder);
    expect(statSync(join(folder, "new.log"), { throwIfNoEntry: false })).toBeUndefined();
  });
});
