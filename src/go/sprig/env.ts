import type { GoFunctionEntry } from "../values/index.ts";
import { entry } from "./entry.ts";

// A name in braces, one that the shell reserves, or letters; a brace that ends nothing is dropped with its dollar.
const variablePattern = /\$(?:\{([*#$@!?\-0-9])\}|\{([^}]+)\}|(\{\}?)|([*#$@!?\-0-9])|([0-9A-Za-z_]+))/g;

/** Go's os.ExpandEnv: `$name` and `${name}`; unset variables are empty. */
function expand(text: string, env: ReadonlyMap<string, string>): string {
  return text.replaceAll(variablePattern, (_, special, braced, malformed, single, plain) =>
    malformed === undefined ? (env.get(special ?? braced ?? single ?? plain) ?? "") : "",
  );
}

/** The environment, as the caller of the template hands it over (Go's os.Getenv and os.ExpandEnv). */
export const envFunctions: readonly GoFunctionEntry[] = [
  entry("env", "func(string) string", ([name], { env }) => env.get(name) ?? ""),
  entry("expandenv", "func(string) string", ([text], { env }) => expand(text, env)),
];
