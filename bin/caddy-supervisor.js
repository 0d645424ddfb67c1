#!/usr/bin/env node
// First of all: until a handler stands, Node opens its inspector on SIGUSR1.
process.on("SIGUSR1", () => {});
const { join } = require("node:path");
const { loadWithCodeCache } = require("./code-cache.js");

const argv = process.argv.slice(2);
// Other commands compile too little for what they leave to be worth much to a start.
const keeps = argv[0] === "run";
const { main } = loadWithCodeCache(join(__dirname, "..", "dist", "cli", "main.wrapped.cjs"), keeps);
main(argv).then((exitCode) => {
  process.exitCode = exitCode;
});
