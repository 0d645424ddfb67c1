/** `{$NAME}` and `{$NAME:default}`: replaced in the raw text before it is lexed, comments and quotes included. */
import { type Expansion, plainSource, type Source } from "./source.ts";

/** The variables that `{$NAME}` sees; a name that is missing or undefined is not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces every `{$NAME}` of `text` (Caddy's replaceEnvVars). A variable that is set to nothing wins over the
 * default; a value is not looked at again, so a `{$OTHER}` in it stays; `{$}` and an unclosed `{$` stay.
 */
export function expandEnv(text: string, file: string, env: Environment): Source {
  let open = text.indexOf("{$");
  if (open < 0) return plainSource(text, file);
  const expansions: Expansion[] = [];
  let out = "";
  let copied = 0;
  while (open >= 0) {
    const close = text.indexOf("}", open + 2);
    if (close < 0) break;
    if (close > open + 2) {
      out += text.slice(copied, open);
      const start = out.length;
      out += lookUp(text.slice(open + 2, close), env);
      copied = close + 1;
      expansions.push({ start, end: out.length, originalStart: open, originalEnd: copied });
    }
    open = text.indexOf("{$", close + 1);
  }
  return { file, original: text, text: out + text.slice(copied), expansions };
}

function lookUp(reference: string, env: Environment): string {
  const colon = reference.indexOf(":");
  const name = colon < 0 ? reference : reference.slice(0, colon);
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value ?? (colon < 0 ? "" : reference.slice(colon + 1));
}
