import type { GoFunctionEntry } from "../values/index.ts";
import { certificateFunctions } from "./certificates.ts";
import { dateFunctions } from "./dates.ts";
import { defaultFunctions } from "./defaults.ts";
import { dictFunctions } from "./dicts.ts";
import { encodingFunctions } from "./encoding.ts";
import { envFunctions } from "./env.ts";
import { floatFunctions } from "./float-math.ts";
import { integerFunctions } from "./integer-math.ts";
import { jsonFunctions } from "./json.ts";
import { listFunctions } from "./lists.ts";
import { networkFunctions } from "./network.ts";
import { passwordFunctions } from "./passwords.ts";
import { pathFunctions } from "./paths.ts";
import { randomFunctions } from "./random.ts";
import { reflectionFunctions } from "./reflection.ts";
import { regexFunctions } from "./regex.ts";
import { semverFunctions } from "./semver.ts";
import { stringFunctions } from "./strings.ts";
import { urlFunctions } from "./urls.ts";

/** The functions of sprig 3.3.0's TxtFuncMap by name. */
export const sprigFunctions: ReadonlyMap<string, GoFunctionEntry> = new Map(
  [
    defaultFunctions,
    dictFunctions,
    encodingFunctions,
    envFunctions,
    floatFunctions,
    integerFunctions,
    listFunctions,
    networkFunctions,
    pathFunctions,
    randomFunctions,
    reflectionFunctions,
    dateFunctions,
    jsonFunctions,
    regexFunctions,
    semverFunctions,
    urlFunctions,
    certificateFunctions,
    passwordFunctions,
    stringFunctions,
  ]
    .flat()
    .map((entry) => [entry.name, entry]),
);
