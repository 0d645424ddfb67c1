// Sources in WebAssembly's text format (.wat): imported, they are the bytes of the module.
import { readFileSync } from "node:fs";

const filter = /\.wat$/;

/** What the module in this file is in bytes. Throws with the place of what is wrong with it. */
async function assemble(path) {
  const { default: load } = await import("wabt");
  const wabt = await load();
  const module = wabt.parseWat(path, readFileSync(path, "utf8"), { simd: true });
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** For esbuild. */
export const watForBundle = {
  name: "wat",
  setup: (build) =>
    build.onLoad({ filter }, async ({ path }) => ({ contents: await assemble(path), loader: "binary" })),
};

/** For vitest. */
export const watForTests = {
  name: "wat",
  async load(id) {
    if (!filter.test(id)) return undefined;
    return `export default Uint8Array.from([${await assemble(id)}]);`;
  },
};
