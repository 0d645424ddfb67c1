import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Sandbox } from "../support/program.ts";

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

interface Layout {
  readonly name: string;
  /** The first one is the main file. */
  readonly files: Readonly<Record<string, string>>;
  /** The same for stock Caddy: those that differ without the option. */
  readonly without: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Where the program is started, and how the main file is named from there. */
  readonly cwd?: string;
  readonly config?: string;
  /** The same text with a fault in the site: what the message must name. */
  readonly fault: readonly [file: string, from: string, to: string, place: string];
}

const block = "\tsupervisor {\n\t\tphp-fpm --nodaemonize {\n\t\t\treplicas 2\n\t\t}\n\t}\n";
// Caddy's `file_server` hides the files that it stands in: their names are in the JSON.
const site = ":8080 {\n\trespond hi\n\tfile_server\n}\n";
const wrongSite = ":8080 {\n\trespondd hi\n\tfile_server\n}\n";
const faultAt = (file: string, line: number): Layout["fault"] => [file, site, wrongSite, `${file}:${line}`];

const layouts: readonly Layout[] = [
  {
    name: "in the main file",
    files: { Caddyfile: `{\n${block}\tadmin off\n}\n${site}` },
    without: { Caddyfile: `{\n\tadmin off\n}\n${site}` },
    fault: faultAt("Caddyfile", 10),
  },
  {
    name: "in an imported file, relative to the file that imports",
    files: {
      Caddyfile: `{\n\timport conf/options\n}\n${site}`,
      "conf/options": "import more/ours\nadmin off\n",
      "conf/more/ours": block,
    },
    without: { "conf/more/ours": "# none\n" },
    fault: faultAt("Caddyfile", 5),
  },
  {
    name: "in a file that a glob matches",
    files: {
      Caddyfile: `{\n\timport options/*.caddy\n}\nimport sites/*\n`,
      "options/1.caddy": "admin off\n",
      "options/2.caddy": block,
      "sites/a": site,
    },
    without: { "options/2.caddy": "# none\n" },
    fault: faultAt("sites/a", 2),
  },
  {
    name: "in a snippet",
    files: { Caddyfile: `(ours) {\n${block}}\n{\n\timport ours\n\tadmin off\n}\n${site}` },
    without: { Caddyfile: `{\n\tadmin off\n}\n${site}` },
    fault: faultAt("Caddyfile", 13),
  },
  {
    name: "in an environment variable",
    files: { Caddyfile: `{\n\t{$OURS}\n\tadmin off\n}\n${site}` },
    without: { Caddyfile: `{\n\tadmin off\n}\n${site}` },
    env: { OURS: "supervisor {\nphp-fpm --nodaemonize {\nreplicas 2\n}\n}" },
    // Caddy counts the lines of the expanded text.
    fault: faultAt("Caddyfile", 10),
  },
  {
    name: "on standard input, with a relative import",
    files: { Caddyfile: `{\n${block}}\nimport sites/a\n`, "sites/a": site },
    without: { Caddyfile: "import sites/a\n" },
    config: "-",
    fault: faultAt("sites/a", 2),
  },
  {
    name: "when started in another folder",
    files: { "etc/Caddyfile": `{\n${block}}\nimport sites/a\n`, "etc/sites/a": site, "run/x": "" },
    without: { "etc/Caddyfile": "import sites/a\n" },
    cwd: "run",
    config: "../etc/Caddyfile",
    fault: faultAt("etc/sites/a", 2),
  },
];

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(sandbox.path(folder, name)), { recursive: true });
    sandbox.write(`${folder}/${name}`, text);
  }
}

/** Runs our `adapt` on files in a folder of the sandbox. */
function adapt(folder: string, layout: Layout, files: Readonly<Record<string, string>>) {
  write(folder, files);
  const [main, text] = Object.entries(files)[0]!;
  const config = layout.config ?? main;
  return sandbox.run(["adapt", "--config", config], {
    cwd: sandbox.path(folder, layout.cwd ?? "."),
    env: layout.env ?? {},
    ...(config === "-" ? { input: text } : {}),
  });
}

describe.each(layouts)("the option $name", (layout) => {
  it("adapts to its processes beside what stock Caddy makes of the rest", async () => {
    const ours = await adapt("ours", layout, layout.files);
    expect(ours).toMatchObject({ code: 0, stderr: expect.not.stringContaining("Error") });

    write("stock", { ...layout.files, ...layout.without });
    const { config } = layout;
    // This Caddy's `adapt` does not read standard input.
    const main = config === undefined || config === "-" ? Object.keys(layout.files)[0]! : config;
    const stock = spawnSync("caddy", ["adapt", "--adapter", "caddyfile", "--config", main], {
      cwd: sandbox.path("stock", layout.cwd ?? "."),
      env: { ...process.env, ...layout.env },
      encoding: "utf8",
    });
    const { apps, ...rest } = JSON.parse(
      stock.stdout.replaceAll(sandbox.path("stock"), sandbox.path("ours")),
    ) as { apps: object };
    const supervise = [{ command: ["php-fpm", "--nodaemonize"], replicas: 2 }];
    expect(JSON.parse(ours.stdout)).toEqual({ ...rest, apps: { ...apps, supervisor: { supervise } } });
  });

  it("leaves Caddy's message with the user's own file and line", async () => {
    const [file, from, to, place] = layout.fault;
    const files = { ...layout.files, [file]: layout.files[file]!.replace(from, to) };
    const { code, stdout, stderr } = await adapt("ours", layout, files);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(place);
    expect(stderr).toContain("unrecognized directive: respondd");
    expect(stderr).not.toContain("caddy-supervisor-adapt-");
  });
});

describe("hostile texts", () => {
  it.each([
    ["NUL bytes", "\0\0\0 {\n\0\n}\n"],
    ["binary", Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 193 + 7) % 256))],
    ["deep nesting", `{\n\tsupervisor {\n${"a {\n".repeat(20_000)}${"}\n".repeat(20_000)}\t}\n}\n`],
    ["nothing but braces", "{\n".repeat(100_000)],
    ["an import of itself", "import Caddyfile\n"],
    ["a quote that is never closed", `{\n\tsupervisor {\n\t\ta "${"x\n".repeat(100_000)}`],
  ])("%s end in a result or an error that names the fault, never in a stack", async (_, text) => {
    sandbox.write("Caddyfile", text);
    const { code, stdout, stderr } = await sandbox.run(["adapt"]);
    expect([0, 1]).toContain(code);
    if (code === 1) expect(stdout).toBe("");
    if (code === 1) expect(stderr).toMatch(/^(Warning: .*\n)*Error: /);
    expect(stderr).not.toContain("    at ");
    expect(stderr.length).toBeLessThan(10_000);
  });

  it("that import without end are stopped with a clear error", async () => {
    const doubling = Array.from({ length: 40 }, (_, level) =>
      level === 0
        ? "(s0) {\n\trespond x\n}\n"
        : `(s${level}) {\n\timport s${level - 1}\n\timport s${level - 1}\n}\n`,
    );
    sandbox.write("Caddyfile", `${doubling.join("")}:80 {\n\timport s39\n}\n`);
    const { code, stderr } = await sandbox.run(["adapt"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: more than 10000 imports, at Caddyfile:\d+/);
  });
});
