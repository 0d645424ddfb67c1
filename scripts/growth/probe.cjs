// Loaded into the supervisor before its own code (NODE_OPTIONS=--require): answers each connection to the Unix socket
// GROWTH_PROBE with one line of JSON, what the process holds right now.
//
// Garbage must not count, but --expose-gc would change V8's flags, and with them what the code cache of the program is worth.
// v8.queryObjects() collects all garbage before it counts.
const { EventEmitter } = require("node:events");
const { readdirSync, readFileSync } = require("node:fs");
const { createServer } = require("node:net");
const { queryObjects, writeHeapSnapshot } = require("node:v8");

const path = process.env.GROWTH_PROBE;
// Nothing of this reaches what the program starts. (LD_PRELOAD: see idle.mjs. Only the program's own clock is to run faster.)
for (const name of ["NODE_OPTIONS", "LD_PRELOAD", "GROWTH_PROBE"]) delete process.env[name];

const { constructor: Timeout } = setTimeout(() => {}, 0);
let taken = 0;

function look() {
  const objects = {
    timers: queryObjects(Timeout),
    emitters: queryObjects(EventEmitter),
    promises: queryObjects(Promise),
  };
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const anonymous = /^Anonymous:\s+(\d+) kB/m.exec(readFileSync("/proc/self/smaps_rollup", "latin1"));
  return {
    heap: heapUsed,
    external,
    buffers: arrayBuffers,
    rss,
    anonymous: Number(anonymous?.[1]) * 1024,
    descriptors: readdirSync("/proc/self/fd").length,
    ...objects,
    ...resources(),
  };
}

/** What keeps the event loop going, by kind: `resource Timeout`, `resource ProcessWrap` … */
function resources() {
  const counts = {};
  for (const kind of process.getActiveResourcesInfo())
    counts[`resource ${kind}`] = (counts[`resource ${kind}`] ?? 0) + 1;
  return counts;
}

const answers = {
  look,
  /** By its own clock, in seconds. */
  uptime: () => process.uptime(),
  /** The path of a file, also good for the memory panel of Chrome's developer tools. */
  snapshot() {
    const file = writeHeapSnapshot(`${path}.${++taken}.heapsnapshot`);
    // It takes some ten megabytes, which malloc would keep: they are not the program's. koffi is loaded by that anyway.
    const trim = require("koffi").load(null).func("int malloc_trim(size_t)");
    trim(0);
    return file;
  },
};

const server = createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", (asked) => {
    socket.end(JSON.stringify(answers[asked.toString()]()));
  });
});
server.listen(path);
server.unref();
