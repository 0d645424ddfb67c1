import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = new Sandbox();
  mkdirSync(sandbox.path("bin"));
  const bin = sandbox.write(
    "bin/caddy-supervisor",
    `#!/bin/sh\nexec ${process.execPath} ${repository}/bin/caddy-supervisor.js "$@"\n`,
  );
  chmodSync(bin, 0o755);
  sandbox.write("Supervisorfile", "sleep 86420 {\n name worker\n replicas 2\n}\nsleep 86421 {\n name web\n}");
  await sandbox.start(["run"]).ready();
});
afterAll(() => sandbox.remove());

/** What a shell offers for a line, as it would to somebody who presses Tab at its end. */
const shells: Readonly<Record<string, (line: string) => string[]>> = {
  bash: (line) =>
    shell(
      "bash",
      ["--norc"],
      `
      source <(caddy-supervisor completion bash)
      COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}
      _caddy_supervisor
      printf '%s\\n' "\${COMPREPLY[@]}"`,
    ),
  zsh: (line) =>
    shell(
      "zsh",
      ["-f"],
      `
      compdef() { :; }; _files() { echo FILES; }; compadd() { shift; print -l -- "$@"; }
      source <(caddy-supervisor completion zsh)
      words=("\${(@s: :)\${:-${line}}}"); CURRENT=\${#words}
      _caddy_supervisor`,
    ),
  fish: (line) =>
    shell(
      "fish",
      ["--no-config"],
      `
      caddy-supervisor completion fish | source
      complete -C '${line}' | string split -f1 \\t; true`,
    ),
};

function shell(program: string, flags: readonly string[], script: string): string[] {
  const env = { ...process.env, PATH: `${sandbox.path("bin")}:${process.env.PATH}`, HOME: sandbox.folder };
  const text = execFileSync(program, [...flags, "-c", script], {
    cwd: sandbox.folder,
    env,
    encoding: "utf8",
  });
  return text.trim().split("\n").toSorted();
}

describe.each(Object.entries(shells))("%s", (name, offers) => {
  it("completes commands", () => expect(offers("caddy-supervisor re")).toEqual(["reload", "restart"]));

  it("completes flags", () =>
    expect(offers("caddy-supervisor logs --")).toEqual(
      expect.arrayContaining(["--follow", "--lines", "--socket"]),
    ));

  it("completes the names of processes, asked of the running instance", () => {
    expect(offers("caddy-supervisor restart w")).toEqual(["web", "web:0", "worker", "worker:0", "worker:1"]);
    // Bash replaces only what stands behind the colon.
    const replicas = name === "bash" ? ["0", "1"] : ["worker:0", "worker:1"];
    expect(offers("caddy-supervisor down web worker:")).toEqual(replicas);
  });

  it("completes processes, not replicas, where they are scaled", () => {
    expect(offers("caddy-supervisor scale w")).toEqual(["web", "worker"]);
  });

  it("leaves files to the shell", () => {
    const offered = offers("caddy-supervisor run --config Superv");
    expect(offered).toEqual({ bash: [""], zsh: ["FILES"], fish: ["Supervisorfile"] }[name]);
  });

  it("completes what has few values", () => {
    expect(offers("caddy-supervisor completion ")).toEqual(["bash", "fish", "zsh"]);
  });
});
