// In the program, some modules are evaluated when one of their functions is first called: most configurations have no template,
// and what Go's templates need takes a millisecond and half a megabyte. For esbuild alone: the sources import them as any other.
import { resolve } from "node:path";

/** By path: all that is imported of it, which are functions. Who imports another name hears so from the build. */
const late = { "src/go/template/index.ts": ["execute", "executeOptions"] };

const namespace = "late";

export const lateModules = {
  name: "late",
  setup(build) {
    const root = build.initialOptions.absWorkingDir;
    const functionsOf = (path) => Object.entries(late).find(([name]) => resolve(root, name) === path)?.[1];
    build.onResolve({ filter: /\/index\.ts$/ }, ({ path, resolveDir, kind }) => {
      const target = resolve(resolveDir, path);
      if (kind !== "import-statement" || functionsOf(target) === undefined) return undefined;
      return { path: target, namespace };
    });
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: functionsOf(path)
        .map(
          (name) => `export const ${name} = (...args) => require(${JSON.stringify(path)}).${name}(...args);`,
        )
        .join("\n"),
      resolveDir: root,
    }));
  },
};
