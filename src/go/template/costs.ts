import { type GoFunctionEntry, GoMap, GoSlice, type GoValue, type StepBudget } from "../values/index.ts";

/**
 * What functions cost besides their arguments, in steps of about a microsecond: keys, hashes that are slow on purpose,
 * and what waits for the network.
 */
const fixedCosts: ReadonlyMap<string, number> = new Map([
  ["bcrypt", 100_000],
  ["buildCustomCert", 100],
  ["decryptAES", 25],
  ["derivePassword", 200_000],
  ["encryptAES", 25],
  ["genCA", 200_000],
  ["genCAWithKey", 5_000],
  ["genPrivateKey", 400_000],
  ["genSelfSignedCert", 200_000],
  ["genSelfSignedCertWithKey", 5_000],
  ["genSignedCert", 200_000],
  ["genSignedCertWithKey", 5_000],
  ["getHostByName", 400_000],
  ["htpasswd", 100_000],
]);

/** How much slower than a plain pass over the bytes some functions are. */
const weights: ReadonlyMap<string, number> = new Map([
  ...["camelcase", "kebabcase", "snakecase"].map((name) => [name, 32] as const),
  ...["b32dec", "b32enc", "date", "dateInZone", "date_in_zone", "expandenv", "indent", "initials"].map(
    (name) => [name, 8] as const,
  ),
  ...["js", "html", "mustToDate", "nindent", "nospace", "printf", "semver", "shuffle"].map(
    (name) => [name, 8] as const,
  ),
  ...["sortAlpha", "split", "splitList", "splitn", "swapcase", "title", "toDate", "trimAll", "trimall"].map(
    (name) => [name, 8] as const,
  ),
  ...["lower", "untitle", "upper", "urlParse", "urlquery", "wrap", "wrapWith"].map(
    (name) => [name, 8] as const,
  ),
  ...["fromJson", "mustFromJson", "mustToJson", "mustToPrettyJson", "mustToRawJson"].map(
    (name) => [name, 8] as const,
  ),
  ...["toJson", "toPrettyJson", "toRawJson"].map((name) => [name, 8] as const),
]);

/** They look at no more than one place of what they are given. */
const atOnce: ReadonlySet<string> = new Set([
  ...["and", "coalesce", "default", "dict", "empty", "first", "get", "hasKey", "index", "kindIs", "kindOf"],
  ...["last", "len", "list", "mustFirst", "mustLast", "not", "or", "set", "ternary", "tuple", "typeIs"],
  ...["typeOf", "unset"],
]);

const bytesOfStep = 64;
const elementsOfStep = 8;

/** A value's size in steps. What it holds is not looked at: functions that go deeper spend by themselves. */
function stepsOf(value: GoValue): number {
  if (typeof value === "string") return value.length / bytesOfStep;
  if (value instanceof GoSlice) return value.items.length / elementsOfStep;
  return value instanceof GoMap ? value.entries.size / elementsOfStep : 0;
}

/** RE2 takes time in proportion to the text and to the expression. */
function regexCost([expression, subject]: readonly GoValue[]): number {
  return stepsOf(subject ?? null) * (8 + stepsOf(expression ?? null) * bytesOfStep);
}

/** Functions of many arguments look for each in the list. */
function searchCost([list, ...needles]: readonly GoValue[]): number {
  return stepsOf(list ?? null) * needles.length;
}

/** The patterns of constraints look back at every blank. */
function constraintCost([constraint]: readonly GoValue[]): number {
  return typeof constraint === "string" ? constraint.length ** 2 : 0;
}

const ownCosts: ReadonlyMap<string, (args: readonly GoValue[]) => number> = new Map([
  ...["Find", "FindAll", "Match", "ReplaceAll", "ReplaceAllLiteral", "Split"].flatMap((name) => [
    [`regex${name}`, regexCost] as const,
    [`mustRegex${name}`, regexCost] as const,
  ]),
  ["semverCompare", constraintCost],
  ["without", searchCost],
  ["mustWithout", searchCost],
]);

/**
 * Takes what a call costs from the budget, before it is made.
 * @throws BoundError when it is not left
 */
export function payForCall(
  { name }: Pick<GoFunctionEntry, "name">,
  args: readonly GoValue[],
  budget: StepBudget,
): void {
  budget.spend(fixedCosts.get(name) ?? 0);
  if (atOnce.has(name)) return;
  const own = ownCosts.get(name);
  if (own) budget.spend(own(args));
  else budget.spend(args.reduce<number>((sum, arg) => sum + stepsOf(arg), 0) * (weights.get(name) ?? 1));
}

/** Takes the size of a result from the budget. */
export function payForResult(value: GoValue, budget: StepBudget): void {
  budget.spend(stepsOf(value));
}
