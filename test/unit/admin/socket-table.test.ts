import { expect, it } from "vitest";
import { socketUid } from "../../../src/admin/socket-table.ts";

const header =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const row = (local: string, remote: string, state: string, uid: number, inode: number) =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0 20`;
const table = (...rows: string[]) => [header, ...rows, ""].join("\n");

const loopback6 = "00000000000000000000000001000000";
const mapped = "0000000000000000FFFF00000100007F";
const client = { address: "127.0.0.1", port: 40_000 };
const server = { address: "127.0.0.1", port: 2019 };

it("finds the caller's end, not ours", () => {
  const text = table(
    row("0100007F:07E3", "00000000:0000", "0A", 0, 1),
    row("0100007F:07E3", "0100007F:9C40", "01", 0, 2),
    row("0100007F:9C40", "0100007F:07E3", "01", 1000, 3),
  );
  expect(socketUid(text, client, server)).toBe(1000);
  expect(socketUid(text, server, client)).toBe(0);
  expect(socketUid(text, { ...client, port: 40_001 }, server)).toBeUndefined();
});

it("believes no row without a process: it names root, whoever called", () => {
  const text = table(row("0100007F:9C40", "0100007F:07E3", "05", 0, 0));
  expect(socketUid(text, client, server)).toBeUndefined();
});

it.each([
  ["::ffff:127.0.0.1", table(row(`${mapped}:9C40`, `${mapped}:07E3`, "01", 7, 1))],
  ["::ffff:127.0.0.1", table(row("0100007F:9C40", "0100007F:07E3", "01", 7, 1))],
  ["127.0.0.1", table(row(`${mapped}:9C40`, `${mapped}:07E3`, "01", 7, 1))],
  ["::1", table(row(`${loopback6}:9C40`, `${loopback6}:07E3`, "01", 7, 1))],
  [
    "fe80::1:2%lo",
    table(row("000080FE000000000000000002000100:9C40", "000080FE000000000000000002000100:07E3", "01", 7, 1)),
  ],
])("knows %s", (address, text) => {
  expect(socketUid(text, { ...client, address }, { ...server, address })).toBe(7);
});
