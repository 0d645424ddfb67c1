import { environmentWith } from "../environment.ts";
import { environmentText } from "../environment-text.ts";
import type { EnvironFlags } from "../flags.ts";
import { printOut } from "../print.ts";
import { stockVersion } from "../stock-version.ts";

/** `environ`: the environment as Caddy and the processes would see it, in Caddy's form. */
export async function environCommand(flags: EnvironFlags): Promise<number> {
  const env = environmentWith(flags.envfile);
  const stock = await stockVersion(flags.caddy, env);
  printOut(environmentText(env, stock?.line.split(" ")[0]));
  return 0;
}
