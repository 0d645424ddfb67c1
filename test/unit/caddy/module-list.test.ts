import { describe, expect, it } from "vitest";
import { withModule, withModuleInJson } from "../../../src/caddy/module-list.ts";

const ours = { id: "supervisor", version: "v1.2.3", package: "caddy-supervisor" };
const bare = { versions: false, packages: false };

describe("the list of modules", () => {
  it("has ours as the only one that is not standard", () => {
    const stock =
      "caddy.fs\ntls\n\n  Standard modules: 2\n\n  Non-standard modules: 0\n\n  Unknown modules: 0\n";
    expect(withModule(stock, ours, bare)).toBe(
      "caddy.fs\ntls\n\n  Standard modules: 2\n\nsupervisor\n\n  Non-standard modules: 1\n\n  Unknown modules: 0\n",
    );
  });

  it("has ours in its place among others, and counts it", () => {
    const stock =
      "tls\n\n  Standard modules: 1\n\nexec v1\nzone v2\n\n  Non-standard modules: 2\n\n  Unknown modules: 0\n";
    expect(withModule(stock, ours, { versions: true, packages: true })).toBe(
      "tls\n\n  Standard modules: 1\n\nexec v1\nsupervisor v1.2.3 caddy-supervisor\nzone v2\n\n  Non-standard modules: 3\n\n  Unknown modules: 0\n",
    );
  });

  it("begins with ours without the standard ones", () => {
    const stock = "\n  Non-standard modules: 0\n\n  Unknown modules: 0\n";
    expect(withModule(stock, ours, bare)).toBe(
      "supervisor\n\n  Non-standard modules: 1\n\n  Unknown modules: 0\n",
    );
  });

  it.each([
    ["that has it already", "supervisor v0.7.0\n\n  Non-standard modules: 1\n"],
    ["of another form", "one\ntwo\n"],
  ])("leaves a list alone %s", (_what, list) => {
    expect(withModule(list, ours, bare)).toBe(list);
  });

  it("has ours as JSON, once", () => {
    const list = withModuleInJson('[{"module_name":"tls","module_type":"standard"}]', ours);
    expect(JSON.parse(list)).toEqual([
      { module_name: "tls", module_type: "standard" },
      {
        module_name: "supervisor",
        module_type: "non-standard",
        version: "v1.2.3",
        package_url: "caddy-supervisor",
      },
    ]);
    expect(withModuleInJson(list, ours)).toBe(list);
  });
});
