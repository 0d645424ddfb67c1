import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeManager } from "../support/fake-manager.ts";
import { fileWritten } from "../support/gates.ts";
import { descendants, freePort, type ProgramRun, programs, repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const packaging = (name: string) => readFileSync(join(repository, "packaging", name), "utf8");
const unit = packaging("caddy-supervisor.service");
const dropIn = packaging("other-users.conf");

/** All values of a setting, in order. */
function values(text: string, setting: string): string[] {
  return [...text.matchAll(new RegExp(`^${setting}=(.+)$`, "gm"))].map(([, value = ""]) => value);
}

/** In setpriv's words: `-all,+setuid,+kill`. */
const capabilities = (...names: string[]) =>
  [
    "-all",
    ...names
      .join(" ")
      .split(" ")
      .map((name) => name.toLowerCase().replace("cap_", "+")),
  ].join(",");

describe("the unit", () => {
  const verify = (name: string) => {
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", sandbox.path(name)], {
      encoding: "utf8",
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${sandbox.folder}:` },
    });
    return { status, complaints: stderr.split("\n").filter((line) => line.includes("caddy-supervisor")) };
  };
  /** Verified with the program of this repository in place of an installed one. */
  const installed = (text: string) =>
    text.replace("ExecStart=caddy-supervisor", `ExecStart=${repository}/bin/caddy-supervisor.js`);

  it("is accepted by systemd-analyze verify, also with the drop-in", () => {
    sandbox.write("caddy-supervisor.service", installed(unit));
    expect(verify("caddy-supervisor.service")).toEqual({ status: 0, complaints: [] });
    mkdirSync(sandbox.path("caddy-supervisor.service.d"));
    sandbox.write("caddy-supervisor.service.d/other-users.conf", dropIn);
    expect(verify("caddy-supervisor.service")).toEqual({ status: 0, complaints: [] });
  });

  it("would not be, with a mistake in either", () => {
    sandbox.write("caddy-supervisor.service", installed(unit).replace("KillMode=mixed", "KillMode=mxied"));
    expect(verify("caddy-supervisor.service").complaints.join()).toContain("kill mode");
    sandbox.write("caddy-supervisor.service", installed(unit));
    mkdirSync(sandbox.path("caddy-supervisor.service.d"));
    sandbox.write("caddy-supervisor.service.d/other-users.conf", `${dropIn}Usr=root\n`);
    expect(verify("caddy-supervisor.service").complaints.join()).toContain("Usr");
  });

  it("gives a stop more time than we give ourselves", () => {
    const [, own = ""] = /--stop-timeout (\d+)s/.exec(unit) ?? [];
    const [theirs = ""] = values(unit, "TimeoutStopSec");
    expect(Number.parseInt(theirs, 10)).toBeGreaterThan(Number(own) + 2);
  });
});

/** The words of ExecStart or of a Dockerfile's CMD, with another Caddyfile. */
function started(words: readonly string[], settings: Parameters<Sandbox["start"]>[1] = {}): ProgramRun {
  expect(words[0]).toBe("caddy-supervisor");
  const own = words.map((word) => (word === "/etc/caddy/Caddyfile" ? sandbox.path("Caddyfile") : word));
  return sandbox.start(own.slice(1), settings);
}

/** The capabilities that a process can have at most (proc(5)). */
const bounds = (pid: number) => /^CapBnd:.*$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[0];

const [execStart = ""] = values(unit, "ExecStart");

describe.skipIf(process.getuid?.() !== 0)("the rights of the unit (needs root, to give them)", () => {
  /** A copy of the program that other users can reach; without koffi. */
  function bin(): string {
    chmodSync(sandbox.folder, 0o755);
    for (const part of ["bin", "dist", "package.json", "node_modules/commander"]) sandbox.copy(part, part);
    return sandbox.path("bin/caddy-supervisor.js");
  }

  it("let the user caddy run Caddy on a port below 1024", async () => {
    const port = await freeLowPort();
    const [user = ""] = values(unit, "User");
    // RuntimeDirectory= and the user's home.
    for (const folder of ["caddy-supervisor", "home"])
      spawnSync("install", ["-d", "-o", user, "-m", "700", sandbox.path(folder)]);
    sandbox.write(
      "Caddyfile",
      `{
        admin off
        auto_https off
        supervisor {
          id {
            restart_policy never
            redirect_stdout stderr
          }
        }
      }
      http://localhost:${port} {
        respond hello
      }`,
    );
    const ambient = values(unit, "AmbientCapabilities").join(" ").toLowerCase().replace("cap_", "+");
    const as = [`--reuid=${user}`, `--regid=${user}`, "--init-groups"];
    const rights = [...as, `--inh-caps=${ambient}`, `--ambient-caps=${ambient}`];
    const run = started(execStart.split(" "), {
      bin: bin(),
      through: ["setpriv", ...rights],
      env: {
        XDG_RUNTIME_DIR: sandbox.folder,
        HOME: sandbox.path("home"),
        XDG_DATA_HOME: "",
        XDG_CONFIG_HOME: "",
      },
    });
    await run.ready();
    expect(await (await fetch(`http://localhost:${port}`)).text()).toBe("hello");
    await run.waitFor("process exited");
    expect(run.stderr).toContain("(caddy)");
    expect(await run.stop()).toBe(0);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("let root change users, limits and priorities, and stop all of it, with the drop-in's capabilities", async () => {
    sandbox.write(
      "Supervisorfile",
      `${process.execPath} ${sandbox.path("report.mjs")} {
        env REPORT ${sandbox.folder}/report
        user www-data
        redirect_stdout log
        nice -1
        limits {
          nofile 5000
        }
      }
      setsid sh -c "echo $$ > ${sandbox.folder}/away; trap '' INT; exec sleep 86400" {
        user www-data
        termination_grace_period 100ms
      }`,
    );
    sandbox.copy("test/programs/report.mjs", "report.mjs");
    const bounding = capabilities(...values(dropIn, "CapabilityBoundingSet"));
    const settings = { bin: bin(), through: ["setpriv", "--bounding-set", bounding] };
    chmodSync(sandbox.folder, 0o777);
    const run = sandbox.start(["run"], settings);
    const report = JSON.parse(await fileWritten(sandbox.path("report")));
    expect(report).toMatchObject({ uid: 33, gid: 33 });
    await fileWritten(sandbox.path("away"));
    expect(bounds(run.pid)).not.toBe(bounds(process.pid));
    expect(await run.stop()).toBe(0);
    expect(descendants(sandbox)).toEqual([]);
  });
});

it("the Dockerfile's command runs in place of `caddy run`", async () => {
  const command = JSON.parse(/^CMD (.*)$/m.exec(packaging("Dockerfile"))?.[1] ?? "[]");
  const port = await freePort();
  sandbox.write(
    "Caddyfile",
    `{
      admin off
      auto_https off
      supervisor {
        ${process.execPath} ${programs}/ignore-signals.mjs ${sandbox.folder}/stubborn {
          termination_grace_period 1s
        }
      }
    }
    http://localhost:${port} {
      respond hello
    }`,
  );
  const manager = (await FakeManager.listen(sandbox.path("notify"))).read();
  try {
    const run = await started(command, { env: { NOTIFY_SOCKET: manager.address } }).ready();
    await fileWritten(sandbox.path("stubborn"));
    expect(await (await fetch(`http://localhost:${port}`)).text()).toBe("hello");
    // As Docker stops a container; it would wait 10 s.
    expect(await run.stop("SIGTERM")).toBe(0);
    expect(run.logged("stop timeout exceeded, killing what is left")).toEqual([]);
  } finally {
    manager.close();
  }
});

/** One that only those may take who have CAP_NET_BIND_SERVICE. */
async function freeLowPort(): Promise<number> {
  for (let port = 900; port < 1024; port++) {
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
  throw new Error("no free port below 1024");
}
