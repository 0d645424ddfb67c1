// npm run soak: one supervisor, thousands of short lives, for SOAK_SECONDS (default 600). Fails when memory or
// descriptors go on growing, or when anything is left at the end.
//
// What is compared is the floor, the least of a quarter of the time: garbage that is not yet collected and starts under
// way come and go, a leak raises the floor. The first quarter is the warm-up; the second is the base; the last may be
// above it by `bounds` and no more. New objects get little room (--max-semi-space-size), or V8 would let the heap grow for
// minutes before it looks for garbage.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build, fail, root } from "./setup.mjs";

const seconds = Number(process.env.SOAK_SECONDS ?? 600);
if (!(seconds >= 8)) fail("SOAK_SECONDS: at least 8 are needed");

/** By how much the floor of the last quarter may be above that of the second: so many, and such a part of it. */
const bounds = {
  rssKiB: { absolute: 6_144, part: 0.1 },
  anonymousKiB: { absolute: 6_144, part: 0.1 },
  descriptors: { absolute: 2, part: 0 },
};
const rowsPrinted = 20;
/** How long the supervisor may take to start and to end. */
const longestMs = 30_000;

await build();
const scratch = mkdtempSync(join(tmpdir(), "caddy-supervisor-soak-"));
const backoff = "backoff {\n initial 50ms\n max 200ms\n }";
// Every way for output to go, every way to end, and relatives that a sweep has to find.
writeFileSync(
  join(scratch, "Supervisorfile"),
  `sh -c "echo out; echo err >&2; exit 1" {
 replicas 8
 redirect_stdout log
 redirect_stderr file ${scratch}/rolled.log {
  roll_size 64KiB
  roll_keep 2
 }
 ${backoff}
}
sh -c "echo out; exit 1" {
 replicas 4
 redirect_stdout file ${scratch}/plain.log
 ${backoff}
}
sh -c "sleep 86400 & setsid sleep 86401 & exit 1" {
 replicas 2
 redirect_stdout null
 redirect_stderr null
 ${backoff}
}
/nonexistent/program {
 ${backoff}
}
sh -c "exit 0" {
 replicas 4
}
sleep 86402
`,
);

const child = spawn(
  process.execPath,
  ["--max-semi-space-size=1", join(root, "bin", "caddy-supervisor.js"), "run"],
  {
    cwd: scratch,
    env: { ...process.env, SOAK: scratch },
    stdio: ["ignore", "ignore", "pipe"],
  },
);
const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
let starts = 0;
let ready = () => {};
const isReady = new Promise((resolve) => {
  ready = resolve;
});
const complaints = [];
createInterface({ input: child.stderr }).on("line", (line) => {
  if (line.includes('"msg":"process started"')) starts++;
  else if (line.includes('"msg":"serving initial configuration"')) ready();
  else if (line.includes("event out of turn")) complaints.push(line);
});

const samples = [];
try {
  const early = ended.then((code) => Promise.reject(new Error(`it ended with ${code} before it was ready`)));
  await within("its readiness", Promise.race([isReady, early]));
  const begun = performance.now();
  const interval = Math.max(200, (seconds * 1_000) / 400);
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const second = (performance.now() - begun) / 1_000;
      const measured = sample(child.pid);
      if (measured !== undefined) samples.push({ second, starts, ...measured });
      if (second < seconds && measured !== undefined) return;
      clearInterval(timer);
      resolve();
    }, interval);
  });
  if (child.exitCode !== null || child.signalCode !== null) complaints.push("it ended before its time");
  child.kill("SIGTERM");
  const code = await within("its end", ended);
  if (code !== 0) complaints.push(`it ended with ${code}`);
  const left = relatives();
  if (left.length > 0) complaints.push(`left behind: ${left.join(", ")}`);
} catch (error) {
  complaints.push(error.message);
} finally {
  child.kill("SIGKILL");
  await ended;
  rmSync(scratch, { recursive: true, force: true });
}

const step = Math.max(1, Math.floor(samples.length / rowsPrinted));
console.table(
  samples
    .filter((_sample, index) => index % step === 0 || index === samples.length - 1)
    .map(({ second, ...rest }) => ({ second: Math.round(second), ...rest })),
);
for (const [name, { absolute, part }] of Object.entries(bounds)) {
  const base = floor(name, 0.25, 0.5);
  const last = floor(name, 0.75, 1);
  const allowed = Math.round(base * (1 + part) + absolute);
  console.log(`${name}: ${base} in the second quarter, ${last} in the last, allowed ${allowed}`);
  // Written so that a number that could not be had fails, too.
  if (!(last <= allowed)) complaints.push(`${name} grow`);
}
for (const complaint of complaints) console.error(complaint);
console.log(`${starts} starts in ${seconds} s: ${complaints.length === 0 ? "passed" : "failed"}`);
process.exit(complaints.length === 0 ? 0 : 1);

function sample(pid) {
  try {
    return {
      rssKiB: kibibytes(`/proc/${pid}/status`, "VmRSS"),
      // Not PSS: that falls while other programs of the same Node run.
      anonymousKiB: kibibytes(`/proc/${pid}/smaps_rollup`, "Anonymous"),
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
    };
  } catch {
    return undefined;
  }
}

/** A line of a file of proc(5): `name:  N kB`. */
function kibibytes(path, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(path, "utf8"))?.[1]);
}

function floor(name, from, to) {
  const values = samples
    .filter(({ second }) => second >= from * seconds && second <= to * seconds)
    .map((measured) => measured[name]);
  return Math.min(...values);
}

/** Whatever still has the environment that we gave to the supervisor. */
function relatives() {
  return readdirSync("/proc").filter((name) => {
    const path = `/proc/${name}/environ`;
    try {
      return (
        /^\d+$/.test(name) && existsSync(path) && readFileSync(path, "latin1").includes(`SOAK=${scratch}\0`)
      );
    } catch {
      return false;
    }
  });
}

function within(what, promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), longestMs);
    promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    }, reject);
  });
}
