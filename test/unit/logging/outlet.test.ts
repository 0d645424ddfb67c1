import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Outlet, outletOf } from "../../../src/logging/outlet.ts";
import { nodeClock } from "../../../src/supervise/node-clock.ts";
import { until } from "../../support/gates.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outlet-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const write = (outlet: Outlet, ...texts: string[]) =>
  new Promise<number>((resolve, reject) =>
    outlet.write(
      texts.map((text) => Buffer.from(text)),
      (error, written) => (error === null ? resolve(written) : reject(error)),
    ),
  );

describe("a file", () => {
  it("has what was written before the call returns", () => {
    const descriptor = openSync(join(folder, "log"), "a");
    void write(outletOf(descriptor), "one\n", "two\n");
    expect(readFileSync(join(folder, "log"), "utf8")).toBe("one\ntwo\n");
    closeSync(descriptor);
  });

  it("is left to another thread for a while after it was slow", async () => {
    const descriptor = openSync(join(folder, "log"), "a");
    const outlet = outletOf(descriptor);
    const clock = vi.spyOn(nodeClock, "now");
    const hasWritten = (text: string) => readFileSync(join(folder, "log"), "utf8").endsWith(text);
    clock.mockReturnValueOnce(0).mockReturnValueOnce(150).mockReturnValueOnce(1_000);
    await write(outlet, "slow\n");
    let isDone = false;
    const second = write(outlet, "by another\n").then(() => {
      isDone = true;
    });
    await Promise.resolve();
    expect(isDone).toBe(false);
    await second;
    expect(hasWritten("by another\n")).toBe(true);
    clock.mockReturnValueOnce(1_150).mockReturnValueOnce(1_151);
    void write(outlet, "quick\n");
    expect(hasWritten("quick\n")).toBe(true);
    closeSync(descriptor);
  });

  it("tells why nothing was written", async () => {
    const descriptor = openSync(join(folder, "log"), "a");
    const outlet = outletOf(descriptor);
    closeSync(descriptor);
    await expect(write(outlet, "lost\n")).rejects.toThrow("EBADF");
  });
});

describe("a pipe", () => {
  let reader: number;
  let writer: number;
  beforeEach(() => {
    spawnSync("mkfifo", [join(folder, "pipe")]);
    reader = openSync(join(folder, "pipe"), constants.O_RDONLY | constants.O_NONBLOCK);
    writer = openSync(join(folder, "pipe"), constants.O_WRONLY);
  });
  afterEach(() => {
    closeSync(reader);
    closeSync(writer);
  });
  /** Nothing when there is nothing now. */
  const read = () => {
    const buffer = Buffer.alloc(1024 * 1024);
    try {
      return buffer.toString("latin1", 0, readSync(reader, buffer));
    } catch {
      return "";
    }
  };
  const large = "x".repeat(200_000);

  it("takes the rest of what it had no room for when it is read", async () => {
    const outlet = outletOf(writer);
    const written = write(outlet, large);
    let text = "";
    await until("all of it", () => {
      text += read();
      return text.length === large.length;
    });
    expect(await written).toBe(large.length);
    outlet.close([Buffer.from("last\n")]);
    expect(read()).toBe("last\n");
  });

  it("gets nothing behind half a line at the end while its reader stalls, and keeps nobody waiting", async () => {
    const outlet = outletOf(writer);
    const written = write(outlet, large);
    // There is room again, of which the system has not told yet.
    const begun = read();
    outlet.close([Buffer.from("behind half a line\n")]);
    // Whoever waits is told, from Node 22 on with an error.
    await written.catch(() => {});
    const text = begun + read();
    expect([text.length < large.length, text.includes("behind")]).toEqual([true, false]);
  });

  it("tells that its reader has gone", async () => {
    const outlet = outletOf(writer);
    closeSync(reader);
    await expect(write(outlet, "lost\n")).rejects.toThrow("EPIPE");
    reader = openSync(join(folder, "pipe"), constants.O_RDONLY | constants.O_NONBLOCK);
  });
});
