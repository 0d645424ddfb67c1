import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAlive, processGone, until } from "../support/gates.ts";
import { descendants, freePort, programs, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
let site: number;
let admin: number;
beforeEach(async () => {
  sandbox = new Sandbox();
  [site, admin] = [await freePort(), await freePort()];
});
afterEach(() => sandbox.remove());

const answer = async (port: number, path = "/") => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

function caddyfile(inside: string, siteBlock = "respond hello"): string {
  return sandbox.write(
    "Caddyfile",
    `{
	admin localhost:${admin}
	auto_https off
	supervisor {
		${inside}
	}
}

http://127.0.0.1:${site} {
	${siteBlock}
}
`,
  );
}

/** The pid of the Caddy that is our child, out of its log line. */
async function caddyPid(run: ReturnType<Sandbox["start"]>, life = 1): Promise<number> {
  return until(`start ${life} of Caddy`, () => {
    const starts = run.log.filter(
      ({ msg, logger }) => msg === "process started" && logger === "supervisor.caddy",
    );
    return Number(starts[life - 1]?.pid) || undefined;
  });
}

describe("run beside stock Caddy", () => {
  it("starts the processes, then Caddy as our child, and the site answers through them", async () => {
    sandbox.copy("examples/web");
    const port = await freePort();
    caddyfile(
      `${process.execPath} web.mjs --port ${port} {\n\t\t\tstop_signal TERM\n\t\t}`,
      `reverse_proxy 127.0.0.1:${port} {\n\t\tlb_try_duration 5s\n\t}`,
    );
    const run = await sandbox.start(["run"]).ready();
    expect(await answer(site)).toContain(`port ${port}`);
    const caddy = await caddyPid(run);
    expect(
      spawnSync("ps", ["-o", "ppid=,sid=", "-p", String(caddy)], { encoding: "utf8" })
        .stdout.trim()
        .split(/\s+/),
    ).toEqual([String(run.pid), String(caddy)]);
    expect(await run.stop()).toBe(0);
    await processGone(caddy);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("stops Caddy first, then the processes", async () => {
    caddyfile("sleep 86400");
    const run = await sandbox.start(["run"]).ready();
    expect(await run.stop("SIGINT")).toBe(0);
    const ends = run.log.filter(({ msg }) => msg.startsWith("process exited")).map(({ logger }) => logger);
    expect(ends).toEqual(["supervisor.caddy", "supervisor"]);
  });

  it("lets a request in flight end", async () => {
    const port = await freePort();
    const slow = sandbox.write(
      "slow.mjs",
      `import { createServer } from "node:http";
      import { existsSync, writeFileSync } from "node:fs";
      createServer((_, response) => {
        writeFileSync("asked", "");
        setInterval(() => existsSync("answer") && response.end("late"), 5);
      }).listen(${port}, "127.0.0.1");`,
    );
    caddyfile(
      `${process.execPath} ${slow}`,
      `reverse_proxy 127.0.0.1:${port} {\n\t\tlb_try_duration 5s\n\t}`,
    );
    const run = await sandbox.start(["run"]).ready();
    const late = answer(site);
    const { existsSync } = await import("node:fs");
    await until("the request", () => existsSync(sandbox.path("asked")));
    run.signal("SIGTERM");
    await run.waitFor("shutting down");
    writeFileSync(sandbox.path("answer"), "");
    expect(await late).toBe("late");
    expect(await run.ended).toBe(0);
  });

  it("starts Caddy again when it crashes; the processes stay up", async () => {
    caddyfile("sleep 86400");
    const run = await sandbox.start(["run"]).ready();
    const pid = Number(run.logged("process started")[0]?.pid);
    process.kill(await caddyPid(run), "SIGKILL");
    await caddyPid(run, 2);
    expect(await until("the site", () => answer(site).catch(() => ""))).toBe("hello");
    expect(isAlive(pid)).toBe(true);
    await run.stop();
  });

  it("takes Caddy and everything else along when we are SIGKILLed; the next start finds nothing in its way", async () => {
    caddyfile(`${process.execPath} ${programs}/ignore-signals.mjs ${sandbox.folder}/gate`);
    const run = await sandbox.start(["run"]).ready();
    const caddy = await caddyPid(run);
    const pid = Number(run.logged("process started")[0]?.pid);
    run.signal("SIGKILL");
    await processGone(caddy);
    await processGone(pid);
    const next = await sandbox.start(["run"]).ready();
    expect(await answer(site)).toBe("hello");
    expect(await next.stop("SIGQUIT")).toBe(2);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("ends by `caddy stop` against our admin endpoint", async () => {
    caddyfile("sleep 86400");
    const run = await sandbox.start(["run"]).ready();
    const { status, stderr } = spawnSync("caddy", ["stop", "--address", `localhost:${admin}`], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(await run.ended).toBe(0);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("forwards the rest of the admin API, and refuses strange hosts", async () => {
    caddyfile("sleep 86400");
    const run = await sandbox.start(["run"]).ready();
    const config = await (
      await fetch(`http://localhost:${admin}/config/apps/http/servers/srv0/listen`)
    ).json();
    expect(config).toEqual([`:${site}`]);
    const { request } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      request({
        port: admin,
        host: "127.0.0.1",
        path: "/stop",
        method: "POST",
        headers: { host: "evil.example" },
      })
        .on("response", (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
    expect((await fetch(`http://localhost:${admin}/stop`)).status).toBe(405);
    await run.stop();
  });

  it("does not start, and leaves nothing, when Caddy cannot", async () => {
    const { createServer } = await import("node:net");
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(site, "127.0.0.1", resolve));
    caddyfile("sleep 86400", "bind 127.0.0.1\n\trespond hello");
    const { code, stderr } = await sandbox.run(["run"]);
    squatter.close();
    expect(stderr).toContain("address already in use");
    expect(stderr).toContain("Error: Caddy did not start\nHint: most often a port of a site is taken");
    expect(code).toBe(1);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("names the user's own file and line when Caddy refuses its half, before anything is started", async () => {
    caddyfile(`sh -c "touch ${sandbox.folder}/touched"`, "nosuch directive");
    for (const command of ["run", "validate", "adapt"]) {
      const { code, stderr } = await sandbox.run([command]);
      expect(stderr).toContain("Caddyfile:10");
      expect(stderr).toContain("unrecognized directive: nosuch");
      expect(stderr).toContain("> 10 |     nosuch directive\n");
      expect(stderr).not.toContain("shadow");
      expect(code).toBe(1);
    }
    const { existsSync } = await import("node:fs");
    expect(existsSync(sandbox.path("touched"))).toBe(false);
  });

  it("uses the binary that --caddy names, and says when it contains the module", async () => {
    caddyfile("sleep 86400");
    const wrapper = sandbox.write(
      "my-caddy",
      '#!/bin/sh\nif [ "$1" = list-modules ]; then echo supervisor; else exec caddy "$@"; fi\n',
    );
    const { chmodSync } = await import("node:fs");
    chmodSync(wrapper, 0o755);
    const run = await sandbox.start(["run", "--caddy", wrapper]).ready();
    await run.waitFor("this caddy binary contains the supervisor module; it is not used");
    expect(await answer(site)).toBe("hello");
    await run.stop();
  });

  it("leaves no folder of its own behind", async () => {
    caddyfile("sleep 86400");
    const run = await sandbox.start(["run"], { env: { TMPDIR: sandbox.folder } }).ready();
    await run.stop();
    const { readdirSync } = await import("node:fs");
    // What `--resume` would begin with is to stay.
    expect(readdirSync(sandbox.folder)).toEqual(["Caddyfile", "config"]);
  });
});

describe("adapt", () => {
  it("prints the whole document, indented with --pretty", async () => {
    caddyfile("sleep 86400 {\n\t\t\treplicas 2\n\t\t}");
    const plain = await sandbox.run(["adapt"]);
    const document = JSON.parse(plain.stdout);
    expect(document.apps.supervisor).toEqual({ supervise: [{ command: ["sleep", "86400"], replicas: 2 }] });
    expect(document.apps.http.servers.srv0.listen).toEqual([`:${site}`]);
    const pretty = await sandbox.run(["adapt", "--pretty"]);
    expect(pretty.stdout).toBe(`${JSON.stringify(document, undefined, "\t")}\n`);
    expect(plain.stderr).toBe("");
  });

  it("needs no Caddy without sites", async () => {
    sandbox.write("Caddyfile", "{\n\tsupervisor {\n\t\tsleep 1\n\t}\n}\n");
    const { stdout, code } = await sandbox.run(["adapt"], { env: { PATH: "/nonexistent" } });
    expect([stdout, code]).toEqual([
      '{"apps":{"supervisor":{"supervise":[{"command":["sleep","1"]}]}}}\n',
      0,
    ]);
  });

  it("reads as the module does with --compat, and warns", async () => {
    sandbox.write("Caddyfile", "{\n\tsupervisor {\n\t\tsleep 1 {\n\t\t\tbogus dir /tmp\n\t\t}\n\t}\n}\n");
    const { stdout, stderr, code } = await sandbox.run(["adapt", "--compat"]);
    expect(JSON.parse(stdout).apps.supervisor.supervise).toEqual([{ command: ["sleep", "1"], dir: "/tmp" }]);
    expect(stderr).toMatch(/^Warning: .*bogus.*, at Caddyfile:4\n$/);
    expect(code).toBe(0);
  });
});
