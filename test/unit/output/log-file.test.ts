import { spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RollingPlan } from "../../../src/config/output-plan.ts";
import { FileConsumer } from "../../../src/output/file-consumer.ts";
import { LogFile } from "../../../src/output/log-file.ts";
import { LogFiles } from "../../../src/output/log-files.ts";
import { until } from "../../support/gates.ts";
import { onSmallDisk } from "../../support/small-disk.ts";

let folder: string;
let told: [string, Readonly<Record<string, unknown>>][] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-file-"));
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rolling: RollingPlan = { size: 1_000, interval: undefined, keep: 0, keepFor: 0, compress: false };
const open = (settings: Partial<RollingPlan> | undefined, name = "app.log") =>
  new LogFile(
    {
      type: "managed",
      path: join(folder, name),
      mode: 0o640,
      rolling: settings && { ...rolling, ...settings },
      onFull: "block",
    },
    (message, fields) => told.push([message, fields]),
  );
const line = (number: number) => `line ${String(number).padStart(6, "0")}\n`;
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const sentences = () => told.map(([message]) => message);
/** All that is in the folder, oldest first. */
const everything = () =>
  readdirSync(folder)
    .filter((name) => name.startsWith("app-"))
    .sort()
    .concat("app.log")
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    });

describe("LogFile", () => {
  it("loses, doubles and splits no line while it is rolled", async () => {
    const file = open({ compress: true });
    const consumer = new FileConsumer(file, "block");
    const text = numbers(0, 20_000).map(line).join("");
    // In odd pieces, as a pipe gives them.
    for (let at = 0; at < text.length; at += 777) {
      consumer.take(Buffer.from(text.slice(at, at + 777)));
      if (!consumer.hasRoom()) await new Promise<void>((resolve) => consumer.whenRoom(resolve));
    }
    consumer.endRun();
    await file.close(5_000);
    const parts = everything();
    expect(parts.length).toBeGreaterThan(200);
    expect(parts.join("")).toBe(text);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(1_000);
      expect(part.endsWith("\n")).toBe(true);
    }
    expect(readdirSync(folder).every((name) => name === "app.log" || name.endsWith(".gz"))).toBe(true);
  });

  it("keeps as many rolled files as it is told, and touches no other", async () => {
    writeFileSync(join(folder, "app-mine.log"), "mine");
    writeFileSync(join(folder, "app-2026-01-02T03-04-05.000.log.old"), "mine");
    const file = open({ keep: 2 });
    for (const number of numbers(0, 1_000)) file.append([Buffer.from(line(number))], "block");
    await file.close(5_000);
    const rolled = readdirSync(folder).filter((name) => /^app-.*\.\d{3}\.log$/.test(name));
    expect(rolled).toHaveLength(2);
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(["app-mine.log", "app-2026-01-02T03-04-05.000.log.old"]),
    );
  });

  it("is rolled by age when something is written", async () => {
    const file = open({ interval: 1, size: 1e9 });
    file.append([Buffer.from("one\n")], "block");
    await until("the first line", () => everything().join("") === "one\n");
    await until("a moment to pass", () => Date.now() - statSync(join(folder, "app.log")).birthtimeMs > 5);
    file.append([Buffer.from("two\n")], "block");
    await file.close(5_000);
    expect(everything()).toEqual(["one\n", "two\n"]);
  });

  it("puts a line that is larger than a file into one of its own", async () => {
    const file = open({});
    file.append([Buffer.from(`small\n${"x".repeat(3_000)}\nsmall\n`)], "block");
    await file.close(5_000);
    expect(everything().map((part) => part.length)).toEqual([6, 3_001, 6]);
  });

  it("is rolled between two lines wherever they lie in its memory, and is never larger than it may be", async () => {
    const file = open({ size: 50_000 });
    const texts = numbers(0, 3_000).map((number) => `${number} ${"x".repeat((number * 7) % 191)}\n`);
    file.append(
      texts.map((text) => Buffer.from(text)),
      "block",
    );
    await file.close(5_000);
    const files = everything();
    expect(files.join("")).toBe(texts.join(""));
    for (const text of files) {
      expect(text.length).toBeLessThanOrEqual(50_000);
      expect(text.endsWith("\n")).toBe(true);
    }
    // Full but for a line.
    for (const text of files.slice(0, -1)) expect(text.length).toBeGreaterThan(50_000 - 200);
  });

  it("leaves a device where it is", async () => {
    symlinkSync("/dev/null", join(folder, "app.log"));
    const file = open({});
    for (const number of numbers(0, 1_000)) file.append([Buffer.from(line(number))], "block");
    await file.close(5_000);
    expect(readdirSync(folder)).toEqual(["app.log"]);
    expect(readlinkSync(join(folder, "app.log"))).toBe("/dev/null");
  });

  it("has the mode that it is told, and goes on at the end of what is there", async () => {
    writeFileSync(join(folder, "app.log"), "before\n");
    const file = open(undefined);
    const other = open(undefined, "new.log");
    file.append([Buffer.from("after\n")], "block");
    await Promise.all([file.close(5_000), other.close(5_000)]);
    expect(readFileSync(join(folder, "app.log"), "utf8")).toBe("before\nafter\n");
    expect(statSync(join(folder, "new.log")).mode & 0o777).toBe(0o640 & ~process.umask());
  });

  it("is opened anew on request, and loses nothing on the way", async () => {
    const file = open(undefined);
    file.append([Buffer.from("one\n")], "block");
    await until("the first line", () => everything().join("") === "one\n");
    renameSync(join(folder, "app.log"), join(folder, "app.log.1"));
    file.reopen();
    file.append([Buffer.from("two\n")], "block");
    await file.close(5_000);
    expect(
      readFileSync(join(folder, "app.log.1"), "utf8") + readFileSync(join(folder, "app.log"), "utf8"),
    ).toBe("one\ntwo\n");
    expect(readFileSync(join(folder, "app.log"), "utf8")).toBe("two\n");
  });

  it("survives that its folder is deleted, and says so", async () => {
    mkdirSync(join(folder, "deep"));
    const file = open(undefined, "deep/app.log");
    rmSync(join(folder, "deep"), { recursive: true });
    await until("the file to be made anew", () => {
      file.append([Buffer.from("again\n")], "block");
      return statSync(join(folder, "deep/app.log"), { throwIfNoEntry: false });
    });
    await file.close(5_000);
    expect(readFileSync(join(folder, "deep/app.log"), "utf8")).toMatch(/^(again\n)+$/);
    expect(sentences()).toEqual(["log file was deleted: it is made anew"]);
  });

  it("waits for room on a full disk, tells once, and writes all when there is room again", async () => {
    await onSmallDisk(folder, 64, async () => {
      writeFileSync(join(folder, "ballast"), Buffer.alloc(40 * 1024));
      const file = open(undefined);
      const text = numbers(0, 4_000).map(line).join("");
      file.append([Buffer.from(text)], "block");
      await until("the fault to be told", () => told.length > 0);
      rmSync(join(folder, "ballast"));
      await until("all to be written", () => everything().join("") === text);
      await file.close(5_000);
      expect(sentences()).toEqual(["cannot write log file", "log file can be written again"]);
    });
  });

  it("is opened anew only behind the line that a full disk has cut", async () => {
    await onSmallDisk(folder, 64, async () => {
      writeFileSync(join(folder, "ballast"), Buffer.alloc(56 * 1024));
      const file = open(undefined);
      const long = `${"x".repeat(20_000)}\n`;
      file.append([Buffer.from(`${long}next\n`)], "block");
      await until("the fault to be told", () => told.length > 0);
      const cut = everything().join("").length;
      expect([cut > 0, cut < long.length]).toEqual([true, true]);
      renameSync(join(folder, "app.log"), join(folder, "app.log.1"));
      file.reopen();
      rmSync(join(folder, "ballast"));
      // The rest of the line still goes where its beginning is, and whatever is handed on with it.
      await until("the rest", () => statSync(join(folder, "app.log.1")).size === long.length + 5);
      await until("the new file", () => existsSync(join(folder, "app.log")));
      file.append([Buffer.from("after\n")], "block");
      await file.close(5_000);
      expect(readFileSync(join(folder, "app.log.1"), "utf8")).toBe(`${long}next\n`);
      expect(everything()).toEqual(["after\n"]);
    });
  });

  it("is not written to, nor made anew, after it was closed on a full disk", async () => {
    await onSmallDisk(folder, 64, async () => {
      writeFileSync(join(folder, "ballast"), Buffer.alloc(64 * 1024));
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      try {
        const file = open(undefined);
        file.append([Buffer.from("lost\n")], "block");
        while (told.length === 0) {
          // What waits is gathered for a moment.
          vi.advanceTimersByTime(1);
          await new Promise(setImmediate);
        }
        const closed = file.close(100);
        await vi.advanceTimersByTimeAsync(100);
        await closed;
        rmSync(join(folder, "ballast"));
        rmSync(join(folder, "app.log"));
        // Many times the delay after which a write is tried again.
        await vi.advanceTimersByTimeAsync(60_000);
        expect(readdirSync(folder)).toEqual([]);
        expect(sentences()).toEqual(["cannot write log file", "log lines were dropped"]);
        expect(vi.getTimerCount()).toBe(0);
      } finally {
        vi.useRealTimers();
      }
    });
  });

  it("goes on when the folder that was deleted can be made at last", async () => {
    mkdirSync(join(folder, "deep"));
    const file = open(undefined, "deep/app.log");
    rmSync(join(folder, "deep"), { recursive: true });
    // Where the folder was there is a file: mkdir(2) fails.
    writeFileSync(join(folder, "deep"), "");
    await until("the fault to be told", () => {
      file.append([Buffer.from("again\n")], "block");
      return sentences().includes("cannot write log file");
    });
    rmSync(join(folder, "deep"));
    await until("all to be written", () => sentences().includes("log file can be written again"));
    await file.close(5_000);
    expect(readFileSync(join(folder, "deep/app.log"), "utf8")).toMatch(/^(again\n)+$/);
    expect(sentences()).toEqual([
      "log file was deleted: it is made anew",
      "cannot write log file",
      "log file can be written again",
    ]);
  });

  it("is closed in time also when compressing does not come to an end", async () => {
    // A rolled file of a former run that is a pipe: whoever reads it waits for its writer.
    const stuck = join(folder, "app-2026-01-02T03-04-05.000.log");
    spawnSync("mkfifo", [stuck]);
    const file = open({ compress: true });
    file.append([Buffer.from("line\n")], "block");
    let isClosed = false;
    void file.close(100).then(() => {
      isClosed = true;
    });
    try {
      await until("the file to be closed", () => isClosed);
      expect(readFileSync(join(folder, "app.log"), "utf8")).toBe("line\n");
    } finally {
      await until("the compression to end", () => {
        if (existsSync(stuck)) closeSync(openSync(stuck, constants.O_RDWR | constants.O_NONBLOCK));
        return existsSync(`${stuck}.gz`) && !existsSync(stuck);
      });
    }
  });

  it("drops whole lines where that is wanted, counts them, and needs no more memory than it may", async () => {
    const file = open(undefined);
    const big = Buffer.from(line(7).repeat(1_000));
    for (let block = 0; block < 100; block++) file.append([big], "drop");
    await file.close(5_000);
    const written = everything().join("").split("\n").length - 1;
    const dropped = told.find(([message]) => message === "log lines were dropped")?.[1].lines as number;
    expect(written + dropped).toBe(100_000);
    expect(written).toBeLessThan(100_000);
    expect(everything().join("")).toBe(line(7).repeat(written));
  });
});

describe("LogFiles", () => {
  it("follow the latest word on how a file is rolled", async () => {
    const files = new LogFiles(() => {});
    const plan = (size: number) =>
      ({
        type: "managed",
        path: join(folder, "app.log"),
        mode: 0o600,
        rolling: { ...rolling, size },
        onFull: "block",
      }) as const;
    const file = files.acquire(plan(1e9));
    expect(files.acquire(plan(1_000))).toBe(file);
    file.append([Buffer.from(numbers(0, 1_000).map(line).join(""))], "block");
    await files.release(file, 5_000);
    await files.release(file, 5_000);
    expect(everything().length).toBeGreaterThan(10);
  });
});

describe("FileConsumer", () => {
  it("ends the last line of a run, so that the next one's first is not part of it", async () => {
    const file = open(undefined);
    const [a, b] = [new FileConsumer(file, "block"), new FileConsumer(file, "block")];
    a.take(Buffer.from("half of "));
    b.take(Buffer.from("whole\n"));
    a.endRun();
    a.endRun();
    await file.close(5_000);
    expect(everything().join("")).toBe("whole\nhalf of \n");
  });

  it("drops the rest of a long line with its end, and counts it: the next line is whole", async () => {
    const file = open(undefined);
    const consumer = new FileConsumer(file, "drop");
    while (file.hasRoom()) file.append([Buffer.from(line(1).repeat(1_000))], "drop");
    consumer.take(Buffer.from("x".repeat(70_000)));
    consumer.take(Buffer.from(`${"x".repeat(70_000)}\nnext`));
    await until("room", () => file.hasRoom());
    consumer.take(Buffer.from(" line\n"));
    await file.close(5_000);
    expect(everything().join("")).toMatch(/^(line 000001\n)+next line\n$/);
  });

  it("never changes a byte of what is too long to be held back", async () => {
    const file = open(undefined);
    const consumer = new FileConsumer(file, "block");
    const long = `${"x".repeat(300_000)}\nshort\n`;
    for (let at = 0; at < long.length; at += 50_000) consumer.take(Buffer.from(long.slice(at, at + 50_000)));
    consumer.endRun();
    await file.close(5_000);
    expect(everything().join("")).toBe(long);
  });
});
