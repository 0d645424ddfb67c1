// What the other scripts need before they can do anything: packages, a build, programs of the system.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { lateModules } from "./late.mjs";
import { watForBundle } from "./wat.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Runs a program on our terminal; ends this script when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** A program of node_modules. */
export function tool(name, ...args) {
  run(join(root, "node_modules", ".bin", name), args);
}

export function installPackages() {
  const installed = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log("installing npm packages");
  // Their install scripts are not needed: the binaries of esbuild and koffi come in packages of their own.
  run("npm", ["ci", "--no-fund", "--no-audit", "--ignore-scripts"]);
}

/** The faces of the package, and the guard's sweep: what they share goes into chunks that are loaded when needed. */
const entryPoints = [
  "index.ts",
  "caddyfile/index.ts",
  "go/duration.ts",
  "go/integers.ts",
  "go/template/index.ts",
  "app/guard-main.ts",
];

/** What both bundles have in common. */
const both = {
  absWorkingDir: root,
  outbase: "src",
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
  plugins: [watForBundle],
};

/** The program: one file with all that it needs, so that V8's code cache holds all of it (bin/code-cache.js). */
export const program = {
  ...both,
  plugins: [...both.plugins, lateModules],
  entryPoints: ["src/cli/main.ts"],
  outExtension: { ".js": ".wrapped.cjs" },
  format: "cjs",
  packages: "bundle",
  // A third less to read, to keep in memory and to take out of the code cache. The map is for people who read a stack trace.
  minify: true,
  sourcemap: "linked",
  sourcesContent: false,
  // V8's code cache knows nothing of import(): it becomes a require() that waits as long.
  supported: { "dynamic-import": false },
  // Loaded when needed, if at all.
  external: ["koffi", "re2js", "bcryptjs"],
  define: { "import.meta.filename": "__filename", "import.meta.dirname": "__dirname" },
  // As Node wraps a module: so it need not be done, and copied, at each start.
  banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
  footer: { js: "})" },
};

/**
 * The bundled program in dist/, made anew when a source is younger. One file for each entry point instead of two hundred
 * modules: Node needs half a millisecond for every module that it loads.
 */
export async function build() {
  installPackages();
  const stamp = join(root, "dist", ".tsbuildinfo");
  const sources = readdirSync(join(root, "src"), { recursive: true }).map((name) =>
    join(root, "src", String(name)),
  );
  sources.push(
    ...[
      "tsconfig.json",
      "tsconfig.build.json",
      "scripts/setup.mjs",
      "scripts/late.mjs",
      "scripts/wat.mjs",
    ].map((name) => join(root, name)),
  );
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  if (sources.every((name) => statSync(name).mtimeMs <= built)) return;
  console.log("building dist/");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const { build: bundle, stop } = await import("esbuild");
  await bundle({
    ...both,
    entryPoints: entryPoints.map((name) => `src/${name}`),
    chunkNames: "chunks/[name]-[hash]",
    splitting: true,
    format: "esm",
    packages: "external",
  });
  await bundle(program);
  // Its helper process would outlive the build, by as long as the script that asked for it.
  await stop();
  // Last: its stamp says that all is done.
  tool("tsc", "-p", "tsconfig.build.json");
}

export function onPath(program) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Whether Debian's package manager may be used. */
export function canInstall() {
  return process.platform === "linux" && process.getuid?.() === 0 && onPath("apt-get") !== undefined;
}

/**
 * Installs Debian packages. Their services are not to run: a policy answers no while they are installed, and one that
 * was started all the same is stopped.
 */
export function aptInstall(packages, services = []) {
  console.log(`installing ${packages.join(", ")} with apt-get`);
  const quiet = {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  const { status } = spawnSync(
    "apt-get",
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
    quiet,
  );
  if (onPath("systemctl")) {
    for (const service of services)
      spawnSync("systemctl", ["disable", "--now", service], { stdio: "ignore" });
  }
  return status === 0;
}
