import type { Definition, DefinitionJson } from "../config/definition.ts";
import { definitionFrom } from "../config/definition-json.ts";
import { type OptionsContext, planReplicas } from "../config/options.ts";
import { planRights } from "../config/rights-plan.ts";
import { SupervisorError } from "../errors.ts";
import type { Logger } from "../logging/logger.ts";
import { readEnvFiles } from "../supervise/env-files.ts";
import { planLaunch } from "../supervise/launch-chain.ts";
import type { Supervisor } from "../supervise/supervisor.ts";
import { libraryName } from "./library-name.ts";
import { makeSupervisor, outOfMemoryWatch, realWorld } from "./make-supervisor.ts";
import { outputDoors } from "./output-doors.ts";

export interface ToSupervisorsSettings extends OptionsContext {
  /** Default: no log. */
  readonly logger?: Logger;
  /** Where relative paths begin. Default: the current folder. */
  readonly cwd?: string;
}

/**
 * The supervisors of a definition, one for each replica, templates applied; nothing is started. They are on their own:
 * unlike those of an {@link App} they have no guard that ends them with this program.
 *
 * @throws SupervisorError `DEFINITION`, `TEMPLATE`, `UNKNOWN_USER`, `UNKNOWN_GROUP`, `USER_NEEDS_ROOT`, `RIGHTS`,
 * `ENV_FILE`, `JSON_CONFIG`
 * @example
 * toSupervisors({ command: ["node", "web.js", "--port", "{{add 8000 .Replica}}"], replicas: 2 })
 *   .map(({ options }) => options.args.at(-1)); // ["8000", "8001"]
 */
export function toSupervisors(
  given: Definition | DefinitionJson,
  settings: ToSupervisorsSettings = {},
): Supervisor[] {
  const definition = definitionFrom(given);
  const plans = planReplicas(definition, settings);
  const cwd = settings.cwd ?? process.cwd();
  const { user = "" } = definition;
  if (settings.compat && /^[0-9]+$/.test(user)) throw unknownToModule(user);
  const launch = planLaunch(user, planRights(definition));
  for (const warning of launch.warnings) settings.logger?.log("warn", warning, { user });
  for (const plan of plans) readEnvFiles(plan.envFiles, cwd);
  const surroundings = {
    instance: `library-${libraryName()}`,
    ...realWorld(),
    wasOutOfMemory: outOfMemoryWatch(),
    log: settings.logger ?? { log() {} },
    cwd,
    outputs: outputDoors(settings.logger),
  };
  return plans.map((plan, index) => {
    const order = { plan, launch, inherited: process.env, id: String(index) };
    return makeSupervisor(order, surroundings).supervisor;
  });
}

/** The module looks users up by name alone (os/user.Lookup). */
function unknownToModule(user: string): SupervisorError {
  return new SupervisorError("UNKNOWN_USER", `user: unknown user ${user}`, { option: "user" });
}
