// Compiling the program takes longer than all else at the start. V8 can keep what it has compiled (vm.Script, cachedData): here
// in a file beside the program, which whoever may write could as well write the program itself.
const { readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname } = require("node:path");
const vm = require("node:vm");
const { lazily } = require("./lazy-modules.js");

/** By then (ms) a start is over, and what it needed is compiled. */
const calm = 3_000;

/** Loads a CommonJS module whose file is a function of the five things that a module is given. `keeps`: what was compiled is kept for the next time, if nothing was so far. */
exports.loadWithCodeCache = (path, keeps) => {
  const cache = `${path}.${process.version}-${process.arch}.cache`;
  const cachedData = readIfThere(cache);
  // The build leaves no letters beyond ASCII: one byte each, also in memory.
  const source = readFileSync(path, "latin1");
  const script = new vm.Script(source, { filename: path, cachedData });
  // One that V8 refuses was made under other flags: it is right for most starts, and stays.
  if (keeps && cachedData === undefined) keepLater(script, path, cache);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, lazily(createRequire(path)), module, path, dirname(path));
  return module.exports;
};

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Once, when there is time: functions that have run by then are in it. */
function keepLater(script, path, cache) {
  const keep = () => {
    clearTimeout(timer);
    process.off("exit", keep);
    try {
      // Nobody's folder but our own: root leaves no files of its own with others.
      if (statSync(dirname(path)).uid !== process.getuid?.()) return;
      const unfinished = `${cache}.${process.pid}`;
      writeFileSync(unfinished, script.createCachedData(), { flag: "wx", mode: 0o644 });
      renameSync(unfinished, cache);
    } catch {
      // A read-only file system, a full disk: the next start compiles again.
    }
  };
  const timer = setTimeout(keep, calm);
  timer.unref();
  process.once("exit", keep);
}
