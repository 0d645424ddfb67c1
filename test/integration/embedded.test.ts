import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { isAlive, until } from "../support/gates.ts";

const library = join(import.meta.dirname, "../../dist/index.js");

/** What a program that uses the library prints. */
function printed(script: string): string {
  const program = `import { App, toSupervisors } from ${JSON.stringify(library)}; ${script}`;
  const { stdout, stderr, status, signal } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", program],
    { encoding: "utf8", timeout: 20_000 },
  );
  expect({ stderr, status, signal }).toEqual({ stderr: "", status: 0, signal: null });
  return stdout;
}

it("keeps a program going as long as a process runs, and no longer", () => {
  expect(
    printed(`
      const app = new App({ supervise: [{ command: ["sleep", "0.2"], restart_policy: "never" }] });
      app.on("exited", ({ status }) => console.log("exited", status.code));
      await app.start();
    `),
  ).toBe("exited 0\n");
});

it("is over with a stop, also when the guard has to be killed", () => {
  expect(
    printed(`
      import { readFileSync } from "node:fs";
      const app = new App({ supervise: [{ command: ["sleep", "86400"] }] });
      await app.start();
      const children = readFileSync(\`/proc/self/task/\${process.pid}/children\`, "utf8").trim().split(" ");
      const guard = children.find((pid) => readFileSync(\`/proc/\${pid}/cmdline\`, "utf8").includes("guard"));
      process.kill(Number(guard), "SIGSTOP");
      void app.stop().then(() => console.log("stopped"));
    `),
  ).toBe("stopped\n");
});

it("serves in a worker thread, which hears of no signal", () => {
  expect(
    printed(`
      import { Worker } from "node:worker_threads";
      const code = \`
        import(${JSON.stringify(library)}).then(async ({ App }) => {
          const app = new App({ supervise: [{ command: ["sh", "-c", "exit 7"], restart_policy: "never" }] });
          app.on("exited", async ({ status }) => {
            await app.stop();
            (await import("node:worker_threads")).parentPort.postMessage(status.code);
          });
          await app.start();
        });
      \`;
      const worker = new Worker(code, { eval: true });
      worker.once("message", (code) => console.log("exited", code));
      worker.once("error", console.error);
    `),
  ).toBe("exited 7\n");
});

it.each([
  ["an App", "new App({ supervise: [definition] })", "start()"],
  ["a Supervisor", "toSupervisors(definition)[0]", "begin()"],
])("%s ends nothing that another thread has started", (_, made, start) => {
  expect(
    printed(`
      import { Worker } from "node:worker_threads";
      const code = \`
        import(${JSON.stringify(library)}).then(async ({ App, toSupervisors }) => {
          const { parentPort } = await import("node:worker_threads");
          const definition = { command: ["sleep", "86400"] };
          const one = ${made};
          const started = new Promise((resolve) => one.once("started", resolve));
          await one.${start};
          await started;
          parentPort.postMessage("started");
          parentPort.once("message", async () => {
            await one.stop();
            parentPort.postMessage("stopped");
          });
        });
      \`;
      const said = (worker) => new Promise((resolve) => worker.once("message", resolve));
      const definition = { command: ["sleep", "86400"] };
      const one = ${made};
      one.on("exited", ({ error }) => console.log("exited", error));
      await one.${start};
      const worker = new Worker(code, { eval: true });
      worker.once("error", console.error);
      console.log(await said(worker));
      worker.postMessage("stop");
      console.log(await said(worker));
      await one.stop();
    `),
  ).toBe("started\nstopped\nexited signal: interrupt\n");
});

it("leaves no process and no folder when the program is killed", async () => {
  const program = `import { App } from ${JSON.stringify(library)};
    import { readFileSync } from "node:fs";
    const app = new App({ supervise: [{ command: ["sleep", "86400"] }] });
    await app.start();
    const children = readFileSync(\`/proc/self/task/\${process.pid}/children\`, "utf8").trim().split(" ");
    const commands = children.map((pid) => readFileSync(\`/proc/\${pid}/cmdline\`, "utf8").split("\\0"));
    const stateFile = commands.flat().find((word) => word.endsWith(".json"));
    console.log(JSON.stringify([stateFile, app.supervisors[0].pid]));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed] = await once(child.stdout, "data");
  const [stateFile, pid] = JSON.parse(printed);
  await until("the state file", () => existsSync(stateFile));
  child.kill("SIGKILL");
  await until("the end of it", () => !isAlive(pid) && !existsSync(dirname(stateFile)));
});
