import { expect, it } from "vitest";
import { scaled } from "../../../src/config/scale.ts";

const document = {
  admin: { listen: "localhost:1" },
  apps: {
    http: {},
    supervisor: {
      supervise: [{ command: ["/usr/bin/php", "a"] }, { command: ["php"], name: "worker", replicas: 2 }],
    },
  },
};

it("changes the one definition of that name, and nothing else", () => {
  expect(scaled(document, "worker", 0)).toEqual({
    ...document,
    apps: {
      http: {},
      supervisor: {
        supervise: [{ command: ["/usr/bin/php", "a"] }, { command: ["php"], name: "worker", replicas: 0 }],
      },
    },
  });
  expect(scaled(document, "php", 5).apps.supervisor.supervise[0]).toMatchObject({ replicas: 5 });
});

it.each([
  [document, "nosuch", "no process is called 'nosuch'"],
  [{}, "php", "no process is called 'php'"],
  [null, "php", "no process is called 'php'"],
  [
    { apps: { supervisor: { supervise: [{ command: ["a/php"] }, { command: ["php"] }] } } },
    "php",
    "more than one process is called 'php'",
  ],
])("refuses a name that is not exactly one's", (given, name, message) => {
  expect(() => scaled(given, name, 1)).toThrow(message);
});
