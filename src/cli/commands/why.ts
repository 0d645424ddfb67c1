import type { StatusFlags } from "../flags.ts";
import { findInstance } from "../instance.ts";
import { printJson, printText } from "../print.ts";

/** `why`: exit code 0 when everything that was named runs, else 1. */
export async function whyCommand(targets: readonly string[], flags: StatusFlags): Promise<number> {
  const explanations = await findInstance(flags).why(targets);
  for (const explanation of explanations) {
    if (flags.json) printJson(explanation);
    else printText(`${explanation.sentences.join("\n  ")}\n`);
  }
  return explanations.every(({ isRunning }) => isRunning) ? 0 : 1;
}
