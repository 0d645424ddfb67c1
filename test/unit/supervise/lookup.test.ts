import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { locate } from "../../../src/supervise/lookup.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookup-"));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, mode: number) => {
  writeFileSync(join(folder, name), "#!/bin/sh\n");
  chmodSync(join(folder, name), mode);
};
const find = (command: string, dir?: string) =>
  locate({ command, dir, path: `relative::${folder}`, as: undefined });

describe("locate", () => {
  it("finds a program on the PATH, passing over relative entries", () => {
    file("app", 0o755);
    expect(find("app")).toEqual({ file: join(folder, "app") });
  });

  it("finds ./app in the working directory of the process", () => {
    file("app", 0o755);
    expect(find("./app", folder)).toEqual({ file: join(folder, "app") });
  });

  it.each([
    ["", "exec: no command"],
    ["nosuch", 'exec: "nosuch": executable file not found in $PATH'],
    ["./nosuch", "fork/exec ./nosuch: no such file or directory"],
    ["/etc/passwd", "fork/exec /etc/passwd: permission denied"],
    ["/etc/passwd/x", "fork/exec /etc/passwd/x: not a directory"],
    ["/tmp", "fork/exec /tmp: permission denied"],
    [`/${"x".repeat(300)}`, `fork/exec /${"x".repeat(300)}: file name too long`],
  ])("says why %j cannot be started", (command, error) => {
    expect(find(command)).toEqual({ error });
  });

  it("says that a program is there but may not be executed", () => {
    file("app", 0o644);
    expect(find("app")).toEqual({ error: 'exec: "app": permission denied' });
  });

  it("blames the folder, not the program, when the folder is missing", () => {
    expect(find("app", `${folder}/nosuch`)).toEqual({
      error: `chdir ${folder}/nosuch: no such file or directory`,
    });
  });

  it("follows links, and says when they go round in circles", () => {
    symlinkSync("loop", join(folder, "loop"));
    expect(find(`${folder}/loop`)).toEqual({
      error: `fork/exec ${folder}/loop: too many levels of symbolic links`,
    });
  });

  it("looks with the rights of the user that it is for", () => {
    file("mine", 0o700);
    file("ours", 0o755);
    const nobody = { uid: 65_534, gid: 65_534, groups: [65_534] };
    const asNobody = (command: string) => locate({ command, dir: undefined, path: "", as: nobody });
    expect(asNobody(`${folder}/ours`)).toEqual({ file: `${folder}/ours` });
    expect(asNobody(`${folder}/mine`)).toEqual({ error: `fork/exec ${folder}/mine: permission denied` });
    mkdirSync(join(folder, "closed"), { mode: 0o700 });
    file("closed/app", 0o755);
    expect(asNobody(`${folder}/closed/app`)).toEqual({
      error: `fork/exec ${folder}/closed/app: permission denied`,
    });
  });

  it("asks the system before it refuses, since an access control list may allow what the mode bits forbid", () => {
    file("mine", 0o700);
    file("ours", 0o755);
    const as = { uid: 65_534, gid: 65_534, groups: [65_534] };
    const asked: string[] = [];
    const answering = (answer: boolean) => (command: string) =>
      locate({
        command,
        dir: undefined,
        path: "",
        as,
        mayExecute: (path) => {
          asked.push(path);
          return answer;
        },
      });
    expect(answering(true)(`${folder}/mine`)).toEqual({ file: `${folder}/mine` });
    expect(answering(false)(`${folder}/mine`)).toHaveProperty("error");
    expect(answering(false)(`${folder}/ours`)).toEqual({ file: `${folder}/ours` });
    expect(asked).toEqual([`${folder}/mine`, `${folder}/mine`]);
  });
});
