import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { controllerGroup, unifiedGroup } from "../../src/supervise/own-cgroup.ts";

let made = 0;

/** A cgroup of a test, below the one that we are in: whoever is in it keeps our own limits. */
export class TestCgroup {
  readonly path: string;

  private constructor(parent: string) {
    this.path = join(parent, `csv-test-${process.pid}-${++made}`);
    mkdirSync(this.path);
  }

  /** Of version 2; undefined, and said, where we may make none. */
  static unified(): TestCgroup | undefined {
    return TestCgroup.#in("version 2", unifiedGroup());
  }

  /** Whose memory can be limited: of version 1, or 2 where that has the memory controller. */
  static forMemory(limit: number): TestCgroup | undefined {
    const first = controllerGroup("memory");
    const group = TestCgroup.#in("memory", first ?? unifiedGroup());
    try {
      group?.set(first === undefined ? "memory.max" : "memory.limit_in_bytes", String(limit));
      return group;
    } catch (error) {
      group?.remove();
      return leaveOut("memory", error as Error);
    }
  }

  static #in(kind: string, parent: string | undefined): TestCgroup | undefined {
    if (parent === undefined) return leaveOut(kind, new Error("none is mounted"));
    try {
      return new TestCgroup(parent);
    } catch (error) {
      return leaveOut(kind, error as Error);
    }
  }

  set(file: string, value: string): void {
    // Never made: what the kernel does not know is an error.
    writeFileSync(join(this.path, file), value, { flag: "r+" });
  }

  /** The words in front of a command that runs in it. */
  get through(): string[] {
    return ["sh", "-c", `echo $$ > ${this.path}/cgroup.procs && exec "$@"`, "sh"];
  }

  /** The names of the cgroups of lives in it. */
  get lives(): string[] {
    return this.#below.filter((name) => /-\d+$/.test(name));
  }

  get #below(): string[] {
    return readdirSync(this.path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  }

  remove(): void {
    for (const name of this.#below) rmdirSync(join(this.path, name));
    rmdirSync(this.path);
  }
}

function leaveOut(kind: string, error: Error): undefined {
  expect(process.env.CI, `this test must be able to make a cgroup: ${error.message}`).toBeUndefined();
  console.warn(`no cgroup (${kind}) can be made here, the tests of it are left out: ${error.message}`);
}
