/**
 * While a chain is still root, the environment must not decide which code it runs: `LD_PRELOAD` and `LD_LIBRARY_PATH` may point to
 * where the user can write, and setpriv would load from there with all rights. The kernel's own remedy (AT_SECURE, ld.so(8)) is for
 * set-user-id programs only. So these variables wait under other names until the user is changed; then a shell gives them back.
 * (Only then: a shell may lose variables whose names are no identifiers.)
 */
const isDangerous = (name: string) =>
  /^(LD_[A-Z0-9_]+|GLIBC_TUNABLES|GCONV_PATH|LOCPATH|MUSL_LOCPATH|NLSPATH)$/.test(name);

const heldPrefix = "CADDY_SUPERVISOR_HELD_";

/** What a shell adds to the environment. */
const ofShell = ["PWD", "OLDPWD", "SHLVL", "_"];

/** The words that follow the first of a chain, and the environment to start it with. */
export function throughChain(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  changesUser: boolean,
): { readonly words: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  const dangerous = Object.keys(environment).filter(isDangerous);
  if (!changesUser || dangerous.length === 0) return { words, env: environment };
  const env: NodeJS.ProcessEnv = Object.assign(Object.create(null), environment);
  for (const name of dangerous) {
    env[heldPrefix + name] = env[name];
    delete env[name];
  }
  const unset = [...dangerous.map((name) => heldPrefix + name), ...ofShell.filter((name) => !(name in env))];
  // Names of a fixed alphabet only: nothing here can be anything else to a shell.
  const restore = dangerous.map((name) => `export ${name}="$${heldPrefix}${name}"`);
  const script = [`unset -v ${unset.join(" ")}`, 'exec "$@"'];
  return { words: [...words, "/bin/sh", "-c", [...restore, ...script].join("; "), "sh"], env };
}
