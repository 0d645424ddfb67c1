#!/usr/bin/env node
// First of all: until a handler stands, Node opens its inspector on SIGUSR1.
process.on("SIGUSR1", () => {});
const { join } = require("node:path");
const { setFlagsFromString } = require("node:v8");
const { loadWithCodeCache } = require("./code-cache.js");

// V8's space for new objects doubles whenever it was half full, and is never given back: 27 MB after a thousand starts, and each
// fork copies the page tables of all of it. Before the program is compiled: kept code is of use under the same flags only.
setFlagsFromString("--semi-space-growth-factor=1");

const argv = process.argv.slice(2);
// Other commands compile too little for what they leave to be worth much to a start.
const keeps = argv[0] === "run";
const { main } = loadWithCodeCache(join(__dirname, "..", "dist", "cli", "main.wrapped.cjs"), keeps);
main(argv).then((exitCode) => {
  process.exitCode = exitCode;
});
