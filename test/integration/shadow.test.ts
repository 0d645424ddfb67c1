import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { shadowOf } from "../../src/caddy/shadow.ts";
import { parseTokens } from "../../src/caddyfile/parse.ts";

interface Layout {
  readonly name: string;
  /** The user's files; the first one is the main file. */
  readonly files: Readonly<Record<string, string>>;
  /** Those of them that differ without our option. */
  readonly without: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The process's folder, below the folder of the files. */
  readonly cwd?: string;
  /** The name that the main file goes by. */
  readonly filename?: string;
}

const block = "\tsupervisor {\n\t\tphp-fpm --nodaemonize {\n\n\t\t\treplicas 2\n\t\t}\n\t}\n";
const site = ':8080 {\n\trespond "hi"\n}\n';

const layouts: readonly Layout[] = [
  {
    name: "in the main file, among other options",
    files: { Caddyfile: `{\n\tadmin off\n${block}\tgrace_period 5s\n}\n${site}` },
    without: { Caddyfile: `{\n\tadmin off\n\tgrace_period 5s\n}\n${site}` },
  },
  { name: "as the only option", files: { Caddyfile: `{\n${block}}\n${site}` }, without: { Caddyfile: site } },
  { name: "as all there is", files: { Caddyfile: `{\n${block}}\n` }, without: { Caddyfile: "# nothing\n" } },
  {
    name: "behind the brace of the global options",
    files: { Caddyfile: `{ supervisor {\n\t\ta\n\t}\n\tadmin off\n}\n${site}` },
    without: { Caddyfile: `{\n\tadmin off\n}\n${site}` },
  },
  {
    name: "with relative imports around and inside it",
    files: {
      Caddyfile: `{\n\tsupervisor {\n\t\timport procs.caddy\n\t}\n\timport opts.caddy\n}\nimport sites/*.caddy 8081\nimport "one site.caddy"\n`,
      "procs.caddy": "a\nb {\n\tdir /x\n}\n",
      "opts.caddy": "grace_period 3s\n",
      "sites/a.caddy": ":{args.0} {\n\timport common.inc\n}\n",
      "sites/common.inc": "respond common\n",
      "one site.caddy": site,
    },
    without: {
      Caddyfile: `{\n\timport opts.caddy\n}\nimport sites/*.caddy 8081\nimport "one site.caddy"\n`,
    },
  },
  {
    name: "in a snippet of the main file, another snippet serving a site",
    files: {
      Caddyfile: `(ours) {\n${block}}\n(theirs) {\n\trespond {args.0}\n}\n{\n\timport ours\n\tadmin off\n}\n:8080 {\n\timport theirs yes\n}\n`,
    },
    without: {
      Caddyfile: "(theirs) {\n\trespond {args.0}\n}\n{\n\tadmin off\n}\n:8080 {\n\timport theirs yes\n}\n",
    },
  },
  {
    name: "in an imported file",
    files: {
      Caddyfile: `{\n\timport conf/opts.caddy\n}\n${site}`,
      "conf/opts.caddy": `${block}\nadmin off\nimport more.caddy\n`,
      "conf/more.caddy": "grace_period 4s\n",
    },
    without: { "conf/opts.caddy": "admin off\nimport more.caddy\n" },
  },
  {
    name: "in a file imported by an imported file",
    files: {
      Caddyfile: `{\n\timport a.caddy\n}\n${site}`,
      "a.caddy": "admin off\nimport sub/b.caddy\n",
      "sub/b.caddy": block,
    },
    without: { "sub/b.caddy": "# none\n" },
  },
  {
    name: "in a file that a glob matches, with arguments",
    files: {
      Caddyfile: `{\n\timport conf.d/*.caddy 5s\n}\n${site}`,
      "conf.d/1.caddy": "grace_period {args.0}\n",
      "conf.d/2.caddy": block,
      "conf.d/3.caddy": "shutdown_delay {args.0}\n",
    },
    without: { "conf.d/2.caddy": "# none\n" },
  },
  {
    name: "wholly in an environment variable",
    files: { Caddyfile: `{\n\tadmin off\n\t{$OPTIONS}\n}\n:{$PORT} {\n\trespond "{$TEXT}"\n}\n` },
    without: { Caddyfile: `{\n\tadmin off\n}\n:{$PORT} {\n\trespond "{$TEXT}"\n}\n` },
    env: { OPTIONS: "supervisor {\n\t\tphp-fpm\n\t}", PORT: "8082", TEXT: "a {$PORT} b" },
  },
  {
    name: "from another folder",
    files: { "etc/Caddyfile": `{\n${block}}\nimport sites/a\n`, "etc/sites/a": site, "run/x": "" },
    without: { "etc/Caddyfile": "import sites/a\n" },
    cwd: "run",
    filename: "../etc/Caddyfile",
  },
  {
    name: "from standard input",
    files: { Caddyfile: `{\n${block}}\nimport a.caddy\n`, "a.caddy": site },
    without: { Caddyfile: "import a.caddy\n" },
    filename: "-",
  },
  {
    name: "given twice, with continued lines, comments and quotes over lines",
    files: {
      Caddyfile: `{\n${block}\tsupervisor { # why\n\t\t# {\n\t\ta "x\n y" \\\n\t\t\tb\n\t} # end\n}\n${site}`,
    },
    without: { Caddyfile: site },
  },
];

let folder: string;

beforeAll(() => {
  try {
    execFileSync("caddy", ["version"], { stdio: "ignore" });
  } catch {
    throw new Error("these tests need the stock `caddy` in PATH: install the package `caddy`");
  }
});
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "shadow-test-")));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(under: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(under, name)), { recursive: true });
    writeFileSync(join(under, name), text);
  }
}

function caddyAdapt(config: string, cwd: string, env: Readonly<Record<string, string>>) {
  const { stdout, stderr, status } = spawnSync(
    "caddy",
    ["adapt", "--adapter", "caddyfile", "--config", config],
    {
      cwd,
      env: { PATH: process.env.PATH ?? "", HOME: folder, ...env },
      encoding: "utf8",
    },
  );
  return { json: status === 0 ? (JSON.parse(stdout) as unknown) : undefined, stderr, status };
}

/** Writes the shadow of the layout's files and gives it to Caddy. */
function adaptShadow(layout: Layout) {
  const user = join(folder, "user");
  write(user, layout.files);
  const [mainName, mainText] = Object.entries(layout.files)[0]!;
  const cwd = join(user, layout.cwd ?? ".");
  const filename = layout.filename ?? mainName;
  const env = { ...layout.env };
  const shadow = shadowOf(parseTokens(mainText, { filename, cwd, env }), {
    folder: join(folder, "private"),
    cwd,
  });
  mkdirSync(join(folder, "private"));
  for (const { path, text } of shadow.files) writeFileSync(path, text);
  return { shadow, result: caddyAdapt(shadow.main, "/", { ...env, ...shadow.env }), cwd: user };
}

describe("the site half adapts to the same JSON as without the option", () => {
  test.each(layouts)("$name", (layout) => {
    const { result, shadow } = adaptShadow(layout);
    const [mainName] = Object.keys(layout.files);
    const plain = join(folder, "plain");
    write(plain, { ...layout.files, ...layout.without });
    const expected = caddyAdapt(join(plain, mainName!), "/", layout.env ?? {});
    expect(expected.stderr).not.toContain("Error");
    expect(shadow.mapMessage(result.stderr)).not.toContain("Error");
    expect(result.json).toEqual(expected.json);
  });
});

describe("a message of Caddy's names the user's own file and line", () => {
  const bad = "\trespondd x\n";
  const cases: readonly (Layout & { readonly at: string })[] = [
    {
      name: "in the main file",
      files: { Caddyfile: `{\n${block}}\n:80 {\n${bad}}\n` },
      without: {},
      at: "Caddyfile:10: unrecognized directive: respondd",
    },
    {
      name: "a global option behind the block",
      files: { Caddyfile: `{\n${block}\tnope\n}\n` },
      without: {},
      at: "Caddyfile:8: unrecognized global option: nope",
    },
    {
      name: "in an imported file that holds the block",
      files: { Caddyfile: "{\n\timport opts\n}\n", opts: `${block}nope\n` },
      without: {},
      at: "user/opts:7: unrecognized global option: nope",
    },
    {
      name: "in another file that the same glob matches",
      files: { Caddyfile: "{\n\timport d/*\n}\n", "d/1": block, "d/2": "\n\nnope\n" },
      without: {},
      at: "user/d/2:3: unrecognized global option: nope",
    },
    {
      name: "under the path by which the main file was given",
      files: { "etc/Caddyfile": `{\n${block}}\n:80 {\n${bad}}\n` },
      without: {},
      at: "etc/Caddyfile:10: unrecognized directive: respondd",
    },
    {
      name: "behind a variable of several lines",
      files: { Caddyfile: `{\n\t{$OPTIONS}\n}\n:80 {\n${bad}}\n` },
      without: {},
      env: { OPTIONS: "supervisor {\n a\n}" },
      at: "Caddyfile:7: unrecognized directive: respondd",
    },
  ];
  test.each(cases)("$name", (layout) => {
    const { result, shadow } = adaptShadow(layout);
    expect(result.status).toBe(1);
    const message = shadow.mapMessage(result.stderr);
    expect(message).toContain(layout.at);
    expect(message).not.toContain(join(folder, "private"));
  });
});

test("the shadow of a formatted text gives no warning that it is not formatted", () => {
  const text = `{\n\tsupervisor {\n\t\ta\n\t\tb {\n\t\t\tdir /x\n\t\t}\n\t}\n}\n\n${site}`;
  const { result } = adaptShadow({ name: "formatted", files: { Caddyfile: text }, without: {} });
  expect(result).toMatchObject({ status: 0, stderr: expect.not.stringContaining("not formatted") });
});

test("lines of the option become lone number signs, all other lines stay", () => {
  const text = `{\n\tadmin off\n${block}}\n${site}`;
  const { files } = shadowOf(parseTokens(text, { env: {} }), { folder: "/private" });
  expect(files).toEqual([
    {
      path: "/private/0-Caddyfile",
      text: `{\n\tadmin off\n\t#\n\t#\n\n\t#\n\t#\n\t#\n}\n${site}`,
    },
  ]);
});

test("a text without the option is left alone but for its imports", () => {
  const files = { "a.caddy": site };
  write(folder, files);
  const shadow = shadowOf(parseTokens("import a.caddy\n", { cwd: folder, env: {} }), {
    folder: "/private",
    cwd: folder,
  });
  expect(shadow.files.map(({ text }) => text)).toEqual([`import ${folder}/a.caddy\n`]);
});

test("an argument that is a snippet in one use and a file in another is refused", () => {
  write(folder, { "a.caddy": "respond a\n" });
  const text =
    "(s) {\n\trespond s\n}\n(pick) {\n\timport {args[0]}\n}\n:80 {\n\timport pick s\n\timport pick a.caddy\n}\n";
  const parsed = parseTokens(text, { cwd: folder, env: {} });
  expect(() => shadowOf(parsed, { folder: "/private", cwd: folder })).toThrow(
    "import of 'a.caddy' through an argument cannot be handed to Caddy, at Caddyfile:5",
  );
});
