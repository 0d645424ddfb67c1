/** The program that the guard becomes when its supervisor is gone: `node guard-main.js INSTANCE STATE-FILE`. */

// Node would open its inspector on SIGUSR1.
process.on("SIGUSR1", () => {});

const { sweepRun } = await import("./sweep-instance.ts");

const [instance, stateFile] = process.argv.slice(2);
if (instance !== undefined && stateFile !== undefined) await sweepRun(instance, stateFile);
