import { expect, it } from "vitest";
import { statusText } from "../../../src/app/status-text.ts";

it.each([
  [3, 3, true, "3 replicas running, Caddy serving"],
  [3, 2, true, "2 of 3 replicas running, Caddy serving"],
  [1, 1, false, "1 replica running"],
  [1, 0, false, "0 of 1 replica running"],
  [0, 0, true, "0 replicas running, Caddy serving"],
])("of %i replicas, %i running, Caddy %s: %s", (replicas, running, caddy, text) => {
  expect(statusText(replicas, running, caddy)).toBe(text);
});
