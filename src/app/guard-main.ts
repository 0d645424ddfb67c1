/**
 * The program that the guard becomes when its supervisor is gone: `node guard-main.js INSTANCE STATE-FILE [FOLDER]`. The folder of
 * an instance that nobody will run again is removed.
 */

// Node would open its inspector on SIGUSR1.
process.on("SIGUSR1", () => {});

const { removeFolder, sweepRun } = await import("./sweep-instance.ts");

const [instance, stateFile, folder] = process.argv.slice(2);
if (instance !== undefined && stateFile !== undefined) {
  const { survivors } = await sweepRun(instance, stateFile);
  if (folder !== undefined && survivors.length === 0) removeFolder(folder, stateFile);
}
