import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten, isAlive, processGone } from "../support/gates.ts";
import { freePort, programs, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
const background: number[] = [];
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(async () => {
  for (const pid of background.splice(0)) {
    if (isAlive(pid)) process.kill(pid, "SIGTERM");
    await processGone(pid);
  }
  await sandbox.remove();
});

/** The pid that `start` has told. */
function told(stdout: string): number {
  const match =
    /Successfully started (Caddy|caddy-supervisor) \(pid=(\d+)\) - \1 is running in the background\n$/.exec(
      stdout,
    );
  const pid = Number(match?.[2]);
  if (match) background.push(pid);
  return pid;
}

describe("start", () => {
  it("does not speak of Caddy where a Supervisorfile needs none", async () => {
    sandbox.write("Supervisorfile", "sleep 86400\n");
    const { stdout } = await sandbox.run(["start"]);
    expect(isAlive(told(stdout))).toBe(true);
    expect(stdout).toContain("Successfully started caddy-supervisor (pid=");
  });

  it("returns when everything runs, and leaves it in a session of its own", async () => {
    const [admin, site] = [await freePort(), await freePort()];
    sandbox.write(
      "Caddyfile",
      `{\n\tadmin localhost:${admin}\n\tsupervisor {\n\t\tsleep 86400 {\n\t\t\tenv X {$X}\n\t\t}\n\t}\n}\nhttp://localhost:${site} {\n\trespond {$X}\n}\n`,
    );
    sandbox.write("x.env", "X=from-envfile\n");
    const flags = [
      "--config",
      "Caddyfile",
      "--adapter",
      "caddyfile",
      "--envfile",
      "x.env",
      "--pidfile",
      "our.pid",
    ];
    const { stdout, stderr, code } = await sandbox.run(["start", ...flags]);
    const pid = told(stdout);
    expect([code, isAlive(pid)]).toEqual([0, true]);
    expect(stderr).toContain("serving initial configuration");
    expect(readFileSync(sandbox.path("our.pid"), "utf8")).toBe(`${pid}\n`);
    expect(await (await fetch(`http://localhost:${site}`)).text()).toBe("from-envfile");
    const { stdout: session } = spawnSync("ps", ["-o", "sid=", "-p", String(pid)], { encoding: "utf8" });
    expect(Number(session)).toBe(pid);
    const again = await sandbox.run(["start", "--envfile", "x.env"]);
    expect(again.stderr).toMatch(new RegExp(`Error: .*\\b${pid}\\b`));
    expect(again.stderr).toMatch(/Error: caddy process exited with error: exit status 1\n$/);
    expect(again.code).toBe(1);
  });

  it("tells why it could not, exit code 1", async () => {
    sandbox.write("Caddyfile", "{\n\tsupervisor {\n\t\tsleep 1 {\n\t\t\tbogus\n\t\t}\n\t}\n}\n");
    const { stdout, stderr, code } = await sandbox.run(["start"]);
    expect(stderr).toContain("bogus");
    expect(stderr).toContain("at Caddyfile:4");
    expect(stderr).toMatch(/Error: caddy process exited with error: exit status 1\n$/);
    expect([stdout, code]).toEqual(["", 1]);
  });

  it("takes a configuration from stdin", async () => {
    const input = JSON.stringify({
      admin: { disabled: true },
      apps: { supervisor: { supervise: [{ command: ["sleep", "86400"] }] } },
    });
    const { stdout, code } = await sandbox.run(["start", "--config", "-"], { input });
    expect([isAlive(told(stdout)), code]).toEqual([true, 0]);
  });

  it("refuses a name, and points to up", async () => {
    const { stderr, code } = await sandbox.run(["start", "worker"]);
    expect(stderr).toContain("'start' starts everything, and takes no name: 'worker' given\n");
    expect(stderr).toContain("caddy-supervisor up worker");
    expect(code).toBe(1);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends what it has begun when %s interrupts it", async (signal) => {
    // It never gets ready: what it takes for Caddy waits for somebody to write into a pipe.
    spawnSync("mkfifo", [sandbox.path("hold")]);
    sandbox.write(
      "caddy",
      `#!/bin/sh\necho $PPID > ${sandbox.path("parent")}\nread line < ${sandbox.path("hold")}\n`,
    );
    spawnSync("chmod", ["+x", sandbox.path("caddy")]);
    sandbox.write("Caddyfile", ":80\n");
    const run = sandbox.start(["start", "--caddy", sandbox.path("caddy")]);
    const pid = Number(await fileWritten(sandbox.path("parent")));
    run.signal(signal);
    expect(await run.ended).toBe(1);
    await processGone(pid);
    // Nobody waits for the program's answer any more.
    spawnSync("sh", ["-c", `echo go > ${sandbox.path("hold")}`]);
  });
});

describe("run --pingback", () => {
  it("sends back what stdin holds, once everything runs", async () => {
    const { createServer } = await import("node:net");
    const server = createServer();
    const received = new Promise<string>((resolve) => {
      server.on("connection", (connection) => {
        let text = "";
        connection.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        connection.on("close", () => resolve(text));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    sandbox.write(
      "Supervisorfile",
      `${process.execPath} ${programs}/report.mjs {\n env REPORT ${sandbox.folder}/r\n}`,
    );
    const run = sandbox.start(["run", "--pingback", `127.0.0.1:${port}`], { input: "confirmation" });
    expect(await received).toBe("confirmation");
    server.close();
    expect(await run.stop()).toBe(0);
  });

  it("is believed by start only with the bytes that start has sent", async () => {
    // A stranger calls every port that is opened; the child itself never gets ready.
    spawnSync("mkfifo", [sandbox.path("hold")]);
    sandbox.write(
      "caddy",
      `#!/bin/sh\ntr '\\0' '\\n' < /proc/$PPID/cmdline > ${sandbox.path("args")}\nread line < ${sandbox.path("hold")}\necho refused >&2; exit 1\n`,
    );
    spawnSync("chmod", ["+x", sandbox.path("caddy")]);
    sandbox.write("Caddyfile", ":80\n");
    const run = sandbox.start(["start", "--caddy", sandbox.path("caddy")]);
    const args = await fileWritten(sandbox.path("args"));
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(args)?.[1]);
    await new Promise<void>((resolve) => {
      const stranger = createConnection({ host: "127.0.0.1", port }, () => stranger.end("guess"));
      stranger.on("close", () => resolve());
    });
    spawnSync("sh", ["-c", `echo go > ${sandbox.path("hold")}`]);
    expect(await run.ended).toBe(1);
    expect(run.stdout).toBe("");
  });
});
