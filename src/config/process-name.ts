import type { Definition } from "./definition.ts";
import { invalid } from "./invalid.ts";

/**
 * How people call the process: its `name`, else the last part of its command.
 *
 * @throws SupervisorError `DEFINITION` for a name that means all processes, or that a terminal would not show
 */
export function processName({ name, command: [program = ""] }: Pick<Definition, "name" | "command">): string {
  if (!name) return program.slice(program.lastIndexOf("/") + 1) || program;
  if (name === "*") throw invalid("name", "'name' should not be '*', which stands for all processes");
  if (/[\p{Cc}\u2028\u2029]/u.test(name))
    throw invalid("name", `'name' should have no control characters, ${JSON.stringify(name)} given`);
  return name;
}
