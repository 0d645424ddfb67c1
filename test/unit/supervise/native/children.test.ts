import koffi from "koffi";
import { expect, it } from "vitest";
import { nativeChildren } from "../../../../src/supervise/native/children.ts";

const libc = koffi.load(null);

it("leaves it to Node to start programs where the C library is too old", () => {
  const old = {
    ...libc,
    func(declaration: string) {
      if (declaration.includes("addchdir_np")) throw new Error("Cannot find function in shared library");
      return libc.func(declaration);
    },
  } as typeof libc;
  expect(nativeChildren(old)).toBeUndefined();
  expect(nativeChildren(libc)).toBeDefined();
});
