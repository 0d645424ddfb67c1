import { expect, it } from "vitest";
import { messagePlace } from "../../../src/caddy/message-place.ts";
import { parseTokens } from "../../../src/caddyfile/parse.ts";
import { textAround } from "../../../src/caddyfile/source.ts";

it.each([
  ["wrong argument count, at /etc/Caddyfile:7", { file: "/etc/Caddyfile", line: 7 }],
  ["adapting config: Caddyfile:3: unrecognized directive: x", { file: "Caddyfile", line: 3 }],
  ["Caddyfile:3 - Error during parsing: x", { file: "Caddyfile", line: 3 }],
  ["no place", undefined],
])("%s", (message, place) => {
  expect(messagePlace(message)).toEqual(place);
});

it("is the line of the user's own text, where a variable brought in others", () => {
  const text = "{\n\t{$OPTIONS}\n}\n:80 {\n\trespondd x\n}\n";
  const parsed = parseTokens(text, { env: { OPTIONS: "debug\n\n\nadmin off" } });
  const place = messagePlace("Caddyfile:8: unrecognized directive: respondd", parsed)!;
  expect(place).toEqual({ file: "Caddyfile", line: 5, column: 2, end: { line: 5, column: 12 } });
  expect(textAround(place)).toBe(text);
  expect(messagePlace("Caddyfile:99: x", parsed)).toEqual({ file: "Caddyfile", line: 99 });
});
