import { expect, it } from "vitest";
import { requestPath } from "../../../src/admin/request-path.ts";

const read = (target: string) => {
  const found = requestPath(target);
  if (found.kind === "path") return found.path;
  return found.kind === "redirect" ? `-> ${found.location}` : found.kind;
};

it.each([
  ["/config/", "/config/"],
  ["/config/a%2Fb?x", "/config/a/b"],
  ["/config/%C3%A9", "/config/é"],
  ["/config/apps/...", "/config/apps/..."],
  ["/config", "-> /config/"],
  ["/id", "-> /id/"],
  ["/config/../stop", "-> /stop"],
  ["/x/%2e%2e/config/", "-> /config/"],
  ["//evil.example/x", "-> /evil.example/x"],
  ["/config//apps?x=y?z", "-> /config/apps?x=y?z"],
  ["/config/apps/.", "-> /config/apps"],
  ["/config/apps/./", "-> /config/apps/"],
  ["/config/..", "-> /"],
  ["//a%3Fb", "-> /a%3Fb"],
  ["//a%0d%0ab", "-> /a%0D%0Ab"],
  ["/%zz", "malformed"],
  ["*", "malformed"],
  ["http://localhost:2019/config/", "malformed"],
])("%s", (target, expected) => {
  expect(read(target)).toBe(expected);
});
