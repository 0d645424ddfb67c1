import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { socketAddress, socketSender } from "../../../src/app/notify-socket.ts";
import type { Native } from "../../../src/supervise/native/native.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

describe("the address of a notify socket", () => {
  it("is AF_UNIX and the path with its end mark", () => {
    const address = socketAddress("/run/systemd/notify");
    expect(new Uint16Array(Uint8Array.from(address!.subarray(0, 2)).buffer)[0]).toBe(1);
    expect(Buffer.from(address!.subarray(2)).toString("latin1")).toBe("/run/systemd/notify\0");
  });

  it("begins with a NUL in the abstract namespace, and has no end mark", () => {
    expect(Buffer.from(socketAddress("@näme")!.subarray(2)).toString()).toBe("\0näme");
  });

  it.each([
    ["relative", "notify"],
    ["of another family", "vsock:2:1234"],
    ["a path that is too long", `/${"x".repeat(107)}`],
    ["a name that is too long", `@${"x".repeat(108)}`],
  ])("is none when it is %s", (_name, address) => {
    expect(socketAddress(address)).toBeUndefined();
  });

  it.each([`/${"x".repeat(106)}`, `@${"x".repeat(107)}`])("may fill all 108 bytes", (address) => {
    expect(socketAddress(address)).toHaveLength(110);
  });
});

/** Answers each sending with the next of these errnos, the last one for ever. */
function answering(...errnos: number[]): { native: Native; sent: string[] } {
  const sent: string[] = [];
  const native: Native = {
    bury: () => false,
    adoptOrphans: () => false,
    children: undefined,
    pipe: () => [0, 0],
    sendDatagram: (_address, message) => {
      sent.push(Buffer.from(message).toString());
      return (errnos.length > 1 ? errnos.shift() : errnos[0]) ?? 0;
    },
  };
  return { native, sent };
}

const { EAGAIN, ECONNREFUSED } = constants.errno;

/** Lets time pass until the promise has an answer; the number of milliseconds it took. */
async function answered(work: Promise<void>, clock: VirtualClock): Promise<number> {
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  over.catch(() => {});
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(clock.untilNext ?? 0);
  }
  await over;
  return clock.now();
}

describe("the sender through a socket", () => {
  const send = (native: Native, clock: VirtualClock) =>
    socketSender(native, socketAddress("/n")!, clock)("READY=1\nSTATUS=ä");

  it("sends the text once", async () => {
    const { native, sent } = answering(0);
    await send(native, new VirtualClock());
    expect(sent).toEqual(["READY=1\nSTATUS=ä"]);
  });

  it("tries again while the manager is behind with reading", async () => {
    const { native, sent } = answering(EAGAIN, EAGAIN, 0);
    const clock = new VirtualClock();
    expect(await answered(send(native, clock), clock)).toBe(200);
    expect(sent).toHaveLength(3);
  });

  it("gives up on one that never reads, after some seconds", async () => {
    const { native } = answering(EAGAIN);
    const clock = new VirtualClock();
    await expect(answered(send(native, clock), clock)).rejects.toThrow("resource temporarily unavailable");
    expect(clock.now()).toBe(4_900);
  });

  it("fails at once when nobody is there", async () => {
    const { native, sent } = answering(ECONNREFUSED);
    const clock = new VirtualClock();
    await expect(send(native, clock)).rejects.toThrow("connection refused");
    expect(sent).toHaveLength(1);
  });
});
