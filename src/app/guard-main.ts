/** The program that the guard becomes when the supervisor is gone: `node guard-main.js INSTANCE FOLDER`. */

// Node would open its inspector on SIGUSR1.
process.on("SIGUSR1", () => {});

const { sweepInstance } = await import("./sweep-instance.ts");

const [instance, folder] = process.argv.slice(2);
if (instance !== undefined && folder !== undefined) await sweepInstance(instance, folder);
