import { findCaddy, runCaddy } from "../../caddy/binary.ts";
import { type ListedModule, withModule, withModuleInJson } from "../../caddy/module-list.ts";
import type { ListModulesFlags } from "../flags.ts";
import { printOut, printTalk } from "../print.ts";
import { version } from "../version.ts";

/** `list-modules`: those of the stock binary, and the app that we add. */
export async function listModulesCommand(flags: ListModulesFlags): Promise<number> {
  const { json, packages = false, versions = false } = flags;
  const names = ["json", "packages", "versions"] as const;
  const args = names.filter((name) => flags[name]).map((name) => `--${name}`);
  if (flags.skipStandard) args.push("--skip-standard");
  const binary = findCaddy(flags.caddy, process.env, "the list is the Caddy binary's, and ours");
  const { code, stdout, stderr } = await runCaddy(binary, ["list-modules", ...args]);
  printTalk(stderr);
  if (code !== 0) {
    printOut(stdout);
    return code ?? 1;
  }
  const ours: ListedModule = { id: "supervisor", version: version(), package: "caddy-supervisor" };
  printOut(json ? withModuleInJson(stdout, ours) : withModule(stdout, ours, { packages, versions }));
  return 0;
}
