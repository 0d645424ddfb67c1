import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { linkToUs, script } from "../support/fake-caddy.ts";
import { fileWritten, processGone, until } from "../support/gates.ts";
import { freePort, programs, repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const ownBin = join(repository, "bin/caddy-supervisor.js");
const path = process.env.PATH ?? "";
const stock = (...args: string[]) => spawnSync("caddy", args, { encoding: "utf8" });
const signals = `${process.execPath} ${programs}/signals.mjs`;
const noCaddy = { PATH: "/nonexistent" };

describe("environ", () => {
  it("prints what Caddy prints, env files included", async () => {
    sandbox.write("one.env", "ONE=1\n");
    const env = { HOME: "/home/x", XDG_CONFIG_HOME: "/config" };
    const { stdout, code } = await sandbox.run(["environ", "--envfile", "one.env"], { env });
    const caddys = spawnSync("caddy", ["environ"], { encoding: "utf8", env: { ...process.env, ...env } });
    const [ours, theirs] = [stdout, caddys.stdout].map((text) => text.split("\n"));
    const shared = /^(caddy\.|runtime\.(GOOS|GOARCH|NumCPU)=)/;
    expect(ours?.filter((line) => shared.test(line))).toEqual(theirs?.filter((line) => shared.test(line)));
    expect(stdout).toContain(`\nos.Getwd=${sandbox.folder}\n\n`);
    expect(stdout).toContain("\nONE=1\n");
    expect(code).toBe(0);
  });

  it("needs no Caddy", async () => {
    const { stdout, code } = await sandbox.run(["environ"], { env: noCaddy });
    expect(stdout).toMatch(/^caddy\.HomeDir=.*\n/);
    expect(stdout).not.toContain("caddy.Version");
    expect(code).toBe(0);
  });
});

describe("version", () => {
  it("is ours, then Caddy's", async () => {
    const caddys = stock("version").stdout.trim();
    const lines = (await sandbox.run(["version"])).stdout.split("\n");
    expect(lines[0]).toMatch(/^v\d+\.\d+\.\d+ caddy-supervisor$/);
    expect(lines[1]?.startsWith(`${caddys} /`)).toBe(true);
    expect((await sandbox.run(["version"], { env: noCaddy })).stdout).toBe(`${lines[0]}\n`);
  });

  it("is Caddy's first when we are called caddy", async () => {
    const { file } = linkToUs(sandbox);
    const { stdout } = await sandbox.run(["version"], { bin: file });
    expect(stdout).toMatch(/^.*\nv\d+\.\d+\.\d+ caddy-supervisor\n$/);
    expect(stdout.split("\n")[0]).toBe(stock("version").stdout.trim());
  });
});

describe("list-modules", () => {
  it("is the binary's list, and ours", async () => {
    const caddys = stock("list-modules").stdout;
    const { stdout, code } = await sandbox.run(["list-modules"]);
    expect(stdout).toBe(
      caddys.replace("\n  Non-standard modules: 0", "\nsupervisor\n\n  Non-standard modules: 1"),
    );
    expect(code).toBe(0);
  });

  it("is told as Caddy tells it with --skip-standard, --versions and --packages", async () => {
    const flags = ["--skip-standard", "--versions", "--packages"];
    const { stdout } = await sandbox.run(["list-modules", ...flags]);
    expect(stdout).toMatch(
      /^supervisor v\S+ caddy-supervisor\n\n {2}Non-standard modules: 1\n\n {2}Unknown modules: 0\n$/,
    );
  });

  it("shows the module of a binary that contains it once", async () => {
    const list = "supervisor\n\n  Non-standard modules: 1\n\n  Unknown modules: 0";
    const { file } = script(sandbox, "with-module", `echo '${list}'`);
    const { stdout } = await sandbox.run(["list-modules", "--caddy", file]);
    expect(stdout).toBe(`${list}\n`);
  });
});

describe("any other command", () => {
  it("goes to Caddy with its arguments, stdin and exit code", async () => {
    const { file } = script(
      sandbox,
      "caddy",
      'for word; do echo "[$word]"; done; cat; echo told >&2; exit 7',
    );
    const env = { CADDY_SUPERVISOR_CADDY: file };
    const words = ["file-server", "--root", "a b", "--", "-x", "--help"];
    const { stdout, stderr, code } = await sandbox.run(words, { env, input: "from stdin\n" });
    expect(stdout).toBe(`${words.map((word) => `[${word}]\n`).join("")}from stdin\n`);
    expect([stderr, code]).toEqual(["told\n", 7]);
  });

  it("is named in our help", async () => {
    const { stdout } = await sandbox.run(["--help"], { env: noCaddy });
    expect(stdout).toContain("Any other command goes to the Caddy binary");
  });

  it("is what stock Caddy says and does", async () => {
    const args = ["hash-password", "--plaintext", "x", "--algorithm", "nosuch"];
    const { stdout, stderr, code } = await sandbox.run(args);
    const theirs = stock(...args);
    expect([stdout, stderr, code]).toEqual([theirs.stdout, theirs.stderr, theirs.status]);
    expect((await sandbox.run(["help", "respond"])).stdout).toBe(stock("help", "respond").stdout);
  });

  it("complains of a wrong flag in the form of its other errors", async () => {
    const { stdout, stderr, code } = await sandbox.run(["status", "--jsn"]);
    expect(stderr).toBe(
      "Error: unknown option '--jsn'\n(Did you mean --json?)\nHint: caddy-supervisor help COMMAND lists its flags\n",
    );
    expect([stdout, code]).toEqual(["", 1]);
  });

  it("tells of ours when neither knows it, and is an error without Caddy", async () => {
    const unknown = await sandbox.run(["relod"]);
    expect([unknown.stderr.includes('unknown command "relod"'), unknown.code]).toEqual([true, 1]);
    const near = await sandbox.run(["strat"]);
    expect(near.stderr).toMatch(
      /unknown command "strat"[\s\S]*\nHint: did you mean 'caddy-supervisor start'\?\n$/,
    );
    const others = await sandbox.run(["list"]);
    expect(others.stderr).toMatch(/\nHint: did you mean 'caddy-supervisor status'\?\n$/);
    const none = await sandbox.run(["strat"], { env: noCaddy });
    expect(none.stderr).toBe(
      "Error: 'strat' is no command of ours, and goes to Caddy: exec: \"caddy\": executable file not found in $PATH\n" +
        "Hint: did you mean 'caddy-supervisor start'?\n",
    );
    expect(none.code).toBe(1);
  });

  it.each(["SIGTERM", "SIGHUP", "SIGINT", "SIGUSR2"] as const)(
    "hears %s, and its end is ours",
    async (signal) => {
      const { file } = script(sandbox, "caddy", `exec ${signals}`);
      const run = sandbox.start(["respond"], { env: { CADDY_SUPERVISOR_CADDY: file } });
      await fileWritten(sandbox.path("pid"));
      run.signal(signal);
      expect(await fileWritten(sandbox.path("got"))).toBe(`${signal}\n`);
      expect(await run.ended).toBe(5);
    },
  );

  it("kills us with the signal that killed it", async () => {
    const { file } = script(sandbox, "caddy", "kill -KILL $$");
    const run = sandbox.start(["respond"], { env: { CADDY_SUPERVISOR_CADDY: file } });
    expect([await run.ended, run.child.signalCode]).toEqual([null, "SIGKILL"]);
  });

  it("has our terminal, and one Ctrl-C reaches it once", async () => {
    const { file } = script(sandbox, "caddy", `tty > terminal; exec ${signals}`);
    const command = `exec ${process.execPath} ${ownBin} respond`;
    const terminal = spawn("script", ["-qefc", command, "/dev/null"], {
      cwd: sandbox.folder,
      env: { ...process.env, CADDY_SUPERVISOR_CADDY: file, STAY: "SIGINT" },
      stdio: ["pipe", "ignore", "ignore"],
    });
    const pid = Number(await fileWritten(sandbox.path("pid")));
    expect(readFileSync(sandbox.path("terminal"), "utf8")).toMatch(/^\/dev\//);
    terminal.stdin?.write("\x03");
    await fileWritten(sandbox.path("got"));
    // By way of us: what we have heard before is passed on before it.
    const ours = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    process.kill(Number(ours), "SIGTERM");
    await processGone(pid);
    expect(readFileSync(sandbox.path("got"), "utf8")).toBe("SIGINT\nSIGTERM\n");
    await until("the terminal to be gone", () => terminal.exitCode !== null);
  });
});

describe("as a link called caddy", () => {
  it("finds the stock one behind itself on the PATH", async () => {
    const { folder, file } = linkToUs(sandbox);
    const { stdout, code } = await sandbox.run(["build-info"], {
      bin: file,
      env: { PATH: `${folder}:${path}` },
    });
    expect([stdout.split("\n")[0], code]).toEqual([stock("build-info").stdout.split("\n")[0], 0]);
  });

  it("finds the one that a diversion has put beside it", async () => {
    const { folder } = linkToUs(sandbox);
    script(sandbox, "links/caddy.distrib", "echo diverted");
    expect((await sandbox.run(["trust"], { env: { PATH: folder } })).stdout).toBe("diverted\n");
  });

  it("says so when there is none behind it", async () => {
    const { folder, file } = linkToUs(sandbox);
    const behind = await sandbox.run(["trust"], { env: { PATH: folder } });
    expect(behind.stderr).toContain(
      "executable file not found in $PATH, save a link to caddy-supervisor itself\n",
    );
    const named = await sandbox.run(["trust"], { env: { CADDY_SUPERVISOR_CADDY: file } });
    expect(named.stderr).toContain(`${file} is caddy-supervisor itself\n`);
    expect([behind.code, named.code]).toEqual([1, 1]);
  });

  it("notices a script that leads back to it", async () => {
    const { file } = script(sandbox, "caddy", `exec ${process.execPath} ${ownBin} "$@"`);
    const env = { CADDY_SUPERVISOR_CADDY: file };
    const other = await sandbox.run(["trust"], { env });
    expect(other.stderr).toContain(`${file} calls us again\n`);
    sandbox.write("Caddyfile", "{\n\tsupervisor {\n\t\tsleep 1\n\t}\n}\n:80\n");
    const adapt = await sandbox.run(["adapt"], { env });
    expect(adapt.stderr).toContain(`${file} calls us again\n`);
    expect([other.code, adapt.code]).toEqual([1, 1]);
  });

  it.each([
    ["the official unit", ["run", "--environ", "--config", "etc/Caddyfile"]],
    ["the Docker image", ["run", "--config", "etc/Caddyfile", "--adapter", "caddyfile"]],
  ])("runs what %s runs", async (_who, args) => {
    const [admin, site] = [await freePort(), await freePort()];
    mkdirSync(sandbox.path("etc"));
    sandbox.write(
      "etc/Caddyfile",
      `{\n\tadmin localhost:${admin}\n\tsupervisor {\n\t\tsleep 86400\n\t}\n}\nhttp://localhost:${site} {\n\trespond hello\n}\n`,
    );
    const { folder, file } = linkToUs(sandbox);
    const env = { PATH: `${folder}:${path}` };
    const run = await sandbox.start(args, { bin: file, env }).ready();
    expect(run.stdout.includes("caddy.ConfigAutosavePath=")).toBe(args.includes("--environ"));
    const answer = await fetch(`http://localhost:${site}`);
    expect(await answer.text()).toBe("hello");
    expect(await run.stop()).toBe(0);
    expect(existsSync(sandbox.path("config/caddy/autosave.json"))).toBe(true);
  });
});

describe("a binary that contains the Go module, called frankenphp", () => {
  /** It tells of the module, keeps what it is given on stdin, and has a command of its own. */
  const frankenphp = () =>
    script(
      sandbox,
      "frankenphp",
      `case $1 in
        list-modules) printf 'tls\\n\\n  Standard modules: 1\\n\\nfrankenphp\\nsupervisor\\n\\n  Non-standard modules: 2\\n\\n  Unknown modules: 0\\n' ;;
        php-cli) shift; echo "php $*" ;;
        adapt) cat "$3" >> seen; exec caddy "$@" ;;
        run|validate) cat > given-$1; exec caddy "$@" < given-$1 ;;
        *) exec caddy "$@" ;;
      esac`,
    ).file;

  it("never sees our option, and runs nothing twice", async () => {
    const [admin, site] = [await freePort(), await freePort()];
    sandbox.write(
      "Caddyfile",
      `{\n\tadmin localhost:${admin}\n\tsupervisor {\n\t\tsleep 86409\n\t}\n}\nhttp://localhost:${site} {\n\trespond hello\n}\n`,
    );
    const run = await sandbox.start(["run", "--caddy", frankenphp()]).ready();
    await run.waitFor("this caddy binary contains the supervisor module; it is not used");
    expect(await (await fetch(`http://localhost:${site}`)).text()).toBe("hello");
    expect(readFileSync(sandbox.path("seen"), "utf8")).not.toContain("supervisor");
    for (const given of ["given-validate", "given-run"])
      expect(Object.keys(JSON.parse(readFileSync(sandbox.path(given), "utf8")).apps)).toEqual(["http"]);
    const sleeping = spawnSync("pgrep", ["-fx", "sleep 86409"], { encoding: "utf8" })
      .stdout.trim()
      .split("\n");
    expect(sleeping).toEqual(run.logged("process started").map(({ pid }) => String(pid)));
    expect(await run.stop()).toBe(0);
  });

  it("lists its modules as they are, and does what only it can", async () => {
    const env = { CADDY_SUPERVISOR_CADDY: frankenphp() };
    const list = await sandbox.run(["list-modules"], { env });
    expect(list.stdout).toMatch(/\nfrankenphp\nsupervisor\n\n {2}Non-standard modules: 2\n/);
    const cli = await sandbox.run(["php-cli", "-r", "echo 1;"], { env });
    expect(cli.stdout).toBe("php -r echo 1;\n");
  });
});
