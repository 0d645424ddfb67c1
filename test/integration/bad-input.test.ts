import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten } from "../support/gates.ts";
import { descendants, freePort, programs, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

/** A supervisor block in a Caddyfile without sites. */
const block = (inside: string) => `{\n\tadmin off\n\tsupervisor {\n\t\t${inside}\n\t}\n}\n`;
const option = (line: string) => block(`sleep 86400 {\n\t\t\t${line}\n\t\t}`);

interface Case {
  readonly name: string;
  readonly caddyfile: string | Buffer;
  readonly stderr: string;
}

const refused: readonly Case[] = [
  { name: "an empty file", caddyfile: "", stderr: "Error: adapting config using caddyfile: EOF\n" },
  { name: "an unclosed quote", caddyfile: block('sleep "1'), stderr: "unexpected EOF, at Caddyfile:" },
  {
    name: "an unknown option",
    caddyfile: option("restart_polcy never"),
    stderr:
      "Error: unrecognized option 'restart_polcy', did you mean 'restart_policy'?, at Caddyfile:5\n  4 |         sleep 86400 {\n> 5 |             restart_polcy never\n    |             ^^^^^^^^^^^^^\n",
  },
  {
    name: "words that the module would read as options",
    caddyfile: option("dir /tmp user bob"),
    stderr: "at Caddyfile:5\n",
  },
  {
    name: "two supervisor blocks",
    caddyfile: "{\n\tadmin off\n\tsupervisor {\n\t\ta\n\t}\n\tsupervisor {\n\t\tb\n\t}\n}\n",
    stderr: "'supervisor' is given twice: only the last one counts, at Caddyfile:6\n",
  },
  {
    name: "replicas -1",
    caddyfile: option("replicas -1"),
    stderr: "'replicas' should be a positive integer, '-1' given, at Caddyfile:5\n",
  },
  {
    name: "replicas 1e9",
    caddyfile: option("replicas 1e9"),
    stderr: "'replicas' should be a positive integer, '1e9' given, at Caddyfile:5\n",
  },
  {
    name: "replicas abc",
    caddyfile: option("replicas abc"),
    stderr: "'replicas' should be a positive integer, 'abc' given, at Caddyfile:5\n",
  },
  {
    name: "a billion replicas",
    caddyfile: option("replicas 1000000000"),
    stderr: "Error: 'replicas' should be at most 100000, '1000000000' given, at Caddyfile:5\n",
  },
  {
    name: "an unknown user",
    caddyfile: option("user nosuchuser"),
    stderr:
      "Error: user: unknown user nosuchuser, at Caddyfile:5\n  4 |         sleep 86400 {\n> 5 |             user nosuchuser\n",
  },
  {
    name: "a template that fails in replica 3 only",
    caddyfile: block('sleep "{{index (list 1 2 3) .Replica}}" {\n\t\t\treplicas 4\n\t\t}'),
    stderr:
      'Error: failed to process templates: \nargs[0]: template: supervisor:1:2: executing "supervisor" at <index (list 1 2 3) .Replica>: error calling index: reflect: slice index out of range, at Caddyfile:4\n',
  },
  {
    name: "a log file in a missing folder",
    caddyfile: option("redirect_stdout file /proc/nonexistent/x.log"),
    stderr:
      "Error: cannot setup stdout redirection: open /proc/nonexistent/x.log: no such file or directory, at Caddyfile:5\n",
  },
  { name: "a wrong stop signal", caddyfile: option("stop_signal SIGBOGUS"), stderr: "at Caddyfile:5\n" },
  {
    name: "a binary file",
    caddyfile: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff, 0xfe, 10, 0x7b, 10]),
    stderr: "Error: ",
  },
];

describe.each(["run", "validate"])("%s refuses", (command) => {
  it.each(refused)("$name: exit 1, and nothing has changed", async ({ caddyfile, stderr }) => {
    sandbox.write("Caddyfile", caddyfile);
    const finished = await sandbox.run([command]);
    expect(finished.stderr).toContain(stderr);
    expect(finished.stdout).toBe("");
    expect(finished.code).toBe(1);
    expect(descendants(sandbox)).toEqual([]);
    expect(readdirSync(sandbox.folder)).toEqual(["Caddyfile"]);
  });

  it("a missing configuration", async () => {
    const none = await sandbox.run([command]);
    expect(none.stderr).toContain(
      "Error: no configuration: there is neither Caddyfile nor Supervisorfile in",
    );
    const missing = await sandbox.run([command, "--config", "nosuch.json"]);
    expect(missing.stderr).toContain(
      "Error: reading config from file: open nosuch.json: no such file or directory\n",
    );
    expect([none.code, missing.code]).toEqual([1, 1]);
  });

  it("JSON with a wrong type or an unknown field, in Go's words", async () => {
    const json = (definition: unknown) =>
      JSON.stringify({ apps: { supervisor: { supervise: [definition] } } });
    sandbox.write("type.json", json({ command: ["a"], replicas: "3" }));
    sandbox.write("field.json", json({ command: ["a"], bogus: 1 }));
    sandbox.write("empty.json", json({ command: [] }));
    sandbox.write("half.json", '{"apps":');
    const told = async (file: string) => (await sandbox.run([command, "--config", file])).stderr;
    expect(await told("type.json")).toContain(
      "json: cannot unmarshal string into Go struct field Definition.supervise.replicas of type int",
    );
    expect(await told("field.json")).toContain('json: unknown field "bogus"');
    expect(await told("empty.json")).toContain("command should be defined");
    expect(await told("half.json")).toContain("decoding config:");
    expect(await told("half.json")).not.toContain("Hint:");
    sandbox.write("site.conf", ":80 {\n\trespond hi\n}\n");
    expect(await told("site.conf")).toContain("a Caddyfile with another name needs --adapter caddyfile");
  });

  it("a megabyte on one line, quickly", async () => {
    sandbox.write("Caddyfile", block(`sleep ${"x".repeat(1_000_000)} {\n\t\t\tbogus\n\t\t}`));
    const finished = await sandbox.run([command]);
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain(", at Caddyfile:5\n");
    expect(finished.stderr.length).toBeLessThan(2_000);
  });

  it("a configuration with sites when there is no caddy", async () => {
    sandbox.write("Caddyfile", `${option("replicas 1")}:8080 {\n\trespond hi\n}\n`);
    const finished = await sandbox.run([command], { env: { PATH: "/nonexistent" } });
    expect(finished.stderr).toContain('exec: "caddy": executable file not found in $PATH');
    expect(finished.stderr).toContain("Hint: install Caddy");
    expect(finished.code).toBe(1);
  });
});

it("validate warns of a command or folder that is missing, and is content", async () => {
  mkdirSync(sandbox.path("folder"));
  sandbox.write(
    "Supervisorfile",
    `nosuch\n/etc/passwd\n${sandbox.folder}/folder\nsleep 1 {\n\tdir /proc/nonexistent\n}\n`,
  );
  const { code, stdout, stderr } = await sandbox.run(["validate"]);
  expect(stderr.split("\n")).toEqual([
    `Warning: 'nosuch' would not start: exec: "nosuch": executable file not found in $PATH, at Supervisorfile:1`,
    "Warning: '/etc/passwd' would not start: fork/exec /etc/passwd: permission denied, at Supervisorfile:2",
    `Warning: '${sandbox.folder}/folder' would not start: fork/exec ${sandbox.folder}/folder: permission denied, at Supervisorfile:3`,
    "Warning: 'sleep' would not start: chdir /proc/nonexistent: no such file or directory, at Supervisorfile:4",
    "",
  ]);
  expect([code, stdout]).toEqual([0, "Valid configuration\n"]);
});

it("validate creates no log file", async () => {
  sandbox.write("Supervisorfile", "sleep 1 {\n\tredirect_stdout file out.log\n}\n");
  expect((await sandbox.run(["validate"])).code).toBe(0);
  expect(existsSync(sandbox.path("out.log"))).toBe(false);
});

it("two of us on the same configuration: the second names the first", async () => {
  sandbox.write(
    "Supervisorfile",
    `${process.execPath} ${programs}/report.mjs {\n env REPORT ${sandbox.folder}/report\n}`,
  );
  const first = sandbox.start(["run"]);
  const { pid } = JSON.parse(await fileWritten(sandbox.path("report")));
  const second = await sandbox.run(["run", "--config", `${sandbox.folder}/Supervisorfile`]);
  expect(second.stderr).toContain(`Error: this configuration is already run by process ${first.pid}\n`);
  expect(second.code).toBe(1);
  process.kill(pid, 0);
  await first.stop();
});

it("names a taken admin port and starts nothing", async () => {
  const port = await freePort();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(port, "127.0.0.1", resolve));
  sandbox.write(
    "Caddyfile",
    `{\n\tadmin localhost:${port}\n\tsupervisor {\n\t\tsh -c "touch ${sandbox.folder}/touched"\n\t}\n}\n`,
  );
  const { code, stderr } = await sandbox.run(["run"]);
  squatter.close();
  expect(stderr).toContain(`Error: listen tcp localhost:${port}: bind: address already in use\n`);
  expect(code).toBe(1);
  expect(existsSync(sandbox.path("touched"))).toBe(false);
});
