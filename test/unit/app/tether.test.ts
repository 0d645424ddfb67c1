import { describe, expect, it } from "vitest";
import { nativeTether, nodeTether } from "../../../src/app/tether.ts";
import { loadNative } from "../../../src/supervise/native/native.ts";
import { openStarter } from "../../../src/supervise/native-starter.ts";

const native = await loadNative();
if (native === undefined) throw new Error("koffi is missing");

describe.each([
  ["Node", nodeTether],
  ["ourselves", nativeTether(await openStarter(), native.pipe)],
])("tethered by %s", (_, start) => {
  it("reads a last line, and ends", async () => {
    const program = { argv: ["/bin/sh", "-c", 'read -r line && test "$line" = bye'], env: {} } as const;
    await new Promise<void>((onEnded, onFailed) => start(program, { onEnded, onFailed })?.farewell("bye\n"));
  });

  it.each([
    ["ENOENT", ["/nowhere"]],
    ["ENOTDIR", ["/bin/sh/nowhere"]],
  ] as const)("tells that it could not be started, whatever the reason: %s", async (code, argv) => {
    let tell = (_error: Error) => {};
    const failure = new Promise((_, reject) => {
      tell = reject;
    });
    const listener = { onEnded() {}, onFailed: (error: Error) => tell(error) };
    expect(start({ argv, env: {} }, listener)).toBeUndefined();
    await expect(failure).rejects.toMatchObject({ code });
  });
});
