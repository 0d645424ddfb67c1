import type { Definition, DefinitionJson } from "../config/definition.ts";
import { definitionFrom } from "../config/definition-json.ts";
import { planReplicas } from "../config/options.ts";
import { atPlace, type DefinitionPlaces } from "../config/places.ts";
import { definitionKeys, type IdentifiedPlan } from "../config/reload-plan.ts";
import { planRights, type RightsPlan } from "../config/rights-plan.ts";
import { SupervisorError } from "../errors.ts";
import { checkOutputs } from "../output/check-outputs.ts";
import { readEnvFiles } from "../supervise/env-files.ts";
import { type Launch, planLaunch } from "../supervise/launch-chain.ts";

/** What an {@link App} runs. */
export interface AppConfig {
  readonly supervise: readonly (Definition | DefinitionJson)[];
  /** Where each definition stands in the configuration, for messages. */
  readonly places?: readonly (DefinitionPlaces | undefined)[];
  /** The environment that the processes inherit. Default: that of the app. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A replica of which all is known and checked. */
export interface Provisioned extends IdentifiedPlan {
  readonly launch: Launch;
  /** The environment that its process inherits. */
  readonly inherited: NodeJS.ProcessEnv;
  /** Where its definition stands in a configuration file. */
  readonly places: DefinitionPlaces | undefined;
}

export interface ProvisionSettings {
  /** The environment that the processes inherit, unless the configuration brings its own. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly onWarning: (warning: string, user: string) => void;
}

/**
 * Checks everything that a start needs: values, templates of every replica, users, rights, env files, log files. Starts
 * nothing and creates nothing.
 *
 * @throws SupervisorError `DEFINITION`, `TEMPLATE`, `UNKNOWN_USER`, `UNKNOWN_GROUP`, `USER_NEEDS_ROOT`, `RIGHTS`, `ENV_FILE`,
 * `LOG_FILE`, `JSON_CONFIG`
 */
export function provision(config: AppConfig, settings: ProvisionSettings): Provisioned[] {
  const { supervise, places, env = settings.env } = config;
  const { cwd, onWarning } = settings;
  const launches = new Launches(onWarning);
  const definitions = supervise.map((given, index) => located(places?.[index], () => definitionFrom(given)));
  const keys = definitionKeys(definitions);
  return definitions.flatMap((definition, index) =>
    located(places?.[index], () => {
      const plans = planReplicas(definition, { env });
      const launch = launches.of(definition.user ?? "", planRights(definition));
      for (const plan of plans) {
        readEnvFiles(plan.envFiles, cwd);
        checkOutputs(plan, cwd);
      }
      return plans.map((plan) => ({
        key: keys[index] ?? "",
        plan,
        launch,
        inherited: env,
        places: places?.[index],
      }));
    }),
  );
}

function located<T>(places: DefinitionPlaces | undefined, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof SupervisorError ? atPlace(error, places) : error;
  }
}

/** Planned once for all definitions that ask for the same: it takes a few milliseconds. */
class Launches {
  readonly #known = new Map<string, Launch>();
  readonly #onWarning: ProvisionSettings["onWarning"];

  constructor(onWarning: ProvisionSettings["onWarning"]) {
    this.#onWarning = onWarning;
  }

  of(user: string, rights: RightsPlan): Launch {
    const key = JSON.stringify([user, rights]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const launch = planLaunch(user, rights);
    for (const warning of launch.warnings) this.#onWarning(warning, user);
    this.#known.set(key, launch);
    return launch;
  }
}
