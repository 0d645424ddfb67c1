// Fails when a command loads what it has no use for: each module costs time at every start, and memory as long as it runs.
// Of our own sources that is what it reaches without import(), as esbuild sees it; of Node and of packages, what was loaded
// when it had done its work.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finish } from "./finish.mjs";
import { build, root } from "./setup.mjs";
import { watForBundle } from "./wat.mjs";

const configuration = ["errors", "go/", "caddyfile/", "config/"];
const checks = ["supervise/", "output/", "logging/", "app/", "admin/(address|field-names)", "caddy/"];
const commandLine = ["cli/(?!commands/|completion)"];

/** What each may reach, and of it may not all the same: patterns of paths below src/, and names of modules. */
const commands = [
  {
    args: ["--version"],
    source: "cli/main.ts",
    may: [
      ...commandLine,
      "errors",
      "caddy/package-file",
      "admin/field-names",
      "caddyfile/(code-frame|source)",
    ],
    mayNot: [],
    modules: ["http", "crypto", "zlib", "koffi", "re2js", "bcryptjs"],
  },
  {
    args: ["validate"],
    source: "cli/commands/validate.ts",
    may: [...configuration, ...checks, ...commandLine, "cli/commands/validate"],
    mayNot: [
      "supervise/native(-starter|/)",
      "app/(control|daemon|orphans|reloader|caddy-host)",
      "caddy/(child|adapt|validate|binary)",
    ],
    modules: ["http", "https", "tls", "zlib", "koffi", "re2js", "bcryptjs"],
  },
  {
    args: ["run"],
    source: "cli/commands/run.ts",
    may: [...configuration, ...checks, ...commandLine, "cli/commands/run", "admin/"],
    // Nobody has asked yet: the control API and its schemas, OpenAPI, metrics; orphans come after the start.
    mayNot: ["app/orphans", "admin/(control-|openapi|metrics|client)", "caddy/(adapt|validate)"],
    modules: ["https", "tls", "zlib", "re2js", "bcryptjs"],
  },
];

await build();
const faults = [...(await reachFaults()), ...(await loadFaults())];
for (const fault of faults) console.error(fault);
console.log(`loading: ${commands.length} commands, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);

async function reachFaults() {
  const { build: bundle, stop } = await import("esbuild");
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    plugins: [watForBundle],
    metafile: true,
    write: false,
  });
  await stop();
  return commands.flatMap(({ args, source, may, mayNot }) => {
    const fits = (patterns, path) => new RegExp(`^src/(${patterns.join("|")})`).test(path);
    const reached = closure(metafile.inputs, `src/${source}`);
    const bad = reached.filter((path) => !fits(may, path) || (mayNot.length > 0 && fits(mayNot, path)));
    return bad.map((path) => `${args.join(" ")}: reaches ${path} without import()`);
  });
}

function closure(inputs, start) {
  const found = new Set([start]);
  for (const path of found) {
    for (const { path: target, kind, external } of inputs[path].imports)
      if (kind === "import-statement" && !external) found.add(target);
  }
  return [...found];
}

async function loadFaults() {
  const scratch = mkdtempSync(join(tmpdir(), "caddy-supervisor-loading-"));
  try {
    const list = join(scratch, "loaded.json");
    const probe = join(scratch, "probe.cjs");
    writeFileSync(join(scratch, "Supervisorfile"), "sleep 86400\n");
    writeFileSync(
      probe,
      `process.once("exit", () => require("node:fs").writeFileSync(${JSON.stringify(list)},
        JSON.stringify([...process.moduleLoadList, ...Object.keys(require.cache)])));`,
    );
    const faults = [];
    for (const { args, modules } of commands) {
      const code = await finish(scratch, [
        "--require",
        probe,
        join(root, "bin", "caddy-supervisor.js"),
        ...args,
      ]);
      const loaded = JSON.parse(readFileSync(list, "utf8"));
      const has = (name) =>
        loaded.some((each) => each === `NativeModule ${name}` || each.includes(`/node_modules/${name}/`));
      if (code !== 0) faults.push(`${args.join(" ")}: ended with ${code}`);
      faults.push(...modules.filter(has).map((name) => `${args.join(" ")}: loads ${name}`));
    }
    return faults;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
