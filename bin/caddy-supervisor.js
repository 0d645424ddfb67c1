#!/usr/bin/env node
// First of all: until a handler stands, Node opens its inspector on SIGUSR1.
process.on("SIGUSR1", () => {});
const { main } = await import("../dist/cli/main.js");
process.exitCode = await main(process.argv.slice(2));
