import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { unifiedGroup } from "../../src/supervise/own-cgroup.ts";
import { until } from "./gates.ts";

let made = 0;

/** A cgroup of a test; only what a test puts into it is in it. */
export class TestCgroup {
  readonly path: string;

  private constructor(parent: string) {
    this.path = join(parent, `csv-test-${process.pid}-${++made}`);
    mkdirSync(this.path);
  }

  /** Of version 2, below our own; undefined, and said, where we may make none. */
  static unified(): TestCgroup | undefined {
    return TestCgroup.#in("version 2", unifiedGroup());
  }

  /**
   * With so many bytes of memory and no swap: of version 1, or 2 where that has the memory controller. At the top of its
   * hierarchy, since below our own cgroup version 2 has no controllers as long as we are in that.
   */
  static forMemory(limit: number): TestCgroup | undefined {
    const first = topOf("cgroup", "memory");
    const group = TestCgroup.#in("memory", first ?? topOf("cgroup2"));
    const [bytes, swap, none] =
      first === undefined
        ? ["memory.max", "memory.swap.max", "0"]
        : ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes", String(limit)];
    try {
      group?.set(bytes, String(limit));
      // Where the kernel does not count swap there is no such file.
      if (existsSync(join(group?.path ?? "", swap))) group?.set(swap, none);
      return group;
    } catch (error) {
      if (group !== undefined) rmdirSync(group.path);
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

  /** Ends what a failed test has left in it. */
  async remove(): Promise<void> {
    if (existsSync(join(this.path, "cgroup.kill"))) this.set("cgroup.kill", "1");
    await until(`${this.path} to be empty`, () => {
      try {
        for (const name of this.#below) rmdirSync(join(this.path, name));
        rmdirSync(this.path);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
        throw error;
      }
    });
  }
}

/** Where a hierarchy is mounted (proc(5), mountinfo): `… POINT OPTIONS … - TYPE SOURCE SUPEROPTIONS`. */
function topOf(type: string, controller?: string): string | undefined {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const line = mounts.find((each) => {
    const [of, , options = ""] = (each.split(" - ")[1] ?? "").split(" ");
    return of === type && (controller === undefined || options.split(",").includes(controller));
  });
  return line?.split(" ")[4];
}

function leaveOut(kind: string, error: Error): undefined {
  expect(process.env.CI, `this test must be able to make a cgroup: ${error.message}`).toBeUndefined();
  console.warn(`no cgroup (${kind}) can be made here, the tests of it are left out: ${error.message}`);
}
