import { describe, expect, it } from "vitest";
import { Dispenser } from "../../../src/caddyfile/index.ts";

const at = (text: string): Dispenser => Dispenser.from(text, "Caddyfile");

/** A directive of a third party, as the guide shows it. */
function readMirror(d: Dispenser) {
  const mirror = { url: "", timeout: "1s", headers: [] as string[] };
  while (d.next()) {
    [mirror.url] = (d.allArgs(1) ?? d.fail(d.argErr())) as [string];
    while (d.nextBlock(0)) {
      if (d.val() === "timeout") [mirror.timeout] = (d.args(1) ?? d.fail(d.argErr())) as [string];
      else if (d.val() === "headers") mirror.headers = d.remainingArgs();
      else throw d.errf(`unrecognized option '${d.val()}'`);
    }
  }
  return mirror;
}

describe("a directive of one's own", () => {
  it("reads arguments and a block", () => {
    const text = "mirror http://a {\n\ttimeout 5s\n\theaders A B\n}\n";
    expect(readMirror(at(text))).toEqual({ url: "http://a", timeout: "5s", headers: ["A", "B"] });
  });

  it.each([
    ["mirror\n", "wrong argument count or unexpected line ending after 'mirror', at Caddyfile:1"],
    ["mirror a b\n", "wrong argument count or unexpected line ending after 'a', at Caddyfile:1"],
    [
      "mirror a {\n\ttimeout\n}\n",
      "wrong argument count or unexpected line ending after 'timeout', at Caddyfile:2",
    ],
    ["mirror a {\n\n\tbogus 1\n}\n", "unrecognized option 'bogus', at Caddyfile:3"],
  ])("refuses %j with its place", (text, message) => {
    expect(() => readMirror(at(text))).toThrow(message);
  });
});

describe("moving", () => {
  it("stops arguments at the line's end and before a block", () => {
    const d = at("a b {\n\tc\n}\nd");
    d.next();
    expect(d.remainingArgs()).toEqual(["b"]);
    expect(d.nextLine()).toBe(false);
    expect(d.nextBlock(0)).toBe(true);
    expect(d.val()).toBe("c");
    expect(d.nextBlock(0)).toBe(false);
    expect(d.nextLine()).toBe(true);
    expect(d.val()).toBe("d");
    expect(d.next()).toBe(false);
  });

  it("counts arguments without taking them, and starts over", () => {
    const d = at("a b c");
    d.next();
    expect(d.countRemainingArgs()).toBe(2);
    expect(d.args(2)).toEqual(["b", "c"]);
    expect(d.args(1)).toBeUndefined();
    d.reset();
    expect(d.val()).toBe("");
    expect(d.next()).toBe(true);
  });

  it("keeps quotes in raw arguments", () => {
    const d = at('a "b c" `d`');
    d.next();
    expect(d.remainingArgsRaw()).toEqual(['"b c"', "`d`"]);
  });

  it("takes a segment with its nested blocks", () => {
    const d = at("a {\n\tb {\n\t\tc\n\t}\n}\nd\n");
    d.next();
    expect(d.nextSegment().map(({ text }) => text)).toEqual(["a", "{", "b", "{", "c", "}", "}"]);
    expect(d.next()).toBe(true);
    expect(d.val()).toBe("d");
  });
});
