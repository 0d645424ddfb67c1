import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { adapt } from "../../src/config/adapt.ts";
import { optionNames } from "../../src/config/from-caddyfile.ts";
import { catalogue } from "../../src/errors.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith(ending))
    .sort();
}

const pages = [...readdirSync(root).filter((name) => name.endsWith(".md")), ...filesBelow("docs", ".md")];

/** The fenced blocks of a page in one language. */
function blocks(page: string, language: string): string[] {
  return [...read(page).matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text ?? "");
}

const withoutBlocks = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, "");

/** GitHub's anchors of a page's headings. */
function anchors(page: string): string[] {
  return [...withoutBlocks(read(page)).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The section under a heading, up to the next heading of the same or a higher rank. */
function section(page: string, title: string): string {
  const lines = read(page).split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === title);
  if (start < 0) throw new Error(`${page} has no section '${title}'`);
  const rank = /^#+/.exec(lines[start] ?? "")?.[0].length ?? 1;
  const length = lines.slice(start + 1).findIndex((line) => (/^#+(?= )/.exec(line)?.[0].length ?? 9) <= rank);
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join("\n");
}

/** What a command prints for --help. */
async function help(...words: string[]): Promise<string> {
  const write = process.stdout.write;
  let text = "";
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    expect(await main([...words, "--help"])).toBe(0);
  } finally {
    process.stdout.write = write;
  }
  return text;
}

it("docs/architecture.md shows the table as it is", async () => {
  const { drawn } = await import("../../scripts/state-diagram.mjs");
  const page = read("docs/architecture.md");
  expect(page, "run `npm run diagram`").toBe(await drawn(page));
});

describe("docs/reference/errors.md", () => {
  const page = "docs/reference/errors.md";
  const sections = [...read(page).matchAll(/^## ([A-Z_]+)$/gm)].map(([, code]) => code ?? "");

  it("has a section for each code of the catalogue, and no other, in its order", () => {
    expect(sections).toEqual(Object.keys(catalogue));
  });

  it.each(Object.entries(catalogue))(
    "gives the meaning of %s, an example and advice",
    (code, { meaning }) => {
      const [first, example, advice] = section(page, code).trim().split(/\n\n/);
      expect(first).toBe(meaning);
      expect(example).toContain("`");
      expect(advice).toMatch(/\w/);
    },
  );
});

describe("docs/reference/options.md", () => {
  const page = "docs/reference/options.md";
  const rows = [...read(page).matchAll(/^\| \[`(\w+)`\]/gm)].map(([, name]) => name ?? "");

  it("lists each option, and no other", () => {
    expect(rows.toSorted()).toEqual(optionNames.toSorted());
  });

  it("shows each option in its first example, and what each gives in JSON", () => {
    const { config } = adapt(blocks(page, "caddyfile")[0] ?? "");
    const keys = (config.apps?.supervisor?.supervise ?? []).flatMap((definition) => Object.keys(definition));
    expect([...new Set(keys)].toSorted()).toEqual(["command", ...optionNames].toSorted());
  });

  it.each(optionNames)("has a section on %s", (name) => {
    const titles = [...read(page).matchAll(/^## (.*)$/gm)].flatMap(([, title = ""]) => title.split(", "));
    expect(titles).toContain(name);
  });
});

describe("docs/reference/commands.md", async () => {
  const page = "docs/reference/commands.md";
  const readingFlags = "Flags of run, start, adapt, validate, reload, plan and stop";
  const askingFlags = "Flags of commands that ask a running instance";
  const commands = [...(await help()).matchAll(/^ {2}([a-z-]+)(?= [[< ])/gm)]
    .map(([, name]) => name ?? "")
    .filter((name) => name !== "help");
  const flagsIn = (text: string) => [...new Set(text.match(/--[a-z]+(?:-[a-z]+)*/g) ?? [])].sort();
  const synopsis = (blocks(page, "")[0] ?? "").split(/\ncaddy-supervisor /);

  it("knows the commands", () => expect(commands.length).toBeGreaterThan(3));

  it("has a section for each command, and no other", () => {
    const notCommands = [
      readingFlags,
      askingFlags,
      "Any other command",
      "Names, and several at a time",
      "Diagnostics as JSON",
      "Exit codes",
      "Environment variables",
    ];
    const titles = [...read(page).matchAll(/^## (.*)$/gm)].map(([, title]) => title ?? "");
    expect(titles.filter((title) => !notCommands.includes(title)).toSorted()).toEqual(commands.toSorted());
  });

  it.each(commands)("shows the flags of %s in the synopsis, and no others", async (command) => {
    const line = synopsis.find((text) => text.replace(/^caddy-supervisor /, "").startsWith(command)) ?? "";
    expect(flagsIn(line)).toEqual(flagsIn(await help(command)).filter((flag) => flag !== "--help"));
  });

  it.each(commands)("has a row for each flag of %s", async (command) => {
    const rows = (title: string) =>
      [...section(page, title).matchAll(/^\| `(--[a-z]+(?:-[a-z]+)*)`/gm)].map(([, flag]) => flag ?? "");
    const flags = flagsIn(await help(command)).filter((flag) => flag !== "--help");
    const own = rows(command);
    const shared = [readingFlags, askingFlags].flatMap(rows);
    expect(own.filter((flag) => !flags.includes(flag))).toEqual([]);
    expect(flags.filter((flag) => !shared.includes(flag) && !own.includes(flag))).toEqual([]);
  });
});

describe("docs/reference/log.md", () => {
  /** The messages in calls of a log: `log("info", "process started"`. */
  const inSource = new Set(
    filesBelow("src", ".ts").flatMap((file) =>
      [...read(file).matchAll(/log\(\s*"(?:debug|info|warn|error)",\s*"([^"]+)"/g)].map(
        ([, message]) => message,
      ),
    ),
  );
  const onPage = [
    ...read("docs/reference/log.md").matchAll(/^\| (?:debug|info|warn|error) \| `([^`]+)`/gm),
  ].map(([, message]) => message);

  it("has a row for each message of ours", () => {
    expect(inSource.size).toBeGreaterThan(12);
    expect(onPage).toEqual(expect.arrayContaining([...inSource]));
  });

  it("has no message that is nowhere in the sources", () => {
    const sources = filesBelow("src", ".ts").map(read).join("\n");
    const known = (message = "") => sources.includes(message.replace(/^(using adjacent ).*/, "$1"));
    expect(onPage.filter((message) => !known(message))).toEqual([]);
  });
});

describe("docs/architecture.md", () => {
  const page = "docs/architecture.md";

  it("explains each state of the table", async () => {
    const { states } = await import("../../src/supervise/transitions.ts");
    const rows = [...section(page, "The supervisor is a table").matchAll(/^\| `(\w+)` \|/gm)];
    expect(rows.map(([, state]) => state)).toEqual([...states]);
  });

  it("draws only transitions that the table has", async () => {
    const { transitions } = await import("../../src/supervise/transitions.ts");
    const table = transitions as unknown as Record<string, Record<string, { next: string }>>;
    const drawn = [...(blocks(page, "mermaid")[0] ?? "").matchAll(/(\w+) --> (\w+): (.*)/g)];
    expect(drawn.length).toBeGreaterThan(20);
    for (const [line, from = "", to, label = ""] of drawn)
      for (const event of label.split(", "))
        expect(table[from]?.[event === "ended" ? "endedDone" : event]?.next, line).toBe(to);
  });

  it("gives a reason for each dependency, and names no other", () => {
    const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
      read("package.json"),
    ) as Record<string, object>;
    const rows = [...section(page, "Dependencies").matchAll(/^\| `([^`]+)` /gm)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual(Object.keys({ ...dependencies, ...optionalDependencies }).toSorted());
    for (const name of Object.keys(devDependencies ?? {}))
      expect(section(page, "Dependencies")).toContain(`\`${name}\``);
  });

  it("names files that exist", () => {
    const layers = [...section(page, "The house").matchAll(/^\| (?:`([^`]*)`)? ?\| (.*?) \|/gm)];
    let layer = "";
    for (const [, name, files = ""] of layers) {
      layer = name ?? layer;
      for (const [, file = ""] of files.matchAll(/`([^`*]+)`/g))
        expect(existsSync(join(root, "src", layer, file)), `${layer}${file}`).toBe(true);
    }
  });
});

describe("docs/differences.md", () => {
  const pinned = [...read("docs/differences.md").matchAll(/`(test\/\S+\.test\.ts): ([^`]+)`/g)];

  it("names tests", () => expect(pinned.length).toBeGreaterThan(15));

  it.each(pinned.map(([, file = "", title = ""]) => [file, title]))("%s has the test: %s", (file, title) => {
    expect(read(file)).toContain(`"${title}"`);
  });
});

describe.each(pages)("%s", (page) => {
  it("has only links that lead somewhere", () => {
    for (const [link, target = ""] of withoutBlocks(read(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : relative(root, resolve(root, dirname(page), path));
      expect(existsSync(join(root, file)), link).toBe(true);
      if (anchor !== undefined) expect(anchors(file), link).toContain(anchor);
    }
  });

  it("has only Caddyfiles that we read without a problem", () => {
    for (const text of blocks(page, "caddyfile")) {
      const { problems, warnings, config } = adapt(text, { env: {} });
      expect(problems, text).toEqual([]);
      expect(warnings, text).toEqual([]);
      expect(config.apps?.supervisor?.supervise?.length, text).toBeGreaterThan(0);
    }
    for (const text of blocks(page, "supervisorfile"))
      expect(adapt(text, { kind: "supervisorfile", env: {} }).problems, text).toEqual([]);
  });
});

describe("the examples of docs/reference/library.md", () => {
  const examples = filesBelow("examples/library", ".mjs").map(read);

  it.each(blocks("docs/reference/library.md", "js"))("stand in examples/library: %#", (text) => {
    const lines = text.split("\n").filter((line) => line !== "");
    expect(examples.some((example) => lines.every((line) => example.includes(line)))).toBe(true);
  });

  it("names every export", () => {
    const face = read("src/index.ts");
    const names = [...face.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = ""]) =>
      list.split(",").map((name) => name.trim().replace(/^type /, "")),
    );
    const page = read("docs/reference/library.md");
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => name !== "" && !new RegExp(`\`${name}[\`(]`).test(page))).toEqual([]);
  });
});
