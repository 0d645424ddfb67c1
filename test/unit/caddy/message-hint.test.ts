import { expect, it } from "vitest";
import { messageHint } from "../../../src/caddy/message-hint.ts";
import { parseTokens } from "../../../src/caddyfile/parse.ts";

it.each([
  ["Caddyfile:8: unrecognized global option: :8099", "a '}' is missing above"],
  ["Caddyfile:8: unrecognized global option: example.com", "a '}' is missing above"],
  ["Caddyfile:2: unrecognized global option: supervisr", "write supervisor"],
  ["unrecognized global option: supervisor{, at Caddyfile:2", "write a space before the '{'"],
  ["unrecognized directive: supervisor, at Caddyfile:2", "supervisor is a global option"],
  ["Caddyfile:10: unrecognized directive: https://a.example\nDid you mean …", "count the braces"],
])("%s", (message, hint) => {
  expect(messageHint(message)).toContain(hint);
});

it.each([
  "Caddyfile:7: unrecognized directive: respnd",
  "Caddyfile:7: unrecognized global option: emial",
  "wrong argument count, at Caddyfile:3",
])("has nothing to add to: %s", (message) => {
  expect(messageHint(message)).toBeUndefined();
});

it("finds the option where a site is meant to stand", () => {
  const parsed = parseTokens("supervisor {\n\tsleep 1\n}\n", { env: {} });
  const hint = messageHint("Caddyfile:2: unrecognized directive: sleep", parsed);
  expect(hint).toContain("supervisor is a global option");
});

it("finds the brace that opens nothing", () => {
  const text =
    '{\n\tsupervisor {\n\t\tsay "a{" b{ {\n\t\t}\n\t\tsleep 100{\n\t\t\treplicas 2\n\t\t}\n\t}\n}\n:80\n';
  const hint = messageHint("Caddyfile:10: unrecognized directive: :80", parseTokens(text, { env: {} }));
  expect(hint).toBe("write a space before the '{' at Caddyfile:5");
});
