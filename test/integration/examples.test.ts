import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { until } from "../support/gates.ts";
import { repository } from "../support/program.ts";

function runExample(name: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(repository, "examples/library", name), ...args],
    {
      encoding: "utf8",
      cwd: repository,
    },
  );
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout;
}

it("app.mjs: starts, tells of events, stops", () => {
  const lines = runExample("app.mjs").split("\n");
  expect(lines).toContain("replica 1 started, pid is a number: true");
  expect(lines).toContain("replica 0 exited: signal: interrupt");
  expect(lines.at(-2)).toBe("stopped 2, forced: false");
});

it("load-config.mjs: the processes of a Caddyfile", () => {
  expect(runExample("load-config.mjs", "examples/web/Caddyfile").split("\n")).toEqual([
    "0: node web.mjs --port 8000 GREETING=Hello from replica 0",
    "1: node web.mjs --port 8001 GREETING=Hello from replica 1",
    "2: node web.mjs --port 8002 GREETING=Hello from replica 2",
    "0: node worker.mjs --jobs 3",
    "",
  ]);
});

it("supervisor.mjs: a failure, a restart, rest", () => {
  expect(runExample("supervisor.mjs")).toBe(
    "run 1: exit status 3\nagain in 0 ms (backoff)\nrun 2: clean exit\nstate: exited\n",
  );
});

it("text-layers.mjs: tokens, blocks, format, templates, durations", () => {
  expect(runExample("text-layers.mjs")).toBe(
    `[ 'respond', 'hi there' ]
[ { keys: [ ':80' ], segments: [ [Array] ] } ]
:80 {
\trespond hi
}

--port 8002 "WEB"
90000000000n 1h30m0s
`,
  );
});

it("npm start: the main job on examples/web, until Ctrl-C", async () => {
  const child = spawn("npm", ["start"], {
    cwd: repository,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let told = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk) => (told += chunk));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    await until(`the address:\n${told}`, () => told.includes("Caddy serves them at http://localhost:8080"));
    const answers = new Set<string>();
    await until("an answer of each replica", async () => {
      const text = await (await fetch("http://localhost:8080/")).text();
      expect(text).toMatch(/^Hello from replica \d /);
      answers.add(text.slice(0, "Hello from replica 0".length));
      return answers.size === 3;
    });
    expect([...answers].sort()).toEqual([
      "Hello from replica 0",
      "Hello from replica 1",
      "Hello from replica 2",
    ]);
    // A terminal sends Ctrl-C to every process of the group in the foreground.
    process.kill(-(child.pid ?? 0), "SIGINT");
    await ended;
    await until("the end of the log", () =>
      told.includes('"msg":"shutdown complete","signal":"SIGINT","exit_code":0'),
    );
  } finally {
    // Without its supervisor nothing of it survives.
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), "SIGKILL");
  }
});
