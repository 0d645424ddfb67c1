import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { outOfMemoryWatch } from "../../../src/app/make-supervisor.ts";
import { oomCounter } from "../../../src/supervise/oom-kills.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "csv-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function files(texts: Record<string, string>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const v1Mount = "34 30 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
const v2Mount = "40 30 0:37 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";

it("counts in version 2", () => {
  files({
    "proc/self/mountinfo": v2Mount,
    "proc/self/cgroup": "0::/system.slice/app.service\n",
    "sys/fs/cgroup/system.slice/app.service/memory.events": "low 0\noom 9\noom_kill 3\noom_group_kill 7\n",
  });
  expect(oomCounter(root)()).toBe(3);
});

it("counts in version 1, also where version 2 is mounted without memory", () => {
  files({
    "proc/self/mountinfo": v2Mount.replace("cgroup rw -", "cgroup/unified rw -") + v1Mount,
    "proc/self/cgroup": "8:pids:/\n4:memory:/jobs/one\n0::/\n",
    "sys/fs/cgroup/memory/jobs/one/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n",
  });
  expect(oomCounter(root)()).toBe(5);
});

it("finds a container's own cgroup under the mount", () => {
  files({
    "proc/self/mountinfo": v1Mount.replace("0:31 /", "0:31 /docker/abc"),
    "proc/self/cgroup": "4:memory:/docker/abc\n",
    "sys/fs/cgroup/memory/memory.oom_control": "oom_kill 2\n",
  });
  expect(oomCounter(root)()).toBe(2);
});

it("knows nothing where nothing is told, and never throws", () => {
  expect(oomCounter(root)()).toBeUndefined();
  files({ "proc/self/mountinfo": v2Mount, "proc/self/cgroup": "0::/\ngarbage\n" });
  expect(oomCounter(root)()).toBeUndefined();
});

it("looks for the file again when it is gone", () => {
  const group = (path: string, count: number) => ({
    "proc/self/mountinfo": v2Mount,
    "proc/self/cgroup": `0::${path}\n`,
    [`sys/fs/cgroup${path}/memory.events`]: `oom_kill ${count}\n`,
  });
  files(group("/one", 1));
  const count = oomCounter(root);
  expect(count()).toBe(1);
  files(group("/two", 2));
  expect(count()).toBe(1);
  rmSync(join(root, "sys/fs/cgroup/one"), { recursive: true });
  expect(count()).toBe(2);
});

it("tells of a rise once", () => {
  const counts = [4, 4, 5, 5, undefined];
  const wasOutOfMemory = outOfMemoryWatch(() => counts.shift());
  expect([1, 2, 3, 4].map(() => wasOutOfMemory())).toEqual([false, true, false, false]);
});
