import { expect, it } from "vitest";
import { takeNotifyEnvironment } from "../../../src/app/notify-environment.ts";

const ours = 4711;

it.each([
  ["no socket", { WATCHDOG_USEC: "1000" }, undefined],
  ["an empty socket", { NOTIFY_SOCKET: "" }, undefined],
  ["a socket alone", { NOTIFY_SOCKET: "/run/n" }, { address: "/run/n", watchdog: undefined }],
  [
    "a watchdog for whoever reads it",
    { NOTIFY_SOCKET: "@n", WATCHDOG_USEC: "30000000" },
    { address: "@n", watchdog: 30_000 },
  ],
  [
    "a watchdog for us",
    { NOTIFY_SOCKET: "@n", WATCHDOG_USEC: "500", WATCHDOG_PID: "4711" },
    { address: "@n", watchdog: 0.5 },
  ],
  [
    "a watchdog for somebody else",
    { NOTIFY_SOCKET: "@n", WATCHDOG_USEC: "500", WATCHDOG_PID: "1" },
    { address: "@n", watchdog: undefined },
  ],
  [
    "nonsense for a watchdog",
    { NOTIFY_SOCKET: "@n", WATCHDOG_USEC: "soon" },
    { address: "@n", watchdog: undefined },
  ],
])("reads %s, and leaves nothing behind", (_name, told, expected) => {
  const env: NodeJS.ProcessEnv = { PATH: "/bin", ...told };
  expect(takeNotifyEnvironment(env, ours)).toEqual(expected);
  expect(env).toEqual({ PATH: "/bin" });
});
