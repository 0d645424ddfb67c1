import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isHeld, takeLock } from "../../../src/app/lock.ts";
import { paperTable } from "../../support/paper-table.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const us = { pid: process.pid, startTime: "5" };
const other = { pid: 4242, startTime: "7" };
const content = () => readFileSync(join(folder, "lock"), "utf8");

describe("takeLock", () => {
  it("takes a free lock, and gives the folder back with it", () => {
    const lock = takeLock(folder, paperTable([us]));
    expect(content()).toBe(`${process.pid} 5\n`);
    lock.release();
    expect(() => content()).toThrow("ENOENT");
  });

  it("is refused while the holder lives, and names it", () => {
    writeFileSync(join(folder, "lock"), "4242 7\n");
    expect(() => takeLock(folder, paperTable([us, other]))).toThrow(
      "this configuration is already run by process 4242",
    );
    expect(content()).toBe("4242 7\n");
  });

  it.each([
    ["is gone", paperTable([us])],
    ["is a zombie", paperTable([us, { ...other, dead: true }])],
    ["is somebody else under a recycled number", paperTable([us, { ...other, startTime: "8" }])],
  ])("takes over when the holder %s", (_name, table) => {
    writeFileSync(join(folder, "lock"), "4242 7\n");
    expect(isHeld(folder, table)).toBe(false);
    takeLock(folder, table);
    expect(isHeld(folder, table)).toBe(true);
    expect(content()).toBe(`${process.pid} 5\n`);
  });

  it("takes over a lock file that is empty or damaged", () => {
    writeFileSync(join(folder, "lock"), "");
    takeLock(folder, paperTable([us]));
    expect(content()).toBe(`${process.pid} 5\n`);
  });

  it("is refused while somebody else takes over", () => {
    writeFileSync(join(folder, "lock"), "1 1\n");
    writeFileSync(join(folder, "lock.takeover"), "4242 7\n");
    expect(() => takeLock(folder, paperTable([us, other]))).toThrow("already run by process 4242");
  });

  it("is not stopped by a take-over that was never finished", () => {
    writeFileSync(join(folder, "lock"), "1 1\n");
    writeFileSync(join(folder, "lock.takeover"), "2 2\n");
    takeLock(folder, paperTable([us]));
    expect(content()).toBe(`${process.pid} 5\n`);
  });

  it("does not remove the folder under a successor", () => {
    const lock = takeLock(folder, paperTable([us]));
    writeFileSync(join(folder, "lock.9999"), "");
    lock.release();
    expect(readFileSync(join(folder, "lock.9999"), "utf8")).toBe("");
  });
});
