/** A module as `caddy list-modules` names it. */
export interface ListedModule {
  readonly id: string;
  readonly version: string;
  readonly package: string;
}

export interface ListColumns {
  readonly versions: boolean;
  readonly packages: boolean;
}

const total = /^( {2}Non-standard modules: )(\d+)$/;

/** The list with one more module among those that are not standard; unchanged where it stands already. */
export function withModule(list: string, module: ListedModule, { versions, packages }: ListColumns): string {
  const lines = list.split("\n");
  if (lines.some((line) => line.split(" ")[0] === module.id)) return list;
  const at = lines.findIndex((line) => total.test(line));
  if (at < 1) return list;
  const [, words = "", digits = "0"] = total.exec(lines[at]!) ?? [];
  const count = Number(digits);
  // They end at an empty line before their total; one more parts them from the standard ones.
  const end = at - 1;
  const before = lines.slice(0, end - count);
  const others = lines.slice(end - count, end);
  const own = [module.id, ...(versions ? [module.version] : []), ...(packages ? [module.package] : [])];
  const all = [...others, own.join(" ")].sort();
  const gap = count === 0 && before.length > 0 ? [""] : [];
  return [...before, ...gap, ...all, "", `${words}${count + 1}`, ...lines.slice(at + 1)].join("\n");
}

/** As {@link withModule}, of what newer versions print with `--json`. */
export function withModuleInJson(list: string, module: ListedModule): string {
  const modules = JSON.parse(list) as { readonly module_name?: string }[];
  if (modules.some(({ module_name }) => module_name === module.id)) return list;
  const own = {
    module_name: module.id,
    module_type: "non-standard",
    version: module.version,
    package_url: module.package,
  };
  return `${JSON.stringify([...modules, own], undefined, "\t")}\n`;
}
