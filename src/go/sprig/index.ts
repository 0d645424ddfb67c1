import type { GoFunctionEntry } from "../values/index.ts";
import { defaultFunctions } from "./defaults.ts";
import { dictFunctions } from "./dicts.ts";
import { encodingFunctions } from "./encoding.ts";
import { envFunctions } from "./env.ts";
import { floatFunctions } from "./float-math.ts";
import { integerFunctions } from "./integer-math.ts";
import { listFunctions } from "./lists.ts";
import { networkFunctions } from "./network.ts";
import { pathFunctions } from "./paths.ts";
import { randomFunctions } from "./random.ts";
import { reflectionFunctions } from "./reflection.ts";
import { stringFunctions } from "./strings.ts";

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
    stringFunctions,
  ]
    .flat()
    .map((entry) => [entry.name, entry]),
);
