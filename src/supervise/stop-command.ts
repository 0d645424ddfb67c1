import { exitText } from "./exit-status.ts";
import { NodeSpawner, type NodeSpawnerParts, type SpawnRequest } from "./node-spawner.ts";
import type { StopCommand } from "./supervisor-parts.ts";

/** Tells the command which process it is to stop; the name is systemd's (systemd.exec(5)). */
const pidVariable = "MAINPID";

type Doors = Omit<NodeSpawnerParts, "request" | "onProcess" | "onGone"> & {
  /** As the process itself is started. */
  request(life: number): SpawnRequest;
};

/**
 * A command that is run as the process itself: same user, folder and environment, its output to the same places. It
 * carries the process's marker, so whatever it leaves behind is swept with it. Undefined for no words.
 */
export function spawnedStopCommand(words: readonly string[], doors: Doors): StopCommand | undefined {
  const [command, ...args] = words;
  if (command === undefined) return undefined;
  return {
    run(process, onEnded) {
      let kill = () => {};
      let isSilent = false;
      const tell = (error: string | undefined) => {
        if (!isSilent) onEnded(error);
      };
      const spawner = new NodeSpawner({
        ...doors,
        request: (life) => {
          const like = doors.request(life);
          const environment = { ...like.environment, [pidVariable]: String(process.pid) };
          // It writes where the process writes, and that is all: the run is still the process's.
          const openOutputs = () => {
            const outputs = like.openOutputs();
            const { stdout, stderr } = outputs;
            return { stdout, stderr, close: () => outputs.close() };
          };
          return { ...like, command, args, environment, openOutputs };
        },
      });
      // The life is only part of the marker: any of this replica's is found by the sweep that follows the stop.
      spawner.spawn(0, {
        onSpawned: (running) => {
          kill = () => running.signalGroup(9);
        },
        onFailed: (error) => queueMicrotask(() => tell(error)),
        onExited: (status) => tell(status.code === 0 ? undefined : exitText(status)),
      });
      return () => {
        isSilent = true;
        kill();
      };
    },
  };
}
