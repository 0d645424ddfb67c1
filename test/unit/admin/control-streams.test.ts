import { EventEmitter } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { answerControl } from "../../../src/admin/control-api.ts";
import { controlRoutes, type ItemSink } from "../../../src/admin/control-routes.ts";
import type { App } from "../../../src/app/app.ts";
import type { Control } from "../../../src/app/control/control.ts";
import { Journal, type JournalEvent } from "../../../src/app/control/journal.ts";
import { deferred } from "../../../src/supervise/deferred.ts";
import { until } from "../../support/gates.ts";

const events = controlRoutes.find(({ path }) => path === "/supervisor/events")!;

it("a slow reader of events costs no memory: it gets what is remembered, with a gap in the numbers", async () => {
  const journal = new Journal(new EventEmitter() as unknown as App);
  journal.record("before", {});
  const stop = new AbortController();
  const seen: JournalEvent[] = [];
  let room = deferred<void>();
  const sink: ItemSink = {
    send: (item) => {
      seen.push(item as JournalEvent);
      return room.promise;
    },
    signal: stop.signal,
  };
  const asked = { control: { journal } as Control, query: new URLSearchParams("follow=true&lines=1") };
  const running = events.run({ ...asked, body: undefined, force: false }, sink) as Promise<void>;
  for (let count = 0; count < 10_000; count++) journal.record("news", {});
  expect(seen.map(({ event }) => event)).toEqual(["before"]);
  const former = room;
  room = { promise: undefined as unknown as Promise<void>, resolve: () => {} };
  former.resolve();
  await until("the rest", () => seen.at(-1)?.id === 10_001);
  expect(seen.length).toBe(257);
  journal.record("last", {});
  expect(seen.at(-1)?.event).toBe("last");
  stop.abort();
  await running;
});

it("all that waits for one slow reader waits for the same room", async () => {
  const warnings: Error[] = [];
  process.on("warning", (warning) => warnings.push(warning));
  const rooms = new Set<Promise<void> | undefined>();
  const control = {
    logs: async (_: unknown, __: unknown, { send, signal }: ItemSink) => {
      for (let count = 0; count < 1000; count++)
        rooms.add(send({ name: "x", replica: 0, stream: "stdout", line: "x".repeat(10_000) }));
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  };
  const ended = deferred<void>();
  const server = createServer((asked, response) => {
    void answerControl(control as unknown as Control, asked, response, "/supervisor/logs").then(
      ended.resolve,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const call = request({ host: "127.0.0.1", port, path: "/supervisor/logs?follow=true" }).end();
  call.on("response", () => {});
  call.on("error", () => {});
  await until("the lines to be sent", () => rooms.size > 0);
  rooms.delete(undefined);
  expect(rooms.size).toBe(1);
  call.destroy();
  await Promise.all([...rooms, ended.promise]);
  server.close();
  expect(warnings).toEqual([]);
});
