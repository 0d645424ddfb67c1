import type { Command } from "commander";

/** Runs what a command does; its exit code is that of the program. */
export type Runner = (work: () => Promise<number>) => Promise<void>;

/** Says what a command takes, and what it does. The code that does it is loaded when it is called. */
export type Describe = (command: Command, runner: Runner) => void;
